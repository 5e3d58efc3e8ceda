import { profileTypes } from '../../compare/definitionDrift.ts';
import type { Difference } from '../../verify/differences.ts';
import { type CountedRange, narrow, type Narrowed } from '../../verify/narrow.ts';
import { add, compareRange, nothing, type RangeComparison, type RangeSides } from './compareRange.ts';
import type { VerificationCheckpoint } from './checkpoint.ts';
import { compareHistory } from './compareHistory.ts';
import { countBothOf } from './counting.ts';
import type { Side } from './sides.ts';
import type { OpenRange, TypeVerification, VerificationProgress } from './verification.ts';

/** Most differences that are looked for one by one; beyond it ranges and counts are reported. */
export const maxDifferences = 10_000;
/** Most resources of a range that is listed because it could not be counted. */
const maxUncounted = 50_000;

export interface Comparison {
  readonly source: Side;
  readonly target: Side;
  readonly types: readonly string[];
  readonly since: number | undefined;
  readonly till: number;
  /** Date of the first resource, milliseconds since 1970 UTC. */
  readonly first: number;
  /** See `Comparing.began`. */
  readonly began?: number | undefined;
  /** With historical versions, counted. */
  readonly history: boolean;
  /** A listing of everything compares ids and versions alone. */
  readonly ids?: boolean;
  readonly progress: (progress: VerificationProgress) => void;
  /** What an interrupted comparison had done, by type. */
  readonly done?: VerificationCheckpoint['types'];
  /** Told what is done by type, after every slice or, of ranges, when they are narrowed. */
  readonly checkpoint?: (done: VerificationCheckpoint['types']) => void;
}

export interface Compared {
  readonly types: readonly TypeVerification[];
  readonly differences: readonly Difference[];
  readonly truncated: boolean;
  readonly openRanges: readonly OpenRange[];
}

/** Profiles and terminology may have been written to the target before the data, with versions and dates of its own. */
const definitionTypes: ReadonlySet<string> = new Set(profileTypes);

/** Search parameters are written to the target, so that they keep no date: they are compared by content, as a whole. */
export const writtenType = 'SearchParameter';

/**
 * Counts per type and range on both sides, divides the ranges that differ, and compares the resources of what is left.
 * Equal services cost a few requests, whatever their size.
 */
export async function verifyRanges(comparison: Comparison, signal: AbortSignal): Promise<Compared> {
  const { source, target, since, till, first, progress } = comparison;
  const types = comparison.types.filter((type) => type !== writtenType);
  progress({ stage: 'counting', type: undefined, done: 0, total: undefined });
  const known = knownEqual(types, comparison);
  comparison.checkpoint?.(comparison.done ?? {});
  const left = types.filter((type) => known.every((total) => total.type !== type));
  const counted = await narrow(left, { since, till }, first, countBothOf(source, target, 'current', signal));
  const narrowed = { ...counted, totals: [...known, ...counted.totals] };
  comparison.checkpoint?.({ ...comparison.done, ...equalTypes(narrowed) });
  const found = new Map<string, RangeComparison>();
  const openRanges: OpenRange[] = [];
  let budget = maxDifferences;
  const ranges = [...narrowed.different, ...narrowed.unknown];
  const sides = sidesOf(
    comparison,
    false,
    ranges.reduce((sum, range) => sum + largest(range), 0),
  );
  for (const range of ranges) {
    const { source: onSource, target: onTarget } = range;
    const apart = onSource === undefined || onTarget === undefined ? 0 : Math.abs(onSource - onTarget);
    if (apart > budget || largest(range) > maxUncounted) {
      openRanges.push({ of: 'current', ...range });
      continue;
    }
    const result = await compareRange(sides(range.type), range, signal);
    budget -= result.differences.length;
    found.set(range.type, add(found.get(range.type) ?? nothing, result));
  }
  const written = comparison.types.includes(writtenType) ? await compareWritten(comparison, signal) : undefined;
  if (written !== undefined) found.set(writtenType, written.found);
  const differences = [...found.values()].flatMap((one) => one.differences);
  const versions = await historyOf(comparison, filled(narrowed.totals), differences, signal);
  const totals = [...narrowed.totals, ...(written === undefined ? [] : [written.counted])];
  return {
    types: totals.filter(isFilled).map((total) => byCounts(total, found.get(total.type) ?? nothing)),
    differences: [...differences, ...versions.differences],
    truncated: [...found.values()].some(({ truncated }) => truncated),
    openRanges: [...openRanges, ...versions.openRanges],
  };
}

/** Types that an interrupted comparison had found equal, with the counts that it saw. */
function knownEqual(types: readonly string[], { done = {}, since, till }: Comparison): CountedRange[] {
  return types.flatMap((type) => {
    const known = done[type];
    if (known === undefined || known.until < till || known.again.length > 0) return [];
    return [{ type, since, till, source: known.equal, target: known.equal }];
  });
}

/** What need not be counted again after an interruption. */
function equalTypes({ totals, different, unknown }: Narrowed): VerificationCheckpoint['types'] {
  const open = new Set([...different, ...unknown].map(({ type }) => type));
  return Object.fromEntries(
    totals.flatMap(({ type, till, source, target }) =>
      source === undefined || source !== target || open.has(type)
        ? []
        : [[type, { until: till, equal: source, recovered: 0, changedLater: 0, again: [] }]],
    ),
  );
}

export const isFilled = ({ source, target }: CountedRange): boolean => source !== 0 || target !== 0;
const filled = (totals: readonly CountedRange[]): string[] => totals.filter(isFilled).map(({ type }) => type);
export const largest = ({ source, target }: CountedRange): number => Math.max(source ?? 0, target ?? 0);

export function sidesOf(
  { source, target, till, first, progress, began }: Comparison,
  content: boolean,
  total: number,
): (type: string) => RangeSides {
  let done = 0;
  return (type) => ({
    source,
    target,
    comparing: { content, versions: !definitionTypes.has(type), till, began },
    maxSuspects: maxDifferences,
    first,
    progress: (stage, resources) => {
      if (stage === 'listing') done += resources;
      progress({ stage, type, done: Math.round(Math.min(done, total)), total });
    },
  });
}

export async function compareWritten(
  comparison: Comparison,
  signal: AbortSignal,
): Promise<{ readonly counted: CountedRange; readonly found: RangeComparison }> {
  const { source, target, till } = comparison;
  const range = { type: writtenType, since: undefined, till: undefined };
  const [[onSource] = [], [onTarget] = []] = await Promise.all(
    [source, target].map((side) => side.counts([range], 'current', signal)),
  );
  const sides = sidesOf(comparison, true, Math.max(onSource ?? 0, onTarget ?? 0))(writtenType);
  const comparing = { content: true, versions: false, till: undefined };
  const found = await compareRange({ ...sides, comparing }, range, signal);
  return { counted: { ...range, till, source: onSource, target: onTarget }, found };
}

/** Differences of histories; nothing where they are not compared. */
export async function historyOf(
  comparison: Comparison,
  types: readonly string[],
  known: readonly Difference[],
  signal: AbortSignal,
): ReturnType<typeof compareHistory> {
  return comparison.history ? compareHistory(comparison, types, known, signal) : { differences: [], openRanges: [] };
}

/** Of a range comparison: what was not looked at one by one has equal counts. */
function byCounts(counted: CountedRange, found: RangeComparison): TypeVerification {
  const notEqual = found.differences.filter((difference) => difference.class !== 'extraOnTarget').length;
  const known = counted.source !== undefined && counted.target !== undefined;
  const equal = known ? Math.min(counted.source - notEqual - found.changedLater, counted.target) : found.equal;
  return rowOf(counted, found, Math.max(0, equal));
}

export function rowOf({ type, source, target }: CountedRange, found: RangeComparison, equal: number): TypeVerification {
  const { unread, recovered, changedLater } = found;
  return { type, source, target, equal, unread, recovered, changedLater };
}
