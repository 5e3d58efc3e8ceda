import assert from 'node:assert/strict';
import { migrationId } from '../../../src/engine/ids.ts';
import type { FoundDifference, Verification } from '../../../src/services/verify/verification.ts';
import {
  differenceChildren,
  type DifferenceNode,
  differenceNodes,
  differencesBelow,
} from '../../../src/ui/verify/differenceNodes.ts';
import { renderDifference } from '../../../src/ui/verify/renderDifference.ts';
import { ShownDifferences, type ShownVerification } from '../../../src/ui/verify/shownVerification.ts';
import { verificationMarkdown } from '../../../src/ui/verify/verificationReport.ts';

const difference = (id: string, change: Partial<FoundDifference> = {}): FoundDifference => ({
  class: 'missingOnTarget',
  reason: 'neverThere',
  type: 'Patient',
  id,
  sourceVersion: '1',
  targetVersion: undefined,
  ...change,
});

const service = { kind: 'ahds', name: 'contoso', endpoint: 'https://contoso.example' } as const;

function shown(differences: readonly FoundDifference[], isMigration = true): ShownVerification {
  const result: Verification = {
    outcome: 'different',
    depth: 'content',
    sourceName: 'contoso',
    targetName: 'clinical',
    truth: 'service',
    since: undefined,
    till: 5_000,
    startedAt: 0,
    endedAt: 1_000,
    types: [{ type: 'Patient', source: 9, target: 7, equal: 7, unread: 0, recovered: 0, changedLater: 0 }],
    differences,
    truncated: false,
    openRanges: [{ of: 'versions', type: 'Patient', since: undefined, till: 5_000, source: 3, target: undefined }],
    sample: undefined,
    notes: ['A note.'],
  };
  const migration = isMigration ? { migration: migrationId('m') } : {};
  return { request: { source: service, target: service, depth: 'content', ...migration }, result };
}

const flat = (nodes: readonly DifferenceNode[]): readonly DifferenceNode[] =>
  nodes.flatMap((node) => [node, ...flat(differenceChildren(node))]);

describe('The Differences view', () => {
  const hostile = '"><img src=x onerror=alert(1)> $(zap) [x](command:x)';
  const many = Array.from({ length: 620 }, (_, index) => difference(`p${index}`));

  it('shows five classes, in them types and reasons, in them resources', () => {
    const nodes = differenceNodes(
      shown([
        difference('a'),
        difference('b', { class: 'differs', reason: 'changedOnTarget', targetVersion: '2' }),
        difference('c', { class: 'extraOnTarget', reason: 'notOnSource', accepted: 'kept' }),
      ]),
    );
    const lines = flat(nodes).map((node) => {
      const { label, description } = renderDifference(node);
      return `${label}: ${description ?? ''}`;
    });
    assert.deepEqual(lines, [
      'Differs: 1',
      'Patient · changed on the target: 1',
      'b: changed on the target',
      'Missing on Target: 1',
      'Patient · never arrived: 1',
      'a: never arrived',
      'Extra on Target: 1, 1 accepted',
      'Patient · not on the source: 1, 1 accepted',
      'c: accepted: kept',
      'Unreadable: 0',
      'Patient (versions): 3 on the source, unknown on the target',
      'Equal: 7',
    ]);
  });

  it('acts on all resources below a node, those that no row shows included', () => {
    const nodes = differenceNodes(shown(many));
    assert.equal(differencesBelow(nodes).length, many.length);
    assert.equal(flat(nodes).filter(({ kind }) => kind === 'resource').length, 500);
    assert.ok(flat(nodes).some((node) => renderDifference(node).label === '… and 120 more'));
  });

  it('offers to import only through the staging account of a migration', () => {
    const offers = (isMigration: boolean): boolean =>
      flat(differenceNodes(shown([difference('a')], isMigration))).some((node) =>
        renderDifference(node).contextValue.includes(';canImport;'),
      );
    assert.deepEqual([offers(true), offers(false)], [true, false]);
  });

  it('offers a choice of its own for what the target changed, and no import for a history', () => {
    const offered = (change: Partial<FoundDifference>, isMigration = true): string =>
      flat(differenceNodes(shown([difference('a', change)], isMigration)))
        .filter(({ kind }) => kind === 'resource')
        .map((node) => renderDifference(node).contextValue)
        .join();
    const changed = { class: 'differs', reason: 'changedOnTarget' } as const;
    assert.match(offered(changed), /;conflict;canTakeSource;/);
    assert.doesNotMatch(offered(changed, false), /;canTakeSource;/);
    const written = { class: 'extraOnTarget', reason: 'writtenOnTarget' } as const;
    assert.match(offered(written, false), /;conflict;canTakeSource;/);
    assert.doesNotMatch(offered({ class: 'extraOnTarget', reason: 'notOnSource' }), /;conflict;/);
    assert.doesNotMatch(offered({ class: 'differs', reason: 'history' }), /;canImport;/);
  });

  it('shows what servers send as text, and every node has a name for screen readers', () => {
    for (const node of flat(differenceNodes(shown([difference(hostile, { accepted: hostile })])))) {
      const { label, tooltip, accessibleLabel } = renderDifference(node);
      assert.ok(!label.includes('$(zap)'), label);
      assert.ok(!/<img|\]\(command/.test(tooltip ?? ''), tooltip);
      assert.notEqual(accessibleLabel, '');
    }
  });

  it('makes a report without ids', () => {
    const text = verificationMarkdown(shown(many));
    assert.match(text, /Missing on Target: 620/);
    assert.match(text, /A note\./);
    assert.ok(!text.includes('p619'));
  });

  it('forgets what was treated, and takes over what became of it', () => {
    const list = new ShownDifferences();
    const { request, result } = shown([difference('a'), difference('b')]);
    list.show({ ...request, resume: { v: 1, of: '', till: 1, first: 0, startedAt: 0, types: {} } }, result);
    assert.equal(list.shown?.request.resume, undefined);
    list.replace([difference('a')], []);
    list.replace([difference('b')], [difference('b', { accepted: 'why' })]);
    assert.deepEqual(
      list.shown?.result.differences.map(({ id, accepted }) => [id, accepted]),
      [['b', 'why']],
    );
    list.close();
    assert.equal(list.pair, undefined);
  });
});
