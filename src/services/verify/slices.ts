import type { CountedRange, TypeRange } from '../../verify/narrow.ts';
import { partsOf } from '../../verify/narrow.ts';
import type { Side } from './sides.ts';

/** Resources of a slice: what is lost when a verification is interrupted, and what a lost page makes look again at. */
const rows = 100_000;
const deepest = 6;

/**
 * Divides a range into slices in the order of time, so that a comparison can stop between them and go on later. Counts
 * of one side are enough; without them the range stays whole.
 */
export async function slicesOf(
  counted: CountedRange,
  first: number,
  side: Side,
  signal: AbortSignal,
  depth = 0,
): Promise<readonly TypeRange[]> {
  const { type, since, till } = counted;
  const whole = { type, since, till };
  const expected = counted.source ?? counted.target;
  if (expected === undefined || expected <= rows * 1.5 || depth === deepest) return [whole];
  const parts = partsOf(whole, first, Math.min(50, Math.ceil(expected / rows) * 2));
  if (parts.length === 1) return parts;
  const counts = await side.counts(parts, 'current', signal);
  const slices: TypeRange[] = [];
  let held = Infinity;
  for (const [index, part] of parts.entries()) {
    const size = counts[index] ?? expected / parts.length;
    const last = slices.at(-1);
    if (last !== undefined && held + size <= rows) {
      slices[slices.length - 1] = { ...last, till: part.till };
      held += size;
    } else if (size > rows * 1.5) {
      slices.push(...(await slicesOf({ ...part, source: size, target: size }, first, side, signal, depth + 1)));
      held = Infinity;
    } else {
      slices.push(part);
      held = size;
    }
  }
  return slices;
}
