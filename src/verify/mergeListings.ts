import type { ListedResource } from './differences.ts';

/** Which listing showed a resource. */
export type SeenOn = 'source' | 'target' | 'both';

export interface Merged {
  /** Resources that are the same on both sides. */
  readonly same: number;
  /** Resources that each listing showed. */
  readonly onSource: number;
  readonly onTarget: number;
  /** Ids seen on one side only, or not the same on both: each has to be asked for alone before it is judged. */
  readonly suspects: ReadonlyMap<string, SeenOn>;
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
  const suspects = new Map<string, SeenOn>();
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
      if (from === left ? isSame(resource, found) : isSame(found, resource)) same++;
      else suspects.set(resource.id, 'both');
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
  for (const [side, other, seenOn] of [
    [left, right, 'source'],
    [right, left, 'target'],
  ] as const)
    for (const [id, { lastUpdated = -Infinity }] of side.waiting)
      if (suspects.size < maxSuspects && (!stopped || lastUpdated < other.last))
        suspects.set(id, suspects.has(id) ? 'both' : seenOn);
      else stopped = true;
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
