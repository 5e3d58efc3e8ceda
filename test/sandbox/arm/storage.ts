import { jsonAnswer, type HttpAnswer } from '../http.ts';
import { bodyOf, methodNotAllowed, type ArmCall } from './armCall.ts';
import { invalidContent, resourceNotFound } from './armError.ts';
import { pagedAnswer } from './paging.ts';
import { objectAt, type ArmResource } from './world.ts';

const pageSize = 50;

/** The containers of an account as its blob service has them now. */
export type ContainersOf = (account: string) => Promise<readonly string[]>;

/**
 * `Microsoft.Storage`: accounts and, through the control plane, their containers. An account takes a PATCH of its tags and
 * its network rules; everything else is read only. Undefined: no such type.
 */
export async function storage(call: ArmCall, containersOf: ContainersOf): Promise<HttpAnswer | undefined> {
  const { types, names, id, scope } = call.path;
  if (types !== 'storageaccounts' && types !== 'storageaccounts/blobservices/containers') return undefined;
  const patching = call.request.method === 'PATCH' && types === 'storageaccounts' && names.length === 1;
  if (call.request.method !== 'GET' && !patching) throw methodNotAllowed(call);
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
  if (patching) await patchAccount(call, resource);
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

async function patchAccount(call: ArmCall, account: ArmResource): Promise<void> {
  const body = await bodyOf(call);
  const change = objectAt(body, 'properties');
  const wrong = [
    ...Object.keys(body).filter((key) => key !== 'properties' && key !== 'tags'),
    ...Object.keys(change).filter((key) => key !== 'networkAcls' && key !== 'publicNetworkAccess'),
  ];
  if (wrong.length > 0) throw invalidContent(`The sandbox changes no ${wrong.join(', ')} of a storage account`);
  if (body.tags !== undefined) call.world.change(account, { tags: objectAt(body, 'tags') });
  call.world.changeProperties(account, change);
}
