import pLimit from 'p-limit';
import type { CountedRange } from '../../verify/narrow.ts';
import { leftOf, withDone, type VerificationCheckpoint } from './checkpoint.ts';
import { add, compareRange, nothing, type RangeComparison } from './compareRange.ts';
import { countBothOf, countInParts } from './counting.ts';
import { slicesOf } from './slices.ts';
import {
  type Compared,
  type Comparison,
  compareWritten,
  historyOf,
  isFilled,
  largest,
  maxDifferences,
  rowOf,
  sidesOf,
  writtenType,
} from './verifyServices.ts';

/** Types whose pages are read at the same time. */
const typesAtOnce = 3;

/** Lays all resources of both sides next to each other, page by page, with their content unless ids are enough. */
export async function verifyContent(comparison: Comparison, signal: AbortSignal): Promise<Compared> {
  const { source, target, since, till, progress } = comparison;
  const types = comparison.types.filter((type) => type !== writtenType);
  progress({ stage: 'counting', type: undefined, done: 0, total: undefined });
  const ranges = types.map((type) => ({ type, since, till }));
  const counted = await countBothOf(source, target, 'current', signal)(ranges);
  const totals = (await inParts(counted, comparison, signal)).filter(isFilled);
  const limit = pLimit(typesAtOnce);
  const stop = new AbortController();
  const compare = comparerOf(comparison, totals, AbortSignal.any([signal, stop.signal]));
  const rows = await Promise.all(
    totals.map((counted) =>
      limit(async () => {
        try {
          return { counted, found: await compare(counted) };
        } catch (error) {
          // One failure is everybody's: reading on for the others would be in vain.
          stop.abort(error);
          throw error;
        }
      }),
    ),
  );
  if (comparison.types.includes(writtenType)) rows.push(await compareWritten(comparison, signal));
  const filledTypes = totals.map(({ type }) => type);
  const differences = rows.flatMap(({ found }) => found.differences);
  const versions = await historyOf(comparison, filledTypes, differences, signal);
  return {
    types: rows.map(({ counted, found }) => rowOf(counted, found, found.equal)),
    differences: [...differences, ...versions.differences],
    truncated: rows.some(({ found }) => found.truncated),
    openRanges: versions.openRanges,
  };
}

/** Counts in parts what could not be counted as a whole. */
async function inParts(
  counted: readonly CountedRange[],
  { source, target, first }: Comparison,
  signal: AbortSignal,
): Promise<readonly CountedRange[]> {
  const all: CountedRange[] = [];
  for (const range of counted)
    all.push({
      ...range,
      source: range.source ?? (await countInParts(source, range, first, signal)),
      target: range.target ?? (await countInParts(target, range, first, signal)),
    });
  return all;
}

/** Compares one type after the other slice by slice, and tells after each what is done. */
function comparerOf(
  comparison: Comparison,
  totals: readonly CountedRange[],
  signal: AbortSignal,
): (counted: CountedRange) => Promise<RangeComparison> {
  const { source, first, done: before = {}, checkpoint = () => undefined } = comparison;
  const done: Record<string, VerificationCheckpoint['types'][string]> = { ...before };
  const total = totals.reduce((sum, counted) => sum + largest(counted), 0);
  const sides = sidesOf(comparison, comparison.ids !== true, total);
  let budget = maxDifferences;
  return async (counted) => {
    const { type } = counted;
    const known = done[type];
    let found: RangeComparison =
      known === undefined
        ? nothing
        : { ...nothing, equal: known.equal, recovered: known.recovered, changedLater: known.changedLater };
    const { again, rest } = leftOf(counted, known);
    const slices = [
      ...again,
      ...(rest === undefined
        ? []
        : known === undefined
          ? await slicesOf(counted, first, source, signal)
          : await resliced(rest, counted, comparison, signal)),
    ];
    for (const slice of slices) {
      if (budget <= 0) return { ...found, truncated: true };
      const result = await compareRange({ ...sides(type), maxSuspects: budget }, slice, signal);
      budget -= result.differences.length;
      found = add(found, result);
      done[type] = withDone(done[type], slice, result);
      checkpoint(done);
    }
    return found;
  };
}

/** Slices of what an interrupted comparison has left of a type. */
async function resliced(
  range: { readonly type: string; readonly since: number | undefined; readonly till: number },
  counted: CountedRange,
  { source, target, first }: Comparison,
  signal: AbortSignal,
): ReturnType<typeof slicesOf> {
  if (largest(counted) <= 100_000) return [range];
  const [recounted] = await countBothOf(source, target, 'current', signal)([range]);
  return slicesOf(recounted ?? { ...range, source: undefined, target: undefined }, first, source, signal);
}
