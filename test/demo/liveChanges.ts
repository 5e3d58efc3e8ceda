import { createFhirClient, type FhirClient } from '../../src/fhir/fhirClient.ts';
import { deleteResource } from '../../src/fhir/deleteResource.ts';
import { postBatch } from '../../src/fhir/postBundle.ts';
import type { BundleRequest } from '../../src/fhir/sendBatch.ts';
import { createTransport } from '../../src/http/transport.ts';
import type { TokenSource } from '../../src/azure/tokens.ts';
import type { RunningSandbox } from '../sandbox/contract.ts';
import { demoSource } from './world.ts';

const created = 20;
const updated = 20;
const deleted = 10;

/**
 * What an application does on the source while it is being moved: new patients, changed ones, and soft deletes.
 * @returns how many resources were touched
 */
export async function changeSource(sandbox: RunningSandbox, tokens: TokenSource): Promise<number> {
  const client = createFhirClient({
    name: demoSource,
    endpoint: sandbox.endpointOf(demoSource),
    kind: 'azureApiForFhir',
    tokens,
    tenantId: sandbox.tenantId,
    userAgent: 'fhir-migration-demo',
    httpClient: createTransport(sandbox.certificateAuthority),
  });
  const { signal } = new AbortController();
  const existing = [...sandbox.store(demoSource).currents('Patient')].filter((version) => !version.deleted);
  const ids = existing.slice(0, updated + deleted).map(({ id }) => id);
  const fresh = Array.from({ length: created }, (_, i) => `late-${i}`);
  await write(client, signal, [...fresh, ...ids.slice(0, updated)].map(patient));
  for (const id of ids.slice(updated)) await deleteResource(client, 'Patient', id, { hard: false }, signal);
  return fresh.length + ids.length;
}

const patient = (id: string): BundleRequest => ({
  method: 'PUT',
  url: `Patient/${id}`,
  resource: { resourceType: 'Patient', id, name: [{ family: 'Changed-Meanwhile' }] },
});

async function write(client: FhirClient, signal: AbortSignal, entries: readonly BundleRequest[]): Promise<void> {
  const results = await postBatch(client, entries, signal);
  const failure = results.find((result) => result.failure !== undefined)?.failure;
  if (failure !== undefined) throw new Error(`The source refused a change: ${failure.message}`);
}
