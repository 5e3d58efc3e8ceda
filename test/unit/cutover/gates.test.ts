import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AspectComparison, Comparison } from '../../../src/compare/comparison.ts';
import { aspects } from '../../../src/compare/comparison.ts';
import { gatesOf, isClear, type GateFacts } from '../../../src/cutover/gates.ts';
import { returnBundles } from '../../../src/cutover/returnBundles.ts';
import { cutoverPage } from '../../../src/cutover/walk.ts';
import { gateIds, type CutoverOverview, type GateId, type GateRecord } from '../../../src/engine/cutover.ts';
import type { MigrationOverview } from '../../../src/engine/overview.ts';
import { signedOff, verificationRun, wholeOverview } from '../report/facts.ts';

const now = Date.UTC(2026, 4, 3, 15);
const equalEntry = { path: ['a'], state: 'copied', source: '1', target: '1', when: 'now', guidance: '' } as const;
const comparison: Comparison = {
  source: { name: 'contoso', endpoint: 'https://a' },
  target: { name: 'clinical', endpoint: 'https://b' },
  aspects: aspects.map(
    (aspect) => ({ aspect, entries: [equalEntry], sourceText: '', targetText: '' }) as unknown as AspectComparison,
  ),
};
const facts = (change: Partial<GateFacts> = {}, cutover?: CutoverOverview): GateFacts => ({
  overview: wholeOverview({ cutover, finish: undefined }),
  now,
  searchParameters: { value: [{ url: 'http://x/one', ready: true }] },
  comparison: { value: comparison },
  events: { value: 'Disabled' },
  container: { value: 'present' },
  removedSubscriptions: 0,
  ...change,
});
const decisions = (
  ...of: readonly (readonly [GateId | 'eventsOn' | 'endpoints', 'confirmed' | 'waived' | 'withdrawn'])[]
): CutoverOverview => ({
  decisions: of.map(([gate, decision]) => ({ gate, decision, because: 'Agreed.', at: now })),
  begun: undefined,
  signedOff: undefined,
  wentBack: undefined,
});
const gate = (id: GateId, of: GateFacts): GateRecord<GateId> => {
  const found = gatesOf(of).find((each) => each.id === id);
  assert.ok(found !== undefined);
  return found;
};
const unknown = { unknown: 'Unknown, because: it does not answer.' };

describe('The gates of a cutover', () => {
  it('are all clear only when everything was seen to be so and a person confirmed the applications', () => {
    assert.deepEqual(
      gatesOf(facts())
        .filter((each) => !isClear(each))
        .map(({ id }) => id),
      ['applications'],
    );
    const clear = facts({}, decisions(['applications', 'confirmed']));
    assert.ok(gatesOf(clear).every(({ state }) => state === 'passed'));
    assert.equal(cutoverPage(clear).next, 'begin');
    assert.deepEqual(
      gatesOf(clear).map(({ id }) => id),
      gateIds,
    );
  });

  it('are never passed where nothing could tell, whatever else was seen', () => {
    fc.assert(
      fc.property(
        fc.record({
          searchParameters: fc.boolean(),
          comparison: fc.boolean(),
          events: fc.boolean(),
          container: fc.boolean(),
        }),
        (blind) => {
          const missing = Object.fromEntries(
            Object.entries(blind).flatMap(([name, isBlind]) => (isBlind ? [[name, unknown]] : [])),
          );
          const gates = gatesOf(facts(missing, decisions(['applications', 'confirmed'])));
          const state = (id: GateId) => gates.find((each) => each.id === id)?.state;
          assert.equal(state('searchParameters'), blind.searchParameters ? 'unknown' : 'passed');
          assert.equal(state('configuration'), blind.comparison ? 'unknown' : 'passed');
          assert.equal(state('permissions'), blind.comparison ? 'unknown' : 'passed');
          assert.equal(state('eventsOff'), blind.events ? 'unknown' : 'passed');
          assert.equal(state('staging'), blind.container ? 'unknown' : 'passed');
          const isBlind = Object.values(blind).includes(true);
          assert.equal(
            cutoverPage(facts(missing, decisions(['applications', 'confirmed']))).next,
            isBlind ? 'hold' : 'begin',
          );
        },
      ),
    );
    const lost: Comparison = { ...comparison, aspects: comparison.aspects.filter(({ aspect }) => aspect !== 'roles') };
    assert.equal(gate('permissions', facts({ comparison: { value: lost } })).state, 'unknown');
    const failed: Comparison = {
      ...comparison,
      aspects: [{ aspect: 'roles', failure: { kind: 'forbidden', message: 'No.' } }],
    };
    assert.match(
      gate('permissions', facts({ comparison: { value: failed } })).evidence,
      /^Unknown of role assignments: No\./,
    );
  });

  it('stay open for drift, parameters without an index, events that are on, and a verification that is not the whole', () => {
    const drifting = {
      ...comparison,
      aspects: comparison.aspects.map((each) => ({ ...each, entries: [{ ...equalEntry, state: 'missing' as const }] })),
    } as Comparison;
    assert.match(gate('configuration', facts({ comparison: { value: drifting } })).evidence, /1 settings, 1 abilities/);
    assert.equal(gate('permissions', facts({ comparison: { value: drifting } })).state, 'open');
    assert.match(
      gate('searchParameters', facts({ searchParameters: { value: [{ url: 'http://x/city', ready: false }] } }))
        .evidence,
      /1 of 1 .*city.*reindex/,
    );
    assert.equal(gate('eventsOff', facts({ events: { value: 'Enabled' } })).state, 'open');
    const verified = (change: Partial<MigrationOverview['verification']>) =>
      gate(
        'verification',
        facts({
          overview: wholeOverview({ cutover: undefined, verification: { ...wholeOverview().verification, ...change } }),
        }),
      ).state;
    assert.equal(verified({ runs: [] }), 'open');
    assert.equal(verified({ runs: [verificationRun({ depth: 'ledger' })] }), 'unknown');
    assert.equal(verified({ runs: [verificationRun({ outcome: 'incomplete' })] }), 'unknown');
    assert.equal(verified({ runs: [verificationRun({ outcome: 'different' })] }), 'open');
    assert.equal(verified({ windowsDifferent: 1 }), 'open');
    assert.equal(verified({}), 'passed');
  });

  it('measure the copy by its lag target, or by its age where it is not kept in sync', () => {
    const lag = (change: Partial<MigrationOverview>) =>
      gate('copyLag', facts({ overview: wholeOverview({ cutover: undefined, ...change }) })).state;
    const sync = {
      purpose: 'cutover',
      lagTargetMs: 900_000,
      copiedUntil: now,
      exact: true,
      nextWindowAt: undefined,
    } as const;
    assert.equal(lag({ phase: 'syncing', sync: { ...sync, lagMs: 900_000 } }), 'passed');
    assert.equal(lag({ phase: 'syncing', sync: { ...sync, lagMs: 900_001 } }), 'open');
    assert.equal(lag({ phase: 'backlog', sync: { ...sync, lagMs: undefined } }), 'unknown');
    assert.equal(lag({ watermark: now - 25 * 3_600_000 }), 'open');
    assert.equal(lag({ watermark: undefined }), 'unknown');
    assert.equal(lag({ phase: 'needsAttention' }), 'open');
  });

  it('keep what was seen when a person waives it, and take a confirmation for proof only where only a person can know', () => {
    const waived = gate('eventsOff', facts({ events: unknown }, decisions(['eventsOff', 'confirmed'])));
    assert.equal(waived.state, 'waived');
    assert.match(waived.evidence, /it does not answer\. Waived: Agreed\./);
    assert.equal(gate('applications', facts({}, decisions(['applications', 'confirmed']))).state, 'passed');
    assert.equal(gate('applications', facts({}, decisions(['applications', 'waived']))).state, 'waived');
    assert.equal(gate('applications', facts({}, decisions(['applications', 'withdrawn']))).state, 'open');
    // What is clear by itself needs nobody's word, and keeps its own evidence.
    assert.equal(gate('staging', facts({}, decisions(['staging', 'waived']))).state, 'passed');
  });
});

describe('The way over', () => {
  const begunAt = now - 3_600_000;
  const begun = { at: begunAt, gates: signedOff.gates };
  const finish = {
    ...wholeOverview().finish,
    requestedAt: begunAt + 1,
    frozenAt: begunAt,
    drainedAt: begunAt + 2,
    checkedAt: begunAt + 3,
  } as NonNullable<MigrationOverview['finish']>;
  const page = (change: Partial<MigrationOverview>, more: Partial<CutoverOverview> = {}, of: Partial<GateFacts> = {}) =>
    cutoverPage({ ...facts(of), overview: wholeOverview({ ...change, cutover: { ...decisions(), begun, ...more } }) });
  const verifiedAfter = {
    ...wholeOverview().verification,
    runs: [verificationRun({ startedAt: begunAt + 10, endedAt: begunAt + 20 })],
  };

  it('goes step by step, and back to the freeze when the source was written to', () => {
    assert.equal(page({ finish: undefined }).next, 'again');
    assert.equal(page({ finish: { ...finish, requestedAt: begunAt - 1 } }).next, 'again');
    assert.equal(page({ finish: { ...finish, state: 'draining', drainedAt: undefined } }).next, 'wait');
    assert.equal(page({ finish: { ...finish, state: 'written' } }).next, 'again');
    assert.equal(page({ finish: { ...finish, state: 'unproven' } }).next, 'again');
    assert.equal(page({ finish }).next, 'verify');
    assert.equal(page({ finish, verification: verifiedAfter }).next, 'events');
    const on = { events: { value: 'Enabled' } };
    const { endpoint } = wholeOverview().plan.target;
    assert.ok(page({ finish }).steps.some(({ id, evidence }) => id === 'endpoints' && evidence.includes(endpoint)));
    // Of what was deleted for the migration nothing may be forgotten, whatever else sends events.
    const waiting = { ...on, removedSubscriptions: 2 };
    assert.equal(page({ finish, verification: verifiedAfter }, {}, waiting).next, 'events');
    assert.match(
      page({ finish, verification: verifiedAfter }, {}, waiting).steps.find(({ id }) => id === 'eventsOn')?.evidence ??
        '',
      /^2 event subscriptions .* wait to be made again/,
    );
    assert.equal(page({ finish, verification: verifiedAfter }, {}, on).next, 'endpoints');
    const done = page(
      { finish, verification: verifiedAfter },
      { decisions: decisions(['endpoints', 'confirmed']).decisions },
      on,
    );
    assert.deepEqual([done.next, done.complete], ['signOff', true]);
    assert.equal(page({ finish }, { signedOff }).next, 'done');
  });

  it('shows the gates as they were when it began, although events are on by now', () => {
    assert.deepEqual(page({ finish }, {}, { events: { value: 'Enabled' } }).gates, begun.gates);
  });

  it('is complete only when every gate and step is clear', () => {
    const state = fc.constantFrom('passed', 'waived', 'open', 'unknown');
    fc.assert(
      fc.property(fc.array(state, { minLength: 8, maxLength: 8 }), (states) => {
        const gates = gateIds.map((id, index) => ({
          id,
          state: states[index] ?? 'open',
          evidence: 'e',
          at: 1,
        })) as GateRecord<GateId>[];
        const { complete } = page(
          { finish, verification: verifiedAfter },
          {
            begun: { at: begunAt, gates },
            decisions: decisions(['endpoints', 'confirmed'], ['eventsOn', 'confirmed']).decisions,
          },
        );
        assert.equal(
          complete,
          states.every((each) => each === 'passed' || each === 'waived'),
        );
      }),
    );
  });
});

describe('Bundles for the way back', () => {
  it('hold every resource once, in order, no more in a bundle than a server takes', () => {
    const entry = fc.record({
      type: fc.constantFrom('Patient', 'Observation'),
      id: fc.stringMatching(/^[a-z0-9]{1,8}$/),
      text: fc.option(fc.constant('{"resourceType":"Patient","v":1.00}'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 450 }), (entries) => {
        const bundles = [...returnBundles(entries)].map((text) => {
          assert.ok(!text.includes('"v":1}') && (text.includes('1.00') || !text.includes('"v"')));
          return JSON.parse(text) as {
            type: string;
            entry: readonly { resource?: unknown; request: { method: string; url: string } }[];
          };
        });
        assert.ok(bundles.every(({ type, entry: all }) => type === 'batch' && all.length > 0 && all.length <= 200));
        assert.deepEqual(
          bundles.flatMap((bundle) =>
            bundle.entry.map(({ request, resource }) => [request.method, request.url, resource === undefined]),
          ),
          entries.map(({ type, id, text }) => [
            text === undefined ? 'DELETE' : 'PUT',
            `${type}/${id}`,
            text === undefined,
          ]),
        );
      }),
      { numRuns: 60 },
    );
  });
});
