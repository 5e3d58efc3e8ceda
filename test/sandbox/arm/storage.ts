import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { methodNotAllowed, type ArmCall } from './armCall.ts';
import { resourceNotFound } from './armError.ts';
import { pagedAnswer } from './paging.ts';

const pageSize = 50;

/** The containers of an account as its blob service has them now. */
export type ContainersOf = (account: string) => Promise<readonly string[]>;

/** `Microsoft.Storage`: accounts and, through the control plane, their containers. Reads only. Undefined: no such type. */
export async function storage(call: ArmCall, containersOf: ContainersOf): Promise<HttpAnswer | undefined> {
  const { types, names, id, scope } = call.path;
  if (types !== 'storageaccounts' && types !== 'storageaccounts/blobservices/containers') return undefined;
  if (call.request.method !== 'GET') throw methodNotAllowed(call);
  const page = { url: `${call.base}${id}`, query: call.query, size: pageSize };
  const [account] = names;
  if (account === undefined) {
    const accounts = call.world.list('Microsoft.Storage/storageAccounts', scope).map((resource) => resource.document);
    return pagedAnswer(accounts, page);
  }
  const accountId = `${scope}/providers/Microsoft.Storage/storageAccounts/${account}`;
  const resource = call.world.resource(accountId);
  if (resource === undefined) {
    throw resourceNotFound('Microsoft.Storage/storageAccounts', [account], call.path.resourceGroup ?? '');
  }
  if (types === 'storageaccounts') return jsonAnswer(200, resource.document);
  const containers = (await containersOf(resource.names[0] ?? '')).map((name) => ({
    id: `${resource.id}/blobServices/default/containers/${name}`,
    name,
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    properties: {
      deleted: false,
      remainingRetentionDays: 0,
      defaultEncryptionScope: '$account-encryption-key',
      denyEncryptionScopeOverride: false,
      publicAccess: 'None',
      leaseStatus: 'Unlocked',
      leaseState: 'Available',
      hasImmutabilityPolicy: false,
      hasLegalHold: false,
    },
  }));
  const [, , container] = names;
  if (container === undefined) return pagedAnswer(containers, page);
  const one = containers.find(({ name }) => name === container);
  if (one === undefined) {
    throw resourceNotFound(
      'Microsoft.Storage/storageAccounts/blobServices/containers',
      names,
      call.path.resourceGroup ?? '',
    );
  }
  return jsonAnswer(200, one);
}
