import assert from 'node:assert/strict';
import type { MigrationPhase } from '../../../src/engine/overview.ts';
import { activitiesOf } from '../../../src/ui/migrations/activities.ts';
import { isAbandoned, offeredControls } from '../../../src/ui/migrations/controls.ts';
import { statusBarData } from '../../../src/ui/migrations/statusBar.ts';
import { failure, overview, state } from './samples.ts';

describe('what can be asked of a migration', () => {
  const offered = (phase: MigrationPhase, driven: 'here' | 'other' | 'none') =>
    offeredControls({ phase, attention: [] }, driven).join(' ');

  it('is to pause and cancel while somebody drives, and to resume when nobody does', () => {
    for (const phase of ['preparing', 'backlog', 'catchUp', 'checking'] as const) {
      assert.equal(offered(phase, 'here'), 'pause cancel');
      assert.equal(offered(phase, 'other'), 'pause cancel');
      assert.equal(offered(phase, 'none'), 'resume cancel');
    }
  });

  it('is never to pause what stands, nor to resume what is over', () => {
    assert.equal(offered('paused', 'none'), 'resume cancel');
    assert.equal(offered('cancelled', 'none'), '');
    assert.equal(offered('complete', 'none'), 'catchUp');
    assert.equal(offered('cancelling', 'here'), '');
    assert.equal(offered('cancelling', 'none'), 'resume');
  });

  it('is to finish what is kept in sync, and to keep in sync what is finishing or finished', () => {
    const sync = {
      purpose: 'cutover',
      lagTargetMs: 1,
      copiedUntil: 1,
      lagMs: 1,
      exact: true,
      nextWindowAt: 1,
    } as const;
    const kept = (phase: MigrationPhase, driven: 'here' | 'none') =>
      offeredControls({ phase, attention: [], sync }, driven).join(' ');
    assert.equal(kept('syncing', 'here'), 'finish pause cancel');
    assert.equal(kept('syncing', 'none'), 'resume cancel');
    assert.equal(kept('finishing', 'here'), 'keepSyncing pause cancel');
    assert.equal(offered('finishing', 'here'), 'pause cancel');
    assert.equal(kept('complete', 'none'), 'catchUp keepSyncing');
  });

  it('includes what the migration itself asks for when it needs attention', () => {
    const attention = [{ about: {}, failure: failure(), actions: ['catchUp' as const, 'signIn' as const] }];
    assert.deepEqual(offeredControls({ phase: 'needsAttention', attention }, 'none'), ['retry', 'catchUp', 'cancel']);
  });

  it('counts a migration as abandoned only when it should move and nobody drives', () => {
    assert.ok(isAbandoned({ phase: 'backlog' }, 'none'));
    assert.ok(!isAbandoned({ phase: 'backlog' }, 'other') && !isAbandoned({ phase: 'paused' }, 'none'));
  });
});

describe('the status bar', () => {
  it('shows nothing when nothing runs and nothing needs a person', () => {
    assert.equal(statusBarData([]), undefined);
    assert.equal(
      statusBarData([state({ phase: 'complete' }), state({ phase: 'paused' }), state({}, 'none')]),
      undefined,
    );
  });

  it('shows how far the one migration is, and opens it', () => {
    const data = statusBarData([state()]);
    assert.deepEqual([data?.text, data?.migration, data?.attention], ['$(sync~spin) FHIR 40 %', 'm1', false]);
    assert.match(data?.accessibleLabel ?? '', /Contoso: Moving the backlog, 40 %/);
  });

  it('says why all of them wait, and does not spin meanwhile', () => {
    const slow = 'Slowed down until 14:05: requests cost contoso more than usual.';
    const data = statusBarData([state({ waiting: slow })]);
    assert.equal(data?.text, '$(clock) FHIR 40 %');
    assert.ok(data.tooltip.includes(slow) && data.accessibleLabel.includes(slow));
    assert.match(statusBarData([state({ waiting: slow }), state()])?.text ?? '', /^\$\(sync~spin\)/);
  });

  it('shows as of when the copy of a migration in sync is, and no share of the way', () => {
    const sync = { purpose: 'follow', lagTargetMs: 1, copiedUntil: 1, lagMs: 1, exact: true, nextWindowAt: 1 } as const;
    const data = statusBarData([state({ phase: 'syncing', sync })]);
    assert.match(data?.text ?? '', /FHIR recovery point .*19(69|70)/);
  });

  it('counts several, and opens the list', () => {
    const data = statusBarData([state(), state({ name: 'Other' })]);
    assert.deepEqual([data?.text, data?.migration], ['$(sync~spin) FHIR: 2 migrations', undefined]);
  });

  it('puts what needs a person before what runs', () => {
    const data = statusBarData([state(), state({ phase: 'needsAttention' })]);
    assert.equal(data?.attention, true);
    assert.match(data.text, /^\$\(warning\) FHIR: 1 migration needs attention/);
  });

  it('shows no icon that a name could smuggle in', () => {
    const data = statusBarData([
      state({ name: '$(trash)\nevil', progress: { ...overview().progress, expected: undefined } }),
    ]);
    assert.doesNotMatch(data?.tooltip ?? '', /\$\(trash\)|\n/);
  });
});

describe('what migrations do with services', () => {
  it('is said for source and target of those that run', () => {
    const activities = activitiesOf([state(), state({ phase: 'complete' })]);
    assert.deepEqual(
      [...activities],
      [
        ['https://contoso.azurehealthcareapis.com', 'Source, 40 %'],
        ['https://health-clinical.fhir.azurehealthcareapis.com', 'Target, 40 %'],
      ],
    );
    assert.equal(activitiesOf([state({}, 'none')]).size, 0);
  });
});
