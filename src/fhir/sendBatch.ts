import type { HttpAnswer } from '../http/answer.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { type Attempted, fhirFailure } from './fhirFailure.ts';
import { deadlineMs } from './limits.ts';

/** Documented and configured limit of one bundle (fhir-server: BundleConfiguration). */
export const maxBundleEntries = 500;

export interface BundleRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE' | 'GET';
  /** Relative to the service's base, for example `Patient/p1`. */
  readonly url: string;
  readonly resource?: Readonly<Record<string, unknown>>;
}

/** Sends requests as one batch, which answers 200 even when all its entries failed. Throws when the batch itself fails. */
export async function sendBatch(
  client: FhirClient,
  requests: readonly BundleRequest[],
  { attempted, template }: { readonly attempted: Attempted; readonly template: string },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const answer = await client.send(
    {
      method: 'POST',
      path: '/',
      headers: { ...acceptFhir, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: requests.map(({ method, url, resource }) => ({
          ...(resource === undefined ? {} : { resource }),
          request: { method, url },
        })),
      }),
      template,
      retry: requests.every(({ method }) => method !== 'POST') ? 'idempotent' : 'ifRefused',
      deadlineMs: deadlineMs.bundle,
    },
    signal,
  );
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  return answer;
}
