import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs, maxBytes } from './limits.ts';
import type { OperationKind } from './operationUrl.ts';

/** What a second cancel, or one that comes too late, is answered with (contracts of the services, 0.4). */
const alreadyOver: Readonly<Record<OperationKind, readonly number[]>> = {
  export: [404],
  import: [404, 409],
  reindex: [400, 404],
};

/** Cancels a job. Resolves also when it is already gone or over; what it wrote until then stays. */
export async function cancelOperation(
  client: FhirClient,
  kind: OperationKind,
  statusUrl: string,
  signal: AbortSignal,
): Promise<void> {
  const answer = await client.send(
    {
      method: 'DELETE',
      path: statusUrl,
      headers: acceptFhir,
      template: `/_operations/${kind}/{id}`,
      retry: 'idempotent',
      maxBytes: maxBytes.small,
      deadlineMs: deadlineMs.status,
    },
    signal,
  );
  if ((answer.status >= 200 && answer.status < 300) || alreadyOver[kind].includes(answer.status)) return;
  throw fhirFailure(answer, { tried: `Cancelling the ${kind}` });
}
