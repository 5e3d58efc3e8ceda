import type { ListedResource } from './differences.ts';

/** How the listings showed a resource; undefined: this one did not. */
export interface Suspect {
  readonly source: ListedResource | undefined;
  readonly target: ListedResource | undefined;
}

export interface Merged {
  /** Resources that are the same on both sides. */
  readonly same: number;
  /** Resources that each listing showed. */
  readonly onSource: number;
  readonly onTarget: number;
  /** Ids seen on one side only, or not the same on both: each has to be asked for alone, or has two different contents of one version. */
  readonly suspects: ReadonlyMap<string, Suspect>;
  /** There were more suspects than the limit, and the listings were not read to their end. */
  readonly stopped: boolean;
}

/**
 * Lays the listings of one type side by side, both in the order of their dates. The side that lags is read on, so only
 * what differs (and what has one date) stays in memory; listings in another order cost memory, never a wrong result.
 * A resource that a listing shows twice, because it changed between two pages, becomes a suspect.
 */
export async function mergeListings(
  source: AsyncIterable<readonly ListedResource[]>,
  target: AsyncIterable<readonly ListedResource[]>,
  isSame: (source: ListedResource, target: ListedResource) => boolean,
  maxSuspects: number,
): Promise<Merged> {
  const left = sideOf(source);
  const right = sideOf(target);
  const suspects = new Map<string, Suspect>();
  let same = 0;
  let paired = 0;
  const take = (from: Side, other: Side, resources: readonly ListedResource[]): void => {
    for (const resource of resources) {
      from.last = resource.lastUpdated ?? from.last;
      const found = other.waiting.get(resource.id);
      if (found === undefined) {
        from.waiting.set(resource.id, resource);
        continue;
      }
      other.waiting.delete(resource.id);
      paired++;
      const pair = from === left ? { source: resource, target: found } : { source: found, target: resource };
      if (isSame(pair.source, pair.target)) same++;
      else suspects.set(resource.id, pair);
    }
  };
  let checkAt = maxSuspects;
  let stopped = false;
  try {
    while (!stopped && !(left.ended && right.ended)) {
      const fromLeft = !left.ended && (right.ended || left.last <= right.last);
      const [from, other] = fromLeft ? [left, right] : [right, left];
      const next = await from.pages.next();
      if (next.done === true) {
        from.ended = true;
        from.last = Infinity;
      } else take(from, other, next.value);
      const size = suspects.size + left.waiting.size + right.waiting.size;
      if (size <= checkAt) continue;
      // Many resources of one date wait for each other without being suspects.
      stopped = suspects.size + overtaken(left, right) + overtaken(right, left) > maxSuspects;
      checkAt = size * 2;
    }
  } finally {
    if (!left.ended) await left.pages.return?.();
    if (!right.ended) await right.pages.return?.();
  }
  const onSource = paired + left.waiting.size;
  const onTarget = paired + right.waiting.size;
  const leave = (side: Side, other: Side, suspectOf: (resource: ListedResource) => Suspect): void => {
    for (const [id, resource] of side.waiting)
      if (suspects.size < maxSuspects && (!stopped || (resource.lastUpdated ?? -Infinity) < other.last))
        suspects.set(id, suspectOf(resource));
      else stopped = true;
  };
  leave(left, right, (source) => ({ source, target: undefined }));
  leave(right, left, (target) => ({ source: undefined, target }));
  return { same, onSource, onTarget, suspects, stopped };
}

interface Side {
  readonly pages: AsyncIterator<readonly ListedResource[]>;
  /** Seen here, and not yet on the other side. */
  readonly waiting: Map<string, ListedResource>;
  /** Date of the last one seen. */
  last: number;
  ended: boolean;
}

const sideOf = (pages: AsyncIterable<readonly ListedResource[]>): Side => ({
  pages: pages[Symbol.asyncIterator](),
  waiting: new Map(),
  last: -Infinity,
  ended: false,
});

/** How many resources wait although the other listing is past their date. */
function overtaken(side: Side, other: Side): number {
  let count = 0;
  for (const { lastUpdated = -Infinity } of side.waiting.values()) if (lastUpdated < other.last) count++;
  return count;
}
