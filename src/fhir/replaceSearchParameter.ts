import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkId } from './names.ts';

const attempted = { tried: 'Replacing a search parameter', role: 'FHIR Data Contributor' };

/**
 * Puts another definition in the place of one that the service has, under the id that it has there. Searches use the new
 * one after the next reindex.
 * @throws FailureError as the server says; `conflict` while a reindex runs
 */
export async function replaceSearchParameter(
  client: FhirClient,
  id: string,
  resource: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<void> {
  const definition = Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'id' && key !== 'meta'));
  const answer = await client.send(
    {
      method: 'PUT',
      path: `/SearchParameter/${checkId(id)}`,
      headers: { ...acceptFhir, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({ ...definition, id }),
      template: '/SearchParameter/{id}',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
  if (answer.status !== 200 && answer.status !== 201) throw fhirFailure(answer, attempted);
}
