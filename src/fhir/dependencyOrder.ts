/**
 * The same items, each after those that it needs, otherwise in the order given. What needs itself in a circle keeps its
 * place.
 */
export function dependenciesFirst<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  needsOf: (item: T) => Iterable<string>,
): readonly T[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  const ordered = new Set<T>();
  const visiting = new Set<T>();
  const visit = (item: T): void => {
    if (ordered.has(item) || visiting.has(item)) return;
    visiting.add(item);
    for (const key of needsOf(item)) {
      const needed = byKey.get(key);
      if (needed !== undefined) visit(needed);
    }
    ordered.add(item);
  };
  for (const item of items) visit(item);
  return [...ordered];
}
