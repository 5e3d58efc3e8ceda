import { FailureError } from '../failure/failure.ts';
import type { Cloud } from './cloud.ts';

/** Names of services, workspaces and accounts: what may stand in a host name, so that a template cannot be broken out of. */
const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Address of an Azure API for FHIR service. Throws `invalidInput` where the cloud has none, or the name is not one. */
export function azureApiForFhirEndpoint(cloud: Cloud, name: string): string {
  return fill(cloud, cloud.azureApiForFhir, { name });
}

/** Address of the FHIR service of a workspace. Throws `invalidInput` where the cloud has none, or a name is not one. */
export function ahdsEndpoint(cloud: Cloud, workspace: string, fhir: string): string {
  return fill(cloud, cloud.ahds, { workspace, fhir });
}

/** Blob endpoint of an account, where ARM cannot be asked. Throws `invalidInput` as above. */
export function blobEndpoint(cloud: Cloud, account: string): string {
  return fill(cloud, cloud.blob, { account });
}

function fill(cloud: Cloud, template: string, names: Readonly<Record<string, string>>): string {
  if (template === '')
    throw new FailureError({
      kind: 'invalidInput',
      message:
        cloud.name === 'china'
          ? 'The host names of FHIR services in Azure China are not documented.'
          : 'The custom cloud has no address template for this kind of service.',
      nextStep:
        cloud.name === 'china'
          ? 'Add the service by its address, as its page in the Azure portal shows it.'
          : 'Add the template to the settings of the custom cloud, or add the service by its address.',
    });
  let address = template;
  for (const [placeholder, name] of Object.entries(names)) {
    const lower = name.toLowerCase();
    if (!namePattern.test(lower))
      throw new FailureError({
        kind: 'invalidInput',
        message: `A ${placeholder} has a name that cannot be part of an address.`,
      });
    address = address.replace(`{${placeholder}}`, lower);
  }
  return address;
}
