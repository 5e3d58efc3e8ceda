/**
 * Does `work` for each item, `atOnce` of them at a time; the next item is asked for when its turn comes. After a failure
 * none is begun any more, those under way are waited for, and the first failure is thrown.
 * @returns the results in the order of the items
 */
export async function inParallel<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const iterator = items[Symbol.iterator]();
  let next = 0;
  const drain = async (): Promise<void> => {
    while (failures.length === 0) {
      const step = iterator.next();
      if (step.done === true) return;
      const index = next;
      next += 1;
      try {
        results[index] = await work(step.value, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const drains = await Promise.allSettled(Array.from({ length: atOnce }, drain));
  for (const drained of drains) if (drained.status === 'rejected') failures.push(drained.reason);
  if (failures.length > 0) throw failures[0];
  return results;
}
