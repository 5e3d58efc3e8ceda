import type { Failure } from '../failure/failure.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkType } from './names.ts';

const attempted = { tried: 'Searching with a search parameter', role: 'FHIR Data Reader' };

/**
 * Tries a search parameter on one type without fetching anything. With strict handling a server refuses what it does not
 * use (fhir-server: SearchOptionsFactory); without it, it would answer as if nothing had been asked.
 * @returns undefined when the search answers, else why it does not
 */
export async function probeSearch(
  client: FhirClient,
  type: string,
  code: string,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  const answer = await client.send(
    {
      method: 'GET',
      path: `/${checkType(type)}`,
      query: [
        [`${code}:missing`, 'false'],
        ['_summary', 'count'],
      ],
      headers: { ...acceptFhir, prefer: 'handling=strict' },
      template: '/{type}?{parameter}:missing=false&_summary=count',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.count,
    },
    signal,
  );
  return answer.status === 200 ? undefined : fhirFailure(answer, attempted).failure;
}
