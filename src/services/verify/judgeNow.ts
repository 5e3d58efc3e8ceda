import { readsAtOnce } from '../../fhir/readResources.ts';
import { classify, type Classified } from '../../verify/classify.ts';
import type { Comparing, ResourceReading } from '../../verify/differences.ts';
import type { Side } from './sides.ts';

export interface JudgedNow<T> {
  readonly of: T;
  readonly source: ResourceReading;
  readonly target: ResourceReading;
  readonly now: Classified;
}

const unreadable: ResourceReading = { state: 'unreadable' };

/** Reads resources again on both sides and judges each anew; yields some at a time, in any order of their types. */
export async function* judgeNow<T extends { readonly type: string; readonly id: string }>(
  resources: readonly T[],
  source: Side,
  target: Side,
  comparing: Comparing,
  signal: AbortSignal,
): AsyncGenerator<{ readonly type: string; readonly judged: readonly JudgedNow<T>[] }, void> {
  const byType = new Map<string, T[]>();
  for (const resource of resources) byType.set(resource.type, [...(byType.get(resource.type) ?? []), resource]);
  for (const [type, all] of byType)
    for (let at = 0; at < all.length; at += readsAtOnce) {
      const some = all.slice(at, at + readsAtOnce);
      const ids = some.map(({ id }) => id);
      const [left, right] = await Promise.all([source.read(type, ids, signal), target.read(type, ids, signal)]);
      yield {
        type,
        judged: some.map((of, index) => {
          const answers = [left[index] ?? unreadable, right[index] ?? unreadable] as const;
          return { of, source: answers[0], target: answers[1], now: classify(of, ...answers, comparing) };
        }),
      };
    }
}
