import type { Cloud } from '../azure/cloud.ts';
import type { ServiceKind } from './serviceKind.ts';

/**
 * The kind of a service that is known by its address alone. Only Azure's own host names, or the address templates of
 * the cloud, make a service one of Azure's; everything else is a FHIR server with an address. Where a custom cloud has
 * the same template for both, the capability statement decides: only the SQL services have transactions.
 */
export function detectKind(
  endpoint: string,
  cloud: Pick<Cloud, 'azureApiForFhir' | 'ahds'>,
  capabilities?: { readonly transaction: boolean },
): ServiceKind {
  const address = endpoint.replace(/\/+$/, '').toLowerCase();
  const ahds = matches(cloud.ahds, address);
  const azureApiForFhir = matches(cloud.azureApiForFhir, address);
  if (ahds && azureApiForFhir && capabilities !== undefined)
    return capabilities.transaction ? 'ahds' : 'azureApiForFhir';
  if (ahds) return 'ahds';
  return azureApiForFhir ? 'azureApiForFhir' : 'fhirServer';
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
