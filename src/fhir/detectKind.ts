import type { Cloud } from '../azure/cloud.ts';
import type { ServiceKind } from './serviceKind.ts';

/**
 * The kind of a service that is known by its address alone. Only Azure's own host names, or the address templates of
 * the cloud, make a service one of Azure's; everything else is a FHIR server with an address.
 */
export function detectKind(endpoint: string, cloud: Pick<Cloud, 'azureApiForFhir' | 'ahds'>): ServiceKind {
  const address = endpoint.replace(/\/+$/, '').toLowerCase();
  if (matches(cloud.ahds, address)) return 'ahds';
  if (matches(cloud.azureApiForFhir, address)) return 'azureApiForFhir';
  return 'fhirServer';
}

function matches(template: string, address: string): boolean {
  if (template === '') return false;
  const pattern = template
    .replace(/\/+$/, '')
    .toLowerCase()
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[a-z0-9-]+');
  return new RegExp(`^${pattern}$`).test(address);
}
