import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { createStore, type TimeOrderedStore } from '../../sandbox/fhir/store.ts';
import type { ImportLine } from '../../sandbox/jobs/import/importLine.ts';
import { mergeIncremental } from '../../sandbox/jobs/import/mergeIncremental.ts';

const now = Date.UTC(2026, 4, 4);

function line(id: string, lastUpdated: number | undefined, version: number | undefined, text: string): ImportLine {
  const json = JSON.stringify({ resourceType: 'Patient', id, text });
  return { index: 1, type: 'Patient', id, lastUpdated, version, deleted: text === 'gone', json };
}

/** A consistent history of some resources: versions rise with dates, with gaps in both. */
const history = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('x', 'y', 'gone'),
    ),
    { maxLength: 25 },
  )
  .map((steps) => {
    const last = new Map<string, { readonly version: number; readonly time: number }>();
    return steps.map(([id, versionStep, timeStep, text]) => {
      const before = last.get(id) ?? { version: 0, time: 0 };
      const next = { version: before.version + versionStep, time: before.time + timeStep };
      last.set(id, next);
      return line(id, next.time, next.version, text);
    });
  });

/** Lines of any kind, contradictory ones too. */
const anyLines = fc.array(
  fc
    .record({
      id: fc.constantFrom('a', 'b'),
      lastUpdated: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      version: fc.option(fc.integer({ min: -2, max: 5 }), { nil: undefined }),
      text: fc.constantFrom('x', 'y', 'gone'),
    })
    .map(({ id, lastUpdated, version, text }) =>
      line(id, lastUpdated, lastUpdated === undefined ? undefined : version, text),
    ),
  { maxLength: 12 },
);

function load(
  store: TimeOrderedStore,
  batch: readonly ImportLine[],
  allowNegative = false,
): ReturnType<typeof mergeIncremental> {
  return mergeIncremental(store, batch, allowNegative, now);
}

function contentOf(store: TimeOrderedStore): readonly StoredVersion[] {
  return [...store.versionsByTime('Patient')];
}

describe('$import, incremental load: properties', () => {
  it('a consistent history is loaded whole in any order and any batches', () => {
    const shuffledHistory = history.chain((lines) =>
      fc.tuple(
        fc.constant(lines),
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        fc.integer({ min: 1, max: 10 }),
      ),
    );
    fc.assert(
      fc.property(shuffledHistory, ([lines, shuffled, batchSize]) => {
        const store = createStore();
        for (let at = 0; at < shuffled.length; at += batchSize) {
          const { conflicts, duplicates } = load(store, shuffled.slice(at, at + batchSize));
          assert.deepEqual([conflicts, duplicates], [[], []]);
        }
        const inOrder = createStore();
        load(inOrder, lines);
        assert.equal(store.size.versions, lines.length);
        assert.deepEqual(contentOf(store), contentOf(inOrder));
      }),
    );
  });

  it('importing a consistent history again changes nothing and refuses nothing', () => {
    fc.assert(
      fc.property(history, (lines) => {
        const store = createStore();
        load(store, lines);
        const before = contentOf(store);
        assert.deepEqual(load(store, lines), { conflicts: [], duplicates: [] });
        assert.deepEqual(contentOf(store), before);
      }),
    );
  });

  it('every line is loaded or refused, once', () => {
    fc.assert(
      fc.property(anyLines, anyLines, fc.boolean(), (first, second, allowNegative) => {
        const store = createStore();
        load(store, first, allowNegative);
        const { conflicts, duplicates } = load(store, second, allowNegative);
        const refused = [...conflicts, ...duplicates];
        assert.equal(new Set(refused).size, refused.length);
        assert.ok(refused.every((item) => second.includes(item)));
      }),
    );
  });

  it('what is stored is never changed or lost', () => {
    fc.assert(
      fc.property(anyLines, anyLines, fc.boolean(), (first, second, allowNegative) => {
        const store = createStore();
        load(store, first, allowNegative);
        const before = contentOf(store);
        load(store, second, allowNegative);
        const after = new Set(contentOf(store));
        assert.ok(before.every((version) => after.has(version)));
      }),
    );
  });

  it('positive versions rise with their dates, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(anyLines, { maxLength: 4 }), (batches) => {
        const store = createStore();
        // Assigned dates are "now": a line without a date that comes before dated ones would be the newest of all.
        for (const batch of batches)
          load(
            store,
            batch.filter((item) => item.lastUpdated !== undefined),
          );
        for (const id of ['a', 'b']) {
          const kept = store.versions('Patient', id).filter(({ versionId }) => Number(versionId) > 0);
          const current = kept.at(-1);
          assert.ok(current === undefined || kept.every(({ lastUpdated }) => lastUpdated <= current.lastUpdated));
        }
      }),
    );
  });
});
