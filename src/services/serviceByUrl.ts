import type { Cloud } from '../azure/cloud.ts';
import type { DiscoveredService } from '../azure/discovered.ts';
import { detectKind } from '../fhir/detectKind.ts';
import type { FhirClient } from '../fhir/fhirClient.ts';
import { readMetadata } from '../fhir/metadata.ts';

/**
 * A service known by its address alone. `/metadata` proves that it is a FHIR server and tells its version.
 * @throws FailureError when the address does not answer, or with something that is no capability statement
 */
export async function serviceByUrl(client: FhirClient, cloud: Cloud, signal: AbortSignal): Promise<DiscoveredService> {
  const { endpoint } = client.base;
  const { capabilities } = await readMetadata(client, signal);
  const { host, pathname } = new URL(endpoint);
  return {
    id: endpoint.toLowerCase(),
    kind: detectKind(endpoint, cloud),
    name: pathname === '/' ? (host.split('.')[0] ?? host) : (pathname.split('/').at(-1) ?? host),
    endpoint,
    resourceId: undefined,
    tenantId: undefined,
    subscriptionId: undefined,
    resourceGroup: undefined,
    workspace: undefined,
    location: undefined,
    fhirVersion: capabilities.fhirVersion.split('.').slice(0, 2).join('.'),
    provisioningState: undefined,
    audience: undefined,
    exportStorageAccount: undefined,
    importMode: undefined,
    importStorageAccount: undefined,
    identity: undefined,
    principalId: undefined,
    publicNetworkAccess: undefined,
    tags: {},
  };
}
