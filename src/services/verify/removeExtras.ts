import { type Failure, FailureError, isTransient, toFailure } from '../../failure/failure.ts';
import { bulkDeleteStatus, idsAtOnce, startBulkDelete } from '../../fhir/bulkDelete.ts';
import { deleteResource } from '../../fhir/deleteResource.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import type { Difference } from '../../verify/differences.ts';
import { judgeNow } from './judgeNow.ts';
import { openService, openSource } from './openSides.ts';
import type { Removal, RemovalRequest } from './verification.ts';
import type { VerifySurroundings } from './verify.ts';

/** From so many resources of a type on, one job of the server deletes them instead of a request each. */
const worthAJob = 20;
const firstWaitMs = 500;
const longestWaitMs = 15_000;

/**
 * Deletes resources from the target that the source does not have: for good where the source has no trace of them,
 * softly where the source deleted them softly. Each is read again on both sides right before, and stays when it is on
 * the source after all, or is another version on the target than the one that was reviewed.
 * @throws FailureError when a service does not answer; what was removed before stays removed
 */
export async function removeExtras(
  { source, target, migration, extras }: RemovalRequest,
  around: VerifySurroundings,
  signal: AbortSignal,
  progress: (done: number, total: number) => void,
): Promise<Removal> {
  const proved = migration === undefined ? undefined : await around.overviewOf(migration);
  const to = await openService(await around.clients.of(target, signal), signal);
  const from = await openSource(source, proved, around, signal);
  const failures: Failure[] = [];
  let [removed, kept] = [0, 0];
  for await (const { type, judged } of judgeNow(extras, from.side, to.side, everything, signal)) {
    const doomed: Doomed[] = [];
    for (const { of: extra, now, target: seen } of judged) {
      const still =
        typeof now !== 'string' && now.class === 'extraOnTarget' && now.targetVersion === extra.targetVersion;
      const at = seen.state === 'present' ? seen.lastUpdated : undefined;
      if (still) doomed.push({ ...now, at });
      else kept++;
    }
    for (const hard of [true, false]) {
      const some = doomed.filter(({ reason }) => (reason === 'notOnSource') === hard);
      const done = await remove(to.client, type, some, hard, failures, signal);
      removed += done.removed;
      kept += done.kept;
    }
    progress(removed + kept + failures.length, extras.length);
  }
  return { removed, kept, failures };
}

type Doomed = Difference & { readonly at: number | undefined };
const everything = { content: false, versions: true, till: undefined };

async function remove(
  client: FhirClient,
  type: string,
  some: readonly Doomed[],
  hard: boolean,
  failures: Failure[],
  signal: AbortSignal,
): Promise<{ readonly removed: number; readonly kept: number }> {
  const byJob = some.length >= worthAJob ? await inBulk(client, type, some, hard, signal) : undefined;
  if (byJob !== undefined) return { removed: byJob, kept: some.length - byJob };
  let removed = 0;
  for (const { id } of some) {
    try {
      await deleteResource(client, type, id, { hard }, signal);
      removed++;
    } catch (error) {
      const failure = toFailure(error);
      // One locked or referenced resource says nothing about the others; anything else would meet them all.
      if (failure.kind !== 'conflict' && failure.kind !== 'rejected' && !isTransient(failure)) throw error;
      failures.push(failure);
    }
  }
  return { removed, kept: 0 };
}

/** Deletes with one job of the server; undefined when it does not know such jobs. What was changed meanwhile stays. */
async function inBulk(
  client: FhirClient,
  type: string,
  some: readonly Doomed[],
  hard: boolean,
  signal: AbortSignal,
): Promise<number | undefined> {
  const newest = Math.max(...some.map(({ at = Infinity }) => at));
  if (newest === Infinity) return undefined;
  let deleted = 0;
  for (let at = 0; at < some.length; at += idsAtOnce) {
    const ids = some.slice(at, at + idsAtOnce).map(({ id }) => id);
    let statusUrl: string;
    try {
      ({ statusUrl } = await startBulkDelete(client, { type, ids, hard, changedBefore: newest + 1 }, signal));
    } catch (error) {
      const { kind } = toFailure(error);
      if (at === 0 && (kind === 'notFound' || kind === 'rejected')) return undefined;
      throw error;
    }
    deleted += await ended(client, statusUrl, signal);
  }
  return deleted;
}

async function ended(client: FhirClient, statusUrl: string, signal: AbortSignal): Promise<number> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    const status = await bulkDeleteStatus(client, statusUrl, signal);
    if (status.state === 'completed') return status.deleted;
    if (status.state === 'failed') throw new FailureError(status.failure);
    await client.clock.sleep(waitMs, signal);
  }
}
