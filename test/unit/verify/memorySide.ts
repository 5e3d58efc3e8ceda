import { readsAtOnce } from '../../../src/fhir/readResources.ts';
import type { ListedRange, Side } from '../../../src/services/verify/sides.ts';
import type { ListedResource, ResourceReading } from '../../../src/verify/differences.ts';
import type { Version } from '../../../src/verify/pairVersions.ts';

/** What a service in memory holds of one type. */
export interface Held {
  /** What a search sees. */
  readonly current: readonly ListedResource[];
  /** When resources were deleted softly, by id. */
  readonly deleted?: ReadonlyMap<string, number>;
  /** Versions that are not the current ones, tombstones included. */
  readonly older?: readonly Version[];
}

export interface MemorySide extends Side {
  /** Requests that a service would have been sent. */
  readonly requests: () => number;
}

const pageRows = 1_000;
/** Counts of one batch, as the client of a service sends them. */
const countsAtOnce = 60;

interface Sorted extends Held {
  readonly rows: readonly ListedResource[];
  versions?: readonly Version[];
  byId?: ReadonlyMap<string, ListedResource>;
}

/** A service of any size that answers at once, in the order of dates. */
export function memorySide(types: ReadonlyMap<string, Held>): MemorySide {
  const all = new Map<string, Sorted>();
  for (const [type, held] of types) all.set(type, { ...held, rows: byDate(held.current) });
  const none: Sorted = { current: [], rows: [] };
  const of = (type: string): Sorted => all.get(type) ?? none;
  let requests = 0;
  return {
    requests: () => requests,
    counts(ranges, kind) {
      requests += Math.ceil(ranges.length / countsAtOnce);
      return Promise.resolve(
        ranges.map((range) => {
          const [from, to] = within(kind === 'current' ? of(range.type).rows : versionsOf(of(range.type)), range);
          return to - from;
        }),
      );
    },
    async *list(range) {
      const { rows } = of(range.type);
      const [from, to] = within(rows, range);
      requests++;
      for (let at = from; at < to; at += pageRows) {
        if (at > from) requests++;
        // As if it came from elsewhere.
        await Promise.resolve();
        yield rows.slice(at, Math.min(to, at + pageRows));
      }
    },
    read(type, ids) {
      requests += Math.ceil(ids.length / readsAtOnce);
      return Promise.resolve(ids.map((id) => readingOf(of(type), id)));
    },
    versions(range) {
      requests++;
      const versions = versionsOf(of(range.type));
      return Promise.resolve(versions.slice(...within(versions, range)));
    },
    text: () => Promise.resolve(undefined),
  };
}

function readingOf(held: Sorted, id: string): ResourceReading {
  held.byId ??= new Map(held.rows.map((row) => [row.id, row]));
  const found = held.byId.get(id);
  if (found !== undefined) return { state: 'present', ...found };
  const at = held.deleted?.get(id);
  return at === undefined ? { state: 'absent' } : { state: 'deleted', at };
}

function versionsOf(held: Sorted): readonly Version[] {
  held.versions ??= byDate([
    ...held.rows.map(({ id, versionId, lastUpdated = 0 }) => ({ id, versionId, lastUpdated })),
    ...(held.older ?? []),
  ]);
  return held.versions;
}

const dateOf = ({ lastUpdated = 0 }: { readonly lastUpdated: number | undefined }): number => lastUpdated;

const byDate = <T extends { readonly lastUpdated: number | undefined }>(items: readonly T[]): readonly T[] =>
  [...items].sort((a, b) => dateOf(a) - dateOf(b));

function within(
  sorted: readonly { readonly lastUpdated: number | undefined }[],
  { since = -Infinity, till = Infinity }: ListedRange,
): [from: number, to: number] {
  const firstFrom = (at: number): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = sorted[middle];
      if (item !== undefined && dateOf(item) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [firstFrom(since), firstFrom(till)];
}
