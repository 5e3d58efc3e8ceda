import type { CountOf } from '../../fhir/count.ts';
import { type CountBoth, partsOf } from '../../verify/narrow.ts';
import type { ListedRange, Side } from './sides.ts';

/** Counts ranges on both sides at the same time. */
export function countBothOf(source: Side, target: Side, of: CountOf, signal: AbortSignal): CountBoth {
  return async (ranges) => {
    const [left = [], right = []] = await Promise.all([source, target].map((side) => side.counts(ranges, of, signal)));
    return ranges.map((range, index) => ({ ...range, source: left[index], target: right[index] }));
  };
}

/** How often a range that cannot be counted is divided into four: its sixty-fourths are tried last. */
const deepest = 3;

/**
 * Counts what a side holds in a range; a range that it cannot count is counted in parts, which may be done before the
 * server's time is up. Undefined: some part could not be counted either.
 * @param first where the division of an open range begins, milliseconds since 1970 UTC
 */
export async function countInParts(
  side: Side,
  range: ListedRange,
  first: number,
  signal: AbortSignal,
  depth = 0,
): Promise<number | undefined> {
  const [whole] = await side.counts([range], 'current', signal);
  if (whole !== undefined || range.till === undefined || depth === deepest) return whole;
  const parts = partsOf({ ...range, till: range.till }, first, 4);
  if (parts.length === 1) return undefined;
  const counts = await side.counts(parts, 'current', signal);
  let sum = 0;
  for (const [index, part] of parts.entries()) {
    const held = counts[index] ?? (await countInParts(side, part, first, signal, depth + 1));
    if (held === undefined) return undefined;
    sum += held;
  }
  return sum;
}
