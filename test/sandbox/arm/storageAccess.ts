import { isJsonObject } from '../http.ts';
import { principalsOf } from './identity.ts';
import { objectAt, properties, textAt, type ArmResource, type ArmWorld } from './world.ts';

const writeBlobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write';

export interface StorageRefusal {
  readonly status: number;
  readonly reason: string;
}

/** Why a service's own identity may not use a storage account: no identity, no role, or the account's firewall. */
export function storageRefusal(
  world: ArmWorld,
  service: ArmResource,
  account: ArmResource,
): StorageRefusal | undefined {
  const principals = principalsOf(service);
  if (principals.length === 0) {
    return { status: 403, reason: 'Unable to get an access token for storage account.' };
  }
  if (!principals.some((principal) => world.assignments.mayActOnData(principal, account.id, writeBlobs))) {
    return { status: 403, reason: 'This request is not authorized to perform this operation using this permission.' };
  }
  return isLetThrough(service, account)
    ? undefined
    : { status: 403, reason: 'This request is not authorized to perform this operation.' };
}

/** A resource instance rule for the service, or the exception for trusted services, opens a closed account. */
function isLetThrough(service: ArmResource, account: ArmResource): boolean {
  const rules = objectAt(properties(account), 'networkAcls');
  if (rules.defaultAction !== 'Deny') return true;
  if (textAt(rules, 'bypass')?.includes('AzureServices') === true) return true;
  const { resourceAccessRules } = rules;
  return (
    Array.isArray(resourceAccessRules) &&
    resourceAccessRules.some(
      (rule) => isJsonObject(rule) && textAt(rule, 'resourceId')?.toLowerCase() === service.id.toLowerCase(),
    )
  );
}
