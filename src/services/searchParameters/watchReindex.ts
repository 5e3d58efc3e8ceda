import { FailureError } from '../../failure/failure.ts';
import { cancelOperation } from '../../fhir/cancelOperation.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { operationUrl } from '../../fhir/operationUrl.ts';
import { foreignReindexCode } from './contract.ts';
import { activeReindex, reindexStatus, startReindex } from '../../fhir/reindex.ts';

export interface ReindexProgress {
  readonly jobId: string;
  /** True when the job was there already, started by somebody else or earlier. */
  readonly joined: boolean;
  /** 0 to 100; undefined while the server does not say. */
  readonly percent: number | undefined;
  /** Resources of each type that it covers, once they are counted. */
  readonly types: Readonly<Record<string, number>> | undefined;
}

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

export interface ReindexChoice {
  /** Id of a job that was started from here before, and is followed again. */
  readonly own?: string | undefined;
  /** Whether to follow a job that somebody else started, instead of refusing. */
  readonly join?: boolean | undefined;
}

/**
 * Starts a reindex and follows it to its end. The server runs one at a time, and answers a start with the job that is
 * active: one that was not started from here is refused, because it may not cover what was written since, unless it
 * shall be followed. A stop by the signal leaves the job running on the server.
 * @throws FailureError `conflict` for a reindex of somebody else; with the server's words when the job fails, is
 * cancelled by somebody or is gone
 */
export async function watchReindex(
  client: FhirClient,
  progress: (progress: ReindexProgress) => void,
  { own, join }: ReindexChoice,
  signal: AbortSignal,
): Promise<void> {
  const before = await activeReindex(client, signal);
  if (before !== undefined && join !== true && (own === undefined || before.jobId !== own))
    throw runsAlready(client, before.jobId);
  const { statusUrl, jobId } = await startReindex(client, signal);
  const joined = before?.jobId === jobId && jobId !== own;
  progress({ jobId, joined, percent: undefined, types: undefined });
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    const status = await reindexStatus(client, statusUrl, signal);
    switch (status.state) {
      case 'completed':
        return;
      case 'failed':
      case 'gone':
        throw new FailureError(status.failure);
      case 'running':
        progress({ jobId, joined, percent: status.percent, types: status.types });
        await client.clock.sleep(waitMs, signal);
    }
  }
}

/**
 * Cancels a reindex; false when none is running.
 * @throws FailureError `conflict` when another one than the given one runs
 */
export async function cancelReindex(client: FhirClient, jobId: string, signal: AbortSignal): Promise<boolean> {
  const active = await activeReindex(client, signal);
  if (active === undefined) return false;
  if (active.jobId !== jobId) throw runsAlready(client, active.jobId);
  await cancelOperation(client, 'reindex', operationUrl(client, 'reindex', jobId), signal);
  return true;
}

function runsAlready(client: FhirClient, jobId: string | undefined): FailureError {
  return new FailureError({
    kind: 'conflict',
    code: foreignReindexCode,
    message: `A reindex that was not started from here runs on ${client.name}${jobId === undefined ? '' : ` (job ${jobId})`}; nothing was done.`,
    service: client.name,
    nextStep: 'Wait until it has ended, or follow it, then start a reindex of your own.',
  });
}
