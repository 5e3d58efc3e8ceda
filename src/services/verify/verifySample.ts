import { readsAtOnce } from '../../fhir/readResources.ts';
import { classify } from '../../verify/classify.ts';
import type { Difference } from '../../verify/differences.ts';
import { createSample, upperShare } from '../../verify/sampling.ts';
import type { Comparison, Compared } from './verifyServices.ts';
import type { TypeVerification, Verification } from './verification.ts';

/** Compares the content of resources that are drawn at random from the source, all with the same probability. */
export async function verifySample(
  { source, target, types, since, till, progress }: Comparison,
  size: number,
  random: () => number,
  signal: AbortSignal,
): Promise<Compared & { readonly sample: Verification['sample'] }> {
  const drawn = createSample<{ readonly type: string; readonly id: string }>(size, random);
  for (const type of types.filter((one) => one !== 'SearchParameter'))
    for await (const page of source.list({ type, since, till }, false, signal)) {
      for (const { id } of page) drawn.add({ type, id });
      progress({ stage: 'listing', type, done: drawn.seen, total: undefined });
    }
  const byType = new Map<string, string[]>();
  for (const { type, id } of drawn.items) byType.set(type, [...(byType.get(type) ?? []), id]);
  const rows: TypeVerification[] = [];
  const differences: Difference[] = [];
  let done = 0;
  let changed = 0;
  for (const [type, all] of [...byType].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let equal = 0;
    let changedLater = 0;
    for (let at = 0; at < all.length; at += readsAtOnce) {
      const ids = all.slice(at, at + readsAtOnce);
      const [left, right] = await Promise.all([source.read(type, ids, signal), target.read(type, ids, signal)]);
      for (const [index, id] of ids.entries()) {
        const answers = [left[index] ?? unreadable, right[index] ?? unreadable] as const;
        const judged = classify({ type, id }, ...answers, { content: true, versions: true, till });
        if (judged === 'equal') equal++;
        else if (judged === 'changedLater') changedLater++;
        else differences.push(judged);
      }
      done += ids.length;
      progress({ stage: 'reading', type, done, total: drawn.items.length });
    }
    changed += changedLater;
    rows.push({ type, source: all.length, target: undefined, equal, unread: 0, recovered: 0, changedLater });
  }
  const compared = drawn.items.length - changed;
  const sample = {
    compared,
    of: drawn.seen,
    differing: differences.length,
    upperShare: compared === 0 ? 1 : upperShare(compared, differences.length),
  };
  return { types: rows, differences, truncated: false, openRanges: [], sample };
}

const unreadable = { state: 'unreadable' } as const;
