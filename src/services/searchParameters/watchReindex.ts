import { FailureError } from '../../failure/failure.ts';
import { cancelOperation } from '../../fhir/cancelOperation.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { operationUrl } from '../../fhir/operationUrl.ts';
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

/**
 * Starts a reindex, or joins the one that runs, and follows it to its end. A stop by the signal leaves the job running
 * on the server.
 * @throws FailureError with the server's words when the job fails, is cancelled by somebody or is gone
 */
export async function watchReindex(
  client: FhirClient,
  progress: (progress: ReindexProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  // The server answers a start with the job that is active, without saying that it is not a new one.
  const before = await activeReindex(client, signal);
  const { statusUrl, jobId } = await startReindex(client, signal);
  const joined = before?.jobId === jobId;
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

/** Cancels the reindex that runs; false when there is none. */
export async function cancelReindex(client: FhirClient, signal: AbortSignal): Promise<boolean> {
  const active = await activeReindex(client, signal);
  if (active?.jobId === undefined) return false;
  await cancelOperation(client, 'reindex', operationUrl(client, 'reindex', active.jobId), signal);
  return true;
}
