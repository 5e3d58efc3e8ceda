import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classify } from '../../../src/verify/classify.ts';
import type { ResourceReading } from '../../../src/verify/differences.ts';
import { ledger } from '../../../src/verify/ledger.ts';
import { createSample, upperShare } from '../../../src/verify/sampling.ts';

const comparing = { content: true, versions: true, till: 100 };
const at = (lastUpdated: number, versionId = '1', digest = 'x'): ResourceReading => ({
  state: 'present',
  versionId,
  lastUpdated,
  digest,
});
const absent: ResourceReading = { state: 'absent' };
const gone = (when?: number): ResourceReading => ({ state: 'deleted', at: when });

function judged(source: ResourceReading, target: ResourceReading, how = comparing): string {
  const found = classify({ type: 'Patient', id: 'a' }, source, target, how);
  return typeof found === 'string' ? found : `${found.class} ${found.reason}`;
}

describe('A resource judged', () => {
  it('falls into the class of what both services answer', () => {
    assert.equal(judged(at(1), at(1)), 'equal');
    assert.equal(judged(at(1), at(1, '1', 'y')), 'differs content');
    assert.equal(judged(at(1), at(1, '2')), 'differs version');
    assert.equal(judged(at(1), at(2, '2', 'y')), 'differs changedOnTarget');
    assert.equal(judged(at(2, '2'), at(1, '1', 'y')), 'differs staleOnTarget');
    assert.equal(judged(at(1), absent), 'missingOnTarget neverThere');
    assert.equal(judged(at(1), gone()), 'missingOnTarget deletedOnTarget');
    assert.equal(judged(absent, at(1)), 'extraOnTarget notOnSource');
    assert.equal(judged(gone(50), at(1)), 'extraOnTarget deletedOnSource');
    assert.equal(judged({ state: 'unreadable' }, at(1)), 'unreadable refused');
    assert.equal(judged(gone(1), absent), 'equal');
  });

  it('is no difference when the source changed after the end', () => {
    assert.equal(judged(at(100, '2', 'y'), at(1)), 'changedLater');
    assert.equal(judged(at(100), absent), 'changedLater');
    assert.equal(judged(gone(100), at(1)), 'changedLater');
    assert.equal(judged(at(100), at(100)), 'equal');
  });

  it('is a conflict when the target wrote it itself since the migration began', () => {
    const began = { ...comparing, began: 40 };
    assert.equal(judged(absent, at(39), began), 'extraOnTarget notOnSource');
    assert.equal(judged(absent, at(40), began), 'extraOnTarget writtenOnTarget');
    assert.equal(judged(gone(50), at(45), began), 'extraOnTarget deletedOnSource');
    assert.equal(judged(gone(50), at(60), began), 'extraOnTarget writtenOnTarget');
    assert.equal(judged(gone(), at(60), began), 'extraOnTarget deletedOnSource');
  });

  it('is compared by content alone where versions are not kept', () => {
    const byContent = { ...comparing, versions: false };
    assert.equal(judged(at(1), at(9, '4'), byContent), 'equal');
    assert.equal(judged(at(1), at(9, '4', 'y'), byContent), 'differs content');
  });
});

describe('A sample', () => {
  it('holds as many as asked for, each seen once', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.integer({ min: 1, max: 50 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999 })),
        (n, size, random) => {
          const sample = createSample<number>(size, () => random.next().value as number);
          for (let item = 0; item < n; item++) sample.add(item);
          assert.equal(sample.items.length, Math.min(n, size));
          assert.equal(new Set(sample.items).size, sample.items.length);
          assert.equal(sample.seen, n);
        },
      ),
    );
  });

  it('bounds the share of differences as the tables of Clopper and Pearson do', () => {
    const near = (found: number, wanted: number): void => assert.ok(Math.abs(found - wanted) < 1e-4, `${found}`);
    near(upperShare(300, 0), 1 - 0.05 ** (1 / 300));
    near(upperShare(10, 1), 0.3942);
    near(upperShare(100, 5), 0.1023);
    assert.equal(upperShare(5, 5), 1);
  });
});

describe('The ledger', () => {
  it('balances only when every exported line arrived', () => {
    const line = { exported: 10, imported: 7, alreadyThere: 3, failed: 0, unaccounted: 0 };
    assert.deepEqual(
      ledger({ B: { ...line, imported: 6 }, A: line, C: { ...line, imported: 6, failed: 1 } }).map(
        ({ type, balanced, unaccounted }) => [type, balanced, unaccounted],
      ),
      [
        ['A', true, 0],
        ['B', false, 1],
        ['C', false, 0],
      ],
    );
  });
});
