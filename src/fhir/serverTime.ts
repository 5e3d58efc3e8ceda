import { parseHttpDate } from '../http/retryAfter.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { unexpected } from './readAnswer.ts';

const attempted = { tried: 'Reading the clock' };

/**
 * The server's clock in milliseconds since 1970 UTC, to the second, from the `Date` header of `/metadata`, which every
 * state of every kind answers without a token.
 */
export async function serverTime(client: FhirClient, signal: AbortSignal): Promise<number> {
  const answer = await client.send(
    {
      method: 'GET',
      path: '/metadata',
      // Most of the statement is left out where the server can do so; only the header is of interest.
      query: [['_summary', 'true']],
      headers: acceptFhir,
      template: '/metadata',
      retry: 'idempotent',
      anonymous: true,
      maxBytes: maxBytes.metadata,
      deadlineMs: deadlineMs.metadata,
    },
    signal,
  );
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  const at = parseHttpDate(answer.header('date'));
  if (at === undefined) throw unexpected(answer, attempted, 'it carries no Date header');
  return at;
}
