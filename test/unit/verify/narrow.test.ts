import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CountBoth, type CountedRange, narrow, partsOf, type TypeRange } from '../../../src/verify/narrow.ts';

const till = 100_000;
const inside = ({ since, till: end }: TypeRange, at: number): boolean => at >= (since ?? -Infinity) && at < end;

function counter(source: readonly number[], target: readonly number[]): { count: CountBoth; asked: () => number } {
  let asked = 0;
  const count: CountBoth = (ranges) => {
    asked++;
    return Promise.resolve(
      ranges.map((range): CountedRange => ({
        ...range,
        source: source.filter((at) => inside(range, at)).length,
        target: target.filter((at) => inside(range, at)).length,
      })),
    );
  };
  return { count, asked: () => asked };
}

const dates = fc.array(fc.integer({ min: 0, max: till - 1 }), { maxLength: 60 });
const limits = { rows: 3, slices: [4, 4], spent: 0, unknownDivisions: 3 } as const;

describe('Ranges narrowed', () => {
  it('divide without gap and overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (width, count, open) => {
          const parts = partsOf({ type: 'Patient', since: open ? undefined : 10, till: 10 + width }, 10, count);
          assert.equal(parts[0]?.since, open ? undefined : 10);
          assert.equal(parts.at(-1)?.till, 10 + width);
          for (const [index, part] of parts.entries()) if (index > 0) assert.equal(part.since, parts[index - 1]?.till);
        },
      ),
    );
  });

  it('say equal exactly for equal dates, and lose no difference of counts', async () => {
    await fc.assert(
      fc.asyncProperty(dates, dates, async (shared, extra) => {
        const { count } = counter([...shared, ...extra], shared);
        const { different, unknown } = await narrow(['Patient'], { since: undefined, till }, 0, count, limits);
        assert.deepEqual(unknown, []);
        const apart = different.reduce((sum, { source = 0, target = 0 }) => sum + source - target, 0);
        assert.equal(apart, extra.length);
        for (const range of different)
          assert.ok(
            Math.max(range.source ?? 0, range.target ?? 0) <= limits.rows || range.till - (range.since ?? 0) <= 1,
          );
      }),
    );
  });

  it('ask a few times for equal services of any size, and few more for a difference', async () => {
    const all = Array.from({ length: 20_000 }, (_, index) => index * 5);
    const equal = counter(all, all);
    await narrow(['Patient'], { since: undefined, till }, 0, equal.count);
    assert.equal(equal.asked(), 2);
    const one = counter(all, all.slice(1));
    const { different } = await narrow(['Patient'], { since: undefined, till }, 0, one.count);
    assert.equal(different.length, 1);
    assert.ok(one.asked() <= 5, `${one.asked()}`);
  });

  it('tell what could not be counted from zero, and divide it a few times only', async () => {
    let asked = 0;
    const count: CountBoth = (ranges) => {
      asked++;
      return Promise.resolve(ranges.map((range) => ({ ...range, source: 7, target: undefined })));
    };
    const { different, unknown } = await narrow(['Patient'], { since: 0, till }, 0, count, limits);
    assert.deepEqual(different, []);
    assert.deepEqual(unknown, [{ type: 'Patient', since: 0, till, source: 7 * 4 * 4 ** 3, target: undefined }]);
    assert.equal(asked, 2 + limits.unknownDivisions);
  });
});
