import { classify } from '../../verify/classify.ts';
import {
  type Comparing,
  type Difference,
  isSame,
  type ListedResource,
  type ResourceReading,
} from '../../verify/differences.ts';
import { mergeListings, type Suspect } from '../../verify/mergeListings.ts';
import { partsOf } from '../../verify/narrow.ts';
import { readsAtOnce } from '../../fhir/readResources.ts';
import { ahead } from './ahead.ts';
import { countInParts } from './counting.ts';
import type { ListedRange, Side } from './sides.ts';

export interface RangeComparison {
  readonly equal: number;
  readonly unread: number;
  readonly recovered: number;
  readonly changedLater: number;
  readonly differences: readonly Difference[];
  readonly truncated: boolean;
}

export interface RangeSides {
  readonly source: Side;
  readonly target: Side;
  readonly comparing: Comparing;
  /** Most resources that are read one by one. */
  readonly maxSuspects: number;
  /** Date of the first resource, milliseconds since 1970 UTC. */
  readonly first: number;
  readonly progress: (stage: 'listing' | 'reading', resources: number) => void;
}

/** Pages lose rows for all sizes of a range, but never of one that fits on a page by far (fhir-server #1898). */
const divisions = 6;

/**
 * Compares the resources of a type in a range by laying both listings side by side; whatever is not the same there is
 * asked for alone before it is judged. Rows that were counted but that no listing showed make it look again at smaller
 * ranges: pages of a server can lose rows.
 */
export async function compareRange(
  sides: RangeSides,
  range: ListedRange,
  signal: AbortSignal,
  depth = 0,
): Promise<RangeComparison> {
  const { source, target, comparing, maxSuspects } = sides;
  const watched = (side: Side): ReturnType<Side['list']> =>
    counting(ahead(side.list(range, comparing.content, signal)), (rows) => sides.progress('listing', rows / 2));
  const merged = await mergeListings(
    watched(source),
    watched(target),
    (left, right) => isSame(left, right, comparing),
    maxSuspects,
  );
  const [onSource, onTarget] = await Promise.all(
    [source, target].map((side) => countInParts(side, range, sides.first, signal)),
  );
  const parts = range.till === undefined ? [] : partsOf({ ...range, till: range.till }, sides.first, 4);
  const isDivisible = parts.length > 1 && depth < divisions;
  if (merged.stopped && isDivisible && isAlike(onSource, onTarget, maxSuspects))
    return compareParts(sides, parts, signal, depth);
  const judged = await judge(sides, range, merged.suspects, signal);
  const found = { ...judged.found, equal: merged.same + judged.found.equal, truncated: merged.stopped };
  if (merged.stopped) return { ...found, unread: 0 };
  const unread = Math.max(
    (onSource ?? 0) - merged.onSource - judged.unlisted.source,
    (onTarget ?? 0) - merged.onTarget - judged.unlisted.target,
    0,
  );
  return unread === 0 || !isDivisible ? { ...found, unread } : compareParts(sides, parts, signal, depth);
}

/** More resources stand alone in the listings than the counts explain: it may be pages that were lost. */
function isAlike(onSource: number | undefined, onTarget: number | undefined, most: number): boolean {
  return onSource !== undefined && onTarget !== undefined && Math.abs(onSource - onTarget) <= most / 2;
}

async function compareParts(
  sides: RangeSides,
  parts: readonly ListedRange[],
  signal: AbortSignal,
  depth: number,
): Promise<RangeComparison> {
  let total = nothing;
  for (const part of parts) {
    const maxSuspects = sides.maxSuspects - total.differences.length;
    if (maxSuspects <= 0) return { ...total, truncated: true };
    total = add(total, await compareRange({ ...sides, maxSuspects }, part, signal, depth + 1));
  }
  return total;
}

export const nothing: RangeComparison = {
  equal: 0,
  unread: 0,
  recovered: 0,
  changedLater: 0,
  differences: [],
  truncated: false,
};

/** What was found in two ranges together. */
export function add(a: RangeComparison, b: RangeComparison): RangeComparison {
  return {
    equal: a.equal + b.equal,
    unread: a.unread + b.unread,
    recovered: a.recovered + b.recovered,
    changedLater: a.changedLater + b.changedLater,
    differences: [...a.differences, ...b.differences],
    truncated: a.truncated || b.truncated,
  };
}

interface Judged {
  readonly found: Omit<RangeComparison, 'unread' | 'truncated'>;
  /** Resources of the range that the listing of a side left out. */
  readonly unlisted: { readonly source: number; readonly target: number };
}

async function judge(
  { source, target, comparing, progress }: RangeSides,
  range: ListedRange,
  suspects: ReadonlyMap<string, Suspect>,
  signal: AbortSignal,
): Promise<Judged> {
  const { type } = range;
  const found = { equal: 0, recovered: 0, changedLater: 0, differences: [] as Difference[] };
  const unlisted = { source: 0, target: 0 };
  const ids: string[] = [];
  for (const [id, suspect] of suspects) {
    const conclusive = isConclusive(suspect, comparing)
      ? classify(
          { type, id },
          { state: 'present', ...suspect.source },
          { state: 'present', ...suspect.target },
          comparing,
        )
      : undefined;
    if (conclusive === undefined || typeof conclusive === 'string') ids.push(id);
    else found.differences.push(conclusive);
  }
  for (let at = 0; at < ids.length; at += readsAtOnce) {
    const some = ids.slice(at, at + readsAtOnce);
    const [left, right] = await Promise.all([source.read(type, some, signal), target.read(type, some, signal)]);
    for (const [index, id] of some.entries()) {
      const onSource = left[index] ?? unreadable;
      const onTarget = right[index] ?? unreadable;
      const seen = suspects.get(id);
      if (seen?.source === undefined && isInside(onSource, range)) unlisted.source++;
      if (seen?.target === undefined && isInside(onTarget, range)) unlisted.target++;
      const judgement = classify({ type, id }, onSource, onTarget, comparing);
      if (judgement === 'changedLater') found.changedLater++;
      else if (judgement !== 'equal') found.differences.push(judgement);
      else if (onSource.state === 'present') {
        found.equal++;
        found.recovered++;
      }
    }
    progress('reading', some.length);
  }
  return { found, unlisted };
}

/** Two contents of one version stay different; everything else may be a listing that moved while it was read. */
function isConclusive(suspect: Suspect, comparing: Comparing): suspect is Pair {
  const { source, target } = suspect;
  return (
    comparing.versions &&
    source !== undefined &&
    target !== undefined &&
    source.versionId === target.versionId &&
    source.lastUpdated === target.lastUpdated
  );
}

interface Pair {
  readonly source: ListedResource;
  readonly target: ListedResource;
}

const unreadable: ResourceReading = { state: 'unreadable' };

function isInside(reading: ResourceReading, { since = -Infinity, till = Infinity }: ListedRange): boolean {
  if (reading.state !== 'present' || reading.lastUpdated === undefined) return false;
  return reading.lastUpdated >= since && reading.lastUpdated < till;
}

async function* counting(
  pages: AsyncIterable<readonly ListedResource[]>,
  tell: (rows: number) => void,
): AsyncGenerator<readonly ListedResource[], void> {
  for await (const page of pages) {
    tell(page.length);
    yield page;
  }
}
