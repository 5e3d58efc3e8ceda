import type { Cloud } from '../../src/azure/cloud.ts';
import type { RunningSandbox } from './contract.ts';

/** The sandbox as a custom cloud: what a client of Azure has to be told to talk to it. */
export function cloudOf(
  sandbox: Pick<RunningSandbox, 'origin' | 'armEndpoint' | 'loginEndpoint' | 'blobEndpoint' | 'certificateAuthority'>,
): Cloud {
  return {
    name: 'custom',
    resourceManager: sandbox.armEndpoint,
    resourceManagerAudience: sandbox.armEndpoint,
    loginHost: sandbox.loginEndpoint,
    storageAudience: 'https://storage.azure.com',
    azureApiForFhir: `${sandbox.origin}/fhir/{name}`,
    ahds: `${sandbox.origin}/fhir/{fhir}`,
    blob: sandbox.blobEndpoint('{account}'),
    portal: `${sandbox.origin}/portal`,
    certificateAuthority: sandbox.certificateAuthority,
  };
}
