import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type DoneType, leftOf, withDone } from '../../../src/services/verify/checkpoint.ts';
import { nothing } from '../../../src/services/verify/compareRange.ts';

const difference = { type: 'Patient', id: 'p', sourceVersion: '1', targetVersion: '2' } as const;
const differing = { ...nothing, differences: [{ ...difference, class: 'differs', reason: 'content' } as const] };

describe('A verification that is interrupted', () => {
  it('compares the rest, and again what was not equal, and nothing twice', () => {
    const slices = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(slices, fc.nat(20), (clean, stop) => {
        let done: DoneType | undefined;
        const range = { type: 'Patient', since: undefined, till: clean.length };
        const compared = Math.min(stop, clean.length);
        for (let at = 0; at < compared; at++) {
          const slice = { type: 'Patient', since: at === 0 ? undefined : at, till: at + 1 };
          done = withDone(done, slice, clean[at] === true ? { ...nothing, equal: 5 } : differing);
        }
        const { again, rest } = leftOf(range, done);
        assert.deepEqual(
          again.map(({ till }) => till),
          clean.slice(0, compared).flatMap((isClean, at) => (isClean ? [] : [at + 1])),
        );
        assert.equal(done?.equal ?? 0, 5 * clean.slice(0, compared).filter(Boolean).length);
        if (compared === clean.length) assert.equal(rest, undefined);
        else
          assert.deepEqual(rest, { type: 'Patient', since: compared === 0 ? undefined : compared, till: clean.length });
        for (const slice of again) done = withDone(done, slice, { ...nothing, equal: 1 });
        assert.deepEqual(done?.again ?? [], []);
      }),
    );
  });
});
