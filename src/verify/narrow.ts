/** A range of `meta.lastUpdated` of one type, milliseconds since 1970 UTC. */
export interface TypeRange {
  readonly type: string;
  /** Inclusive; undefined: from the first resource. */
  readonly since: number | undefined;
  /** Exclusive. */
  readonly till: number;
}

/** A range with its counts; undefined: the service could not tell, which is never the same as zero. */
export interface CountedRange extends TypeRange {
  readonly source: number | undefined;
  readonly target: number | undefined;
}

/** Counts every range on both services, in the order given. */
export type CountBoth = (ranges: readonly TypeRange[]) => Promise<readonly CountedRange[]>;

export interface NarrowingLimits {
  /** Most resources of a range that is not divided further: one page of a listing. */
  readonly rows: number;
  /**
   * Parts that each type is divided into at first, at least and at most, so that a missing and an extra resource hide
   * each other less: as many as the counts that are spent on equal services allow.
   */
  readonly slices: readonly [least: number, most: number];
  /** Counts of each service that are spent on slices, whatever they find. */
  readonly spent: number;
  /** How often a range that cannot be counted is divided: a smaller one may be counted before a server's time is up. */
  readonly unknownDivisions: number;
}

export const narrowingLimits: NarrowingLimits = { rows: 500, slices: [16, 64], spent: 1_900, unknownDivisions: 1 };

/** A slice that holds a larger share of its type is divided although its counts are equal: data often lies close together. */
const crowded = 1 / 8;

export interface Narrowed {
  /** Counts per type over the whole range. */
  readonly totals: readonly CountedRange[];
  /** Ranges whose counts differ, narrowed to at most `rows` resources or one millisecond. */
  readonly different: readonly CountedRange[];
  /** Ranges that could not be counted on one side or both. */
  readonly unknown: readonly CountedRange[];
}

/**
 * Compares counts per type and time range, and divides only the ranges whose counts differ. Incremental import keeps
 * `lastUpdated`, so equal ranges must have equal counts.
 */
export async function narrow(
  types: readonly string[],
  range: { readonly since: number | undefined; readonly till: number },
  first: number,
  countBoth: CountBoth,
  limits: NarrowingLimits = narrowingLimits,
): Promise<Narrowed> {
  const totals = await countBoth(types.map((type) => ({ type, ...range })));
  const different: CountedRange[] = [];
  const unknown: CountedRange[] = [];
  const filled = totals.filter(({ source, target }) => source !== 0 || target !== 0);
  const [least, most] = limits.slices;
  const slices = Math.max(least, Math.min(most, Math.floor(limits.spent / Math.max(1, filled.length))));
  let level: readonly Pending[] = filled.flatMap((total) =>
    partsOf(total, first, slices).map((part) => ({ part, divisions: 0, crowd: crowdOf(total, limits) })),
  );
  while (level.length > 0) {
    const counted = await countBoth(level.map(({ part }) => part));
    const next: Pending[] = [];
    for (const [index, part] of counted.entries()) {
      const divisions = level[index]?.divisions ?? 0;
      const known = part.source !== undefined && part.target !== undefined;
      const crowd = level[index]?.crowd;
      if (known && part.source === part.target) {
        if (crowd === undefined || part.source <= crowd) continue;
        next.push(...partsOf(part, first, 8).map((smaller) => ({ part: smaller, divisions, crowd: undefined })));
        continue;
      }
      const small = known && Math.max(part.source, part.target) <= limits.rows;
      const parts = small || (!known && divisions >= limits.unknownDivisions) ? [part] : partsOf(part, first, 4);
      if (parts.length > 1)
        next.push(
          ...parts.map((smaller) => ({ part: smaller, divisions: divisions + (known ? 0 : 1), crowd: undefined })),
        );
      else (known ? different : unknown).push(part);
    }
    level = next;
  }
  return { totals, different, unknown: joined(unknown) };
}

/** Ranges that touch become one: what cannot be counted is listed, in as few listings as possible. */
function joined(ranges: readonly CountedRange[]): readonly CountedRange[] {
  const sorted = [...ranges].sort(
    (a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0) || (a.since ?? -Infinity) - (b.since ?? -Infinity),
  );
  const all: CountedRange[] = [];
  for (const range of sorted) {
    const last = all.at(-1);
    if (last?.type === range.type && last.till === range.since)
      all[all.length - 1] = {
        ...range,
        since: last.since,
        source: plus(last.source, range.source),
        target: plus(last.target, range.target),
      };
    else all.push(range);
  }
  return all;
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

interface Pending {
  readonly part: TypeRange;
  /** How often it was divided because it could not be counted. */
  readonly divisions: number;
  /** With more resources it is divided even when its counts are equal. */
  readonly crowd: number | undefined;
}

function crowdOf({ source, target }: CountedRange, { rows, slices }: NarrowingLimits): number | undefined {
  const total = Math.max(source ?? 0, target ?? 0);
  return slices[1] === 1 ? undefined : Math.max(rows, total * crowded);
}

/**
 * Divides a range into equal parts without gap or overlap; fewer when it is too short. The first part of an open range
 * stays open.
 * @param first `lastUpdated` of the first resource: where the division of an open range begins
 */
export function partsOf(range: TypeRange, first: number, parts: number): readonly TypeRange[] {
  const { type, since, till } = range;
  const begin = since ?? Math.min(first, till);
  const width = till - begin;
  const wanted = Math.min(parts, Math.max(1, Math.floor(width)));
  const edge = (index: number): number => begin + Math.floor((width * index) / wanted);
  return Array.from({ length: wanted }, (_, index) => ({
    type,
    since: index === 0 ? since : edge(index),
    till: index === wanted - 1 ? till : edge(index + 1),
  }));
}
