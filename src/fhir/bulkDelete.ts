import * as v from 'valibot';
import type { Failure } from '../failure/failure.ts';
import { instantText } from './count.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure, jobFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkId, checkType } from './names.ts';
import { type AcceptedOperation, acceptedOperation } from './operationUrl.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Deleting in bulk', role: 'FHIR Data Contributor' };

/** Ids of one request: at 64 characters each they stay within what servers take as an address (8 KB). */
export const idsAtOnce = 100;

export interface BulkDeleteRequest {
  readonly type: string;
  readonly ids: readonly string[];
  /** All versions, for good. */
  readonly hard: boolean;
  /** Exclusive: what was changed at or after this instant stays. Milliseconds since 1970 UTC. */
  readonly changedBefore: number;
}

export type BulkDeleteStatus =
  | { readonly state: 'running' }
  | { readonly state: 'completed'; readonly deleted: number }
  | { readonly state: 'failed'; readonly failure: Failure };

/**
 * Starts the deletion of resources by id (contracts of the services, 7.3). A repeated request deletes nothing more, so it
 * may be repeated.
 */
export async function startBulkDelete(
  client: FhirClient,
  { type, ids, hard, changedBefore }: BulkDeleteRequest,
  signal: AbortSignal,
): Promise<AcceptedOperation> {
  const answer = await client.send(
    {
      method: 'DELETE',
      path: `/${checkType(type)}/$bulk-delete`,
      query: [
        ['_id', ids.map(checkId).join(',')],
        ['_lastUpdated', `lt${instantText(changedBefore)}`],
        ...(hard ? [['_hardDelete', 'true'] as const] : []),
      ],
      headers: { ...acceptFhir, prefer: 'respond-async' },
      template: '/{type}/$bulk-delete',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
  if (answer.status !== 202) throw fhirFailure(answer, attempted);
  return acceptedOperation(client, answer, attempted);
}

const schema = v.object({
  parameter: v.optional(
    v.array(
      v.object({
        name: v.string(),
        part: v.optional(
          v.array(v.object({ name: v.string(), valueInteger64: v.optional(v.union([v.number(), v.string()])) })),
        ),
      }),
    ),
    [],
  ),
});

/** Asks once how a bulk delete is doing; a failed one may have deleted a part. */
export async function bulkDeleteStatus(
  client: FhirClient,
  statusUrl: string,
  signal: AbortSignal,
): Promise<BulkDeleteStatus> {
  const answer = await client.send(
    {
      method: 'GET',
      path: statusUrl,
      headers: acceptFhir,
      template: '/_operations/bulk-delete/{id}',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.status,
      // The status that a failed job answers with is the job's own.
      isFinal: ({ text }) => text.includes('"Issues"'),
    },
    signal,
  );
  if (answer.status === 202) return { state: 'running' };
  if (answer.status === 200) {
    const { parameter } = readAnswer(answer, schema, attempted);
    const parts = parameter.filter(({ name }) => name === 'ResourceDeletedCount').flatMap(({ part = [] }) => part);
    return { state: 'completed', deleted: parts.reduce((sum, part) => sum + Number(part.valueInteger64 ?? 0), 0) };
  }
  if (answer.status === 409 || answer.status === 500)
    return { state: 'failed', failure: jobFailure(answer, { tried: 'The bulk delete' }) };
  throw fhirFailure(answer, attempted);
}
