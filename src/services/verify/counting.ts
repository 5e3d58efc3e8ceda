import type { CountOf } from '../../fhir/count.ts';
import type { CountBoth } from '../../verify/narrow.ts';
import type { Side } from './sides.ts';

/** Counts ranges on both sides at the same time. */
export function countBothOf(source: Side, target: Side, of: CountOf, signal: AbortSignal): CountBoth {
  return async (ranges) => {
    const [left = [], right = []] = await Promise.all([source, target].map((side) => side.counts(ranges, of, signal)));
    return ranges.map((range, index) => ({ ...range, source: left[index], target: right[index] }));
  };
}
