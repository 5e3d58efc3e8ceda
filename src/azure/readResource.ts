import { FailureError } from '../failure/failure.ts';
import { type ArmClient, type ArmRequest, healthcareApiVersion } from './armClient.ts';
import type { ResourceJson } from './resourceEdits.ts';
import { parseResourceId } from './resourceId.ts';
import { storageApiVersion } from './storageAccount.ts';

/**
 * The request for one resource of Azure Health Data Services or one storage account.
 * @throws FailureError `invalidInput` for the id of anything else
 */
export function resourceRequest(
  resourceId: string,
  name: string,
  tenantId: string | undefined,
  tried: string,
): ArmRequest {
  const type = parseResourceId(resourceId)?.type;
  const storage = type === 'microsoft.storage/storageaccounts';
  if (!storage && type?.startsWith('microsoft.healthcareapis/') !== true)
    throw new FailureError({
      kind: 'invalidInput',
      message: `${name} is neither a resource of Azure Health Data Services nor a storage account.`,
    });
  return {
    path: resourceId.replace(/\/+$/, ''),
    apiVersion: storage ? storageApiVersion : healthcareApiVersion,
    template: storage ? '/{storage account}' : '/{resource}',
    tried,
    tenantId,
  };
}

/** A resource by raw GET, unknown keys included. @throws FailureError as ARM says */
export async function readResource(arm: ArmClient, request: ArmRequest, signal: AbortSignal): Promise<ResourceJson> {
  const json = await arm.get(request, signal);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as ResourceJson;
  throw new FailureError({ kind: 'unexpectedAnswer', message: `${request.tried}: Azure described no resource.` });
}
