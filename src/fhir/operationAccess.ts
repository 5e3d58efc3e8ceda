import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { type OperationKind, operationUrl } from './operationUrl.ts';

const roles: Readonly<Record<OperationKind, string>> = {
  export: 'FHIR Data Exporter',
  import: 'FHIR Data Importer',
  reindex: 'FHIR Data Contributor',
};

/**
 * Proves that the signed-in account may use an operation, without starting one: the status of a job that cannot exist is
 * 404 for who may ask and 403 for who may not. Throws what the service answers otherwise.
 */
export async function checkOperationAccess(
  client: FhirClient,
  kind: OperationKind,
  signal: AbortSignal,
): Promise<void> {
  const answer = await client.send(
    {
      method: 'GET',
      path: operationUrl(client, kind, '0'),
      headers: acceptFhir,
      template: `/_operations/${kind}/{id}`,
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.status,
    },
    signal,
  );
  if (answer.status === 404 || answer.status === 200 || answer.status === 202) return;
  throw fhirFailure(answer, { tried: `Checking the right to use ${kind}s`, role: roles[kind] });
}
