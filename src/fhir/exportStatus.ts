import type { Failure } from '../failure/failure.ts';
import { type ExportManifest, manifestSchema } from './exportManifest.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure, jobFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { isFailedJob } from './operationUrl.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Asking for the export', role: 'FHIR Data Exporter' };

export type ExportStatus =
  | { readonly state: 'running'; readonly retryAfterMs?: number }
  | { readonly state: 'completed'; readonly manifest: ExportManifest }
  /** The job itself failed; the failure carries the server's status and reason. */
  | { readonly state: 'failed'; readonly failure: Failure }
  /** 404: cancelled by somebody, or forgotten. */
  | { readonly state: 'gone'; readonly failure: Failure };

/**
 * Asks once how an export is doing. A failed job answers with the status that it failed with, which may look like a
 * transient status of the request itself; the server's words tell them apart.
 */
export async function exportStatus(client: FhirClient, statusUrl: string, signal: AbortSignal): Promise<ExportStatus> {
  const answer = await client.send(
    {
      method: 'GET',
      path: statusUrl,
      headers: acceptFhir,
      template: '/_operations/export/{id}',
      retry: 'idempotent',
      maxBytes: maxBytes.manifest,
      deadlineMs: deadlineMs.status,
      isFinal: isFailedJob,
    },
    signal,
  );
  if (answer.status === 202)
    return { state: 'running', ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }) };
  if (answer.status === 200) return { state: 'completed', manifest: readAnswer(answer, manifestSchema, attempted) };
  if (answer.status >= 400 && isFailedJob(answer))
    return { state: 'failed', failure: jobFailure(answer, { tried: 'The export' }) };
  if (answer.status === 404) return { state: 'gone', failure: fhirFailure(answer, attempted).failure };
  // The request itself is well-formed and allowed, so a refusal that is neither transient nor about rights is the job's.
  if (answer.status === 400 || answer.status === 413)
    return { state: 'failed', failure: jobFailure(answer, { tried: 'The export' }) };
  throw fhirFailure(answer, attempted);
}
