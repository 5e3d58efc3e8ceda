import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { createStore, type TimeOrderedStore } from '../../sandbox/fhir/store.ts';
import { byTime } from '../../sandbox/fhir/timeline.ts';

function version(id: string, versionId: number, lastUpdated: number, type = 'Patient'): StoredVersion {
  const json = JSON.stringify({ resourceType: type, id });
  return { type, id, versionId: String(versionId), lastUpdated, deleted: false, method: 'PUT', json };
}

type Step =
  | {
      readonly kind: 'put';
      readonly id: number;
      readonly version: number;
      readonly time: number;
      readonly deleted: boolean;
    }
  | { readonly kind: 'purge'; readonly id: number }
  | { readonly kind: 'look' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      id: fc.integer({ min: 0, max: 5 }),
      version: fc.integer({ min: -3, max: 6 }),
      time: fc.integer({ min: 0, max: 8 }),
      deleted: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), id: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
);

/** The same by the simplest means: every version in one map. */
class Model {
  readonly versions = new Map<string, StoredVersion>();

  put(one: StoredVersion): void {
    this.versions.set(`${one.id}/${one.versionId}`, one);
  }

  purge(id: string): void {
    for (const [key, one] of this.versions) if (one.id === id) this.versions.delete(key);
  }

  all(): readonly StoredVersion[] {
    return [...this.versions.values()].sort(byTime);
  }

  currents(): readonly StoredVersion[] {
    return this.all().filter(
      (one) => !this.all().some((other) => other.id === one.id && Number(other.versionId) > Number(one.versionId)),
    );
  }
}

function assertSame(store: TimeOrderedStore, model: Model): void {
  assert.deepEqual(store.versionsByTime('Patient'), model.all());
  assert.deepEqual(store.currentsByTime('Patient'), model.currents());
  assert.deepEqual({ ...store.size }, { current: model.currents().length, versions: model.all().length });
  assert.deepEqual([...store.currents('Patient')].sort(byTime), model.currents());
  assert.deepEqual([...store.everyVersion('Patient')].sort(byTime), model.all());
}

describe('store', () => {
  it('agrees with a plain list of versions after any steps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const store = createStore();
        const model = new Model();
        for (const one of steps) {
          if (one.kind === 'put') {
            const put = { ...version(`p${one.id}`, one.version, one.time), deleted: one.deleted };
            store.put(put);
            model.put(put);
          } else if (one.kind === 'purge') {
            store.purge('Patient', `p${one.id}`);
            model.purge(`p${one.id}`);
          } else {
            assertSame(store, model);
          }
        }
        assertSame(store, model);
      }),
    );
  });

  it('orders large loads that come between questions', () => {
    const store = createStore();
    const model = new Model();
    for (let round = 0; round < 3; round += 1) {
      for (let number = 0; number < 200; number += 1) {
        const one = version(`p${(number * 7) % 150}`, round * 2 + (number % 2), (number * 7_919) % 101);
        store.put(one);
        model.put(one);
      }
      assertSame(store, model);
    }
  });

  it('takes the highest number as current, not the last put nor the greatest text', () => {
    const store = createStore();
    for (const number of [9, 10, 2, -1]) store.put(version('p1', number, 100 - number));
    assert.equal(store.current('Patient', 'p1')?.versionId, '10');
    assert.deepEqual(
      store.versions('Patient', 'p1').map(({ versionId }) => versionId),
      ['-1', '2', '9', '10'],
    );
  });

  it('keeps types apart and forgets those that are empty', () => {
    const store = createStore();
    store.put(version('same', 1, 1, 'Patient'));
    store.put(version('same', 1, 1, 'Basic'));
    assert.deepEqual(store.types(), ['Basic', 'Patient']);
    assert.equal(store.purge('Basic', 'same'), true);
    assert.equal(store.purge('Basic', 'same'), false);
    assert.deepEqual(store.types(), ['Patient']);
    assert.equal(store.current('Basic', 'same'), undefined);
  });

  it('refuses versions that are not numbers', () => {
    assert.throws(() => createStore().put({ ...version('p1', 1, 1), versionId: 'W/"1"' }), RangeError);
  });

  it('spends little on a resource beside its text', function () {
    const store = createStore();
    const before = process.memoryUsage().heapUsed;
    for (let number = 0; number < 50_000; number += 1) store.put(version(`id-${number}`, 1, number));
    const each = (process.memoryUsage().heapUsed - before) / 50_000;
    // A million at 1.5 GB leave 1,500 bytes each; the text here is under 50 bytes, and garbage is counted too.
    assert.ok(each < 800, `${Math.round(each)} bytes`);
  });
});
