import * as v from 'valibot';
import type { Failure } from '../failure/failure.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure, jobFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { isFailedJob } from './operationUrl.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Asking for the import', role: 'FHIR Data Importer' };

export interface ImportOutput {
  readonly inputUrl: string;
  readonly type: string | null;
  readonly count: number;
}

export interface ImportErrorOutput extends ImportOutput {
  /** Address of the error file in the staging account. */
  readonly url: string;
}

export interface ImportResult {
  readonly output: readonly ImportOutput[];
  readonly error: readonly ImportErrorOutput[];
}

export type ImportStatus =
  | { readonly state: 'running'; readonly retryAfterMs?: number; readonly partial?: ImportResult }
  | { readonly state: 'completed'; readonly result: ImportResult }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'gone'; readonly failure: Failure };

const address = v.pipe(v.string(), v.maxLength(2_048));
const outputEntries = {
  type: v.optional(v.nullable(v.string()), null),
  count: v.pipe(v.number(), v.integer(), v.minValue(0)),
  inputUrl: address,
};

/** Schema of the manifest of an import (fhir-server: GetImportRequestHandler). */
export const importResultSchema = v.object({
  output: v.optional(v.nullable(v.array(v.object(outputEntries)), []), []),
  error: v.optional(v.nullable(v.array(v.object({ ...outputEntries, url: address })), []), []),
});

/**
 * Asks once how an import is doing. The answer of a finished job is delayed by up to a minute on purpose. Completed does
 * not mean that every line was loaded: the counts of `output` and `error` say so.
 */
export async function importStatus(client: FhirClient, statusUrl: string, signal: AbortSignal): Promise<ImportStatus> {
  const answer = await client.send(
    {
      method: 'GET',
      path: statusUrl,
      headers: acceptFhir,
      template: '/_operations/import/{id}',
      retry: 'idempotent',
      maxBytes: maxBytes.manifest,
      deadlineMs: deadlineMs.importStatus,
      isFinal: isFailedJob,
    },
    signal,
  );
  if (answer.status === 202)
    return {
      state: 'running',
      ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
      ...(answer.text.trim() === '' ? {} : { partial: readResult(answer) }),
    };
  if (answer.status === 200) return { state: 'completed', result: readResult(answer) };
  if (answer.status >= 400 && isFailedJob(answer))
    return { state: 'failed', failure: jobFailure(answer, { tried: 'The import' }) };
  if (answer.status === 404) return { state: 'gone', failure: fhirFailure(answer, attempted).failure };
  if (answer.status === 400 || answer.status === 413)
    return { state: 'failed', failure: jobFailure(answer, { tried: 'The import' }) };
  throw fhirFailure(answer, attempted);
}

function readResult(answer: Parameters<typeof readAnswer>[0]): ImportResult {
  return readAnswer(answer, importResultSchema, attempted);
}
