import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { checkId, checkType } from './names.ts';

/** Deletes a resource; with `hard` all its versions. Resolves also when it is not there (contracts of the services, 7.2). */
export async function deleteResource(
  client: FhirClient,
  type: string,
  id: string,
  options: { readonly hard: boolean },
  signal: AbortSignal,
): Promise<void> {
  const answer = await client.send(
    {
      method: 'DELETE',
      path: `/${checkType(type)}/${checkId(id)}`,
      ...(options.hard ? { query: [['hardDelete', 'true']] as const } : {}),
      headers: acceptFhir,
      template: '/{type}/{id}',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 404 || answer.status === 410) return;
  throw fhirFailure(answer, {
    tried: 'Deleting a resource',
    role: options.hard ? 'FHIR Data Contributor' : 'FHIR Data Writer',
  });
}
