import { toFailure, type Failure, isTransient } from '../../failure/failure.ts';
import { deleteResource } from '../../fhir/deleteResource.ts';
import { readsAtOnce } from '../../fhir/readResources.ts';
import { classify } from '../../verify/classify.ts';
import type { Difference } from '../../verify/differences.ts';
import type { Clients } from '../clients.ts';
import { serviceSide } from './sides.ts';
import type { Removal, RemovalRequest } from './verification.ts';

/**
 * Deletes resources from the target that the source does not have: for good where the source has no trace of them,
 * softly where the source deleted them softly. Each is read again on both services right before, and stays when it is
 * on the source after all, or is another version on the target than the one that was reviewed.
 * @throws FailureError when a service does not answer; what was removed before stays removed
 */
export async function removeExtras(
  { source, target, extras }: RemovalRequest,
  clients: Clients,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<Removal> {
  const [from, to] = await Promise.all([clients.of(source, signal), clients.of(target, signal)]);
  const [left, right] = [serviceSide(from), serviceSide(to)];
  const byType = new Map<string, Difference[]>();
  for (const extra of extras) byType.set(extra.type, [...(byType.get(extra.type) ?? []), extra]);
  const failures: Failure[] = [];
  let [removed, kept] = [0, 0];
  for (const [type, all] of byType)
    for (let at = 0; at < all.length; at += readsAtOnce) {
      const some = all.slice(at, at + readsAtOnce);
      const ids = some.map(({ id }) => id);
      const [onSource, onTarget] = await Promise.all([left.read(type, ids, signal), right.read(type, ids, signal)]);
      for (const [index, extra] of some.entries()) {
        const now = classify(extra, onSource[index] ?? unreadable, onTarget[index] ?? unreadable, everything);
        const still =
          typeof now !== 'string' && now.class === 'extraOnTarget' && now.targetVersion === extra.targetVersion;
        if (!still) {
          kept++;
          continue;
        }
        try {
          await deleteResource(to, type, extra.id, { hard: now.reason === 'notOnSource' }, signal);
          removed++;
        } catch (error) {
          const failure = toFailure(error);
          // One locked or referenced resource says nothing about the others; anything else would meet them all.
          if (failure.kind !== 'conflict' && failure.kind !== 'rejected' && !isTransient(failure)) throw error;
          failures.push(failure);
        }
      }
      progress(removed + kept + failures.length, extras.length);
    }
  return { removed, kept, failures };
}

const unreadable = { state: 'unreadable' } as const;
const everything = { content: false, versions: true, till: undefined };
