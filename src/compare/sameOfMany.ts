import type { ComparedEntry } from './comparison.ts';

/** The same difference of many types, such as a reverse include that one search parameter gives to all of them. */
export interface SameOfMany<T> {
  /** What differs, without the type. */
  readonly what: readonly string[];
  /** One for each type, in their order. */
  readonly items: readonly T[];
}

/** Fewer are read as easily one by one. */
const many = 5;

/**
 * Puts together what differs in the same way in five types or more, so that one cause is one line.
 * @param entryOf what an item was made from
 */
export function sameOfMany<T>(
  items: readonly T[],
  entryOf: (item: T) => Pick<ComparedEntry, 'path' | 'state' | 'source' | 'target'>,
): { readonly together: readonly SameOfMany<T>[]; readonly alone: readonly T[] } {
  const byDifference = new Map<string, T[]>();
  for (const item of items) {
    const { path, state, source, target } = entryOf(item);
    if (path.length < 3) continue;
    const key = JSON.stringify([path.slice(1), state, source, target]);
    const same = byDifference.get(key);
    if (same === undefined) byDifference.set(key, [item]);
    else same.push(item);
  }
  const together = [...byDifference.values()].flatMap((same): readonly SameOfMany<T>[] => {
    const [first] = same;
    return first === undefined || same.length < many ? [] : [{ what: entryOf(first).path.slice(1), items: same }];
  });
  const taken = new Set(together.flatMap((one) => one.items));
  return { together, alone: items.filter((item) => !taken.has(item)) };
}
