import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { importBody, type ImportRequest } from './importBody.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import { type AcceptedOperation, acceptedOperation } from './operationUrl.ts';

const attempted = { tried: 'Starting the import', role: 'FHIR Data Importer' };

/**
 * Registers an import. The same files and flags always give the same job, even one that failed or was cancelled, so a
 * lost answer is simply asked for again (fhir-server: EnqueueJobs, definition hash).
 */
export async function startImport(
  client: FhirClient,
  request: ImportRequest,
  signal: AbortSignal,
): Promise<AcceptedOperation> {
  const answer = await client.send(
    {
      method: 'POST',
      path: '/$import',
      headers: { ...acceptFhir, prefer: 'respond-async', 'content-type': 'application/fhir+json' },
      body: importBody(request),
      template: '/$import',
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.start,
    },
    signal,
  );
  if (answer.status !== 202) throw fhirFailure(answer, attempted);
  return acceptedOperation(client, answer, attempted);
}
