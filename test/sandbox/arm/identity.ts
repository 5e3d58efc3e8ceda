import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../http.ts';
import { objectAt, textAt, type ArmResource, type ArmWorld } from './world.ts';

/**
 * The identity of a resource after a write. A system-assigned identity that was not there before is a new principal; one
 * that is taken away takes its principal and all its role assignments along. A user-assigned one is the same everywhere.
 */
export function writeIdentity(
  world: ArmWorld,
  tenantId: string,
  wanted: JsonObject,
  existing: ArmResource | undefined,
): JsonObject {
  const before = existing === undefined ? {} : objectAt(existing.document, 'identity');
  const type = textAt(wanted, 'type')?.replaceAll(' ', '') ?? 'None';
  const kept = textAt(before, 'principalId');
  const systemAssigned = type.includes('SystemAssigned');
  if (kept !== undefined && !systemAssigned) {
    world.directory.removeObject(kept);
    world.assignments.removePrincipal(kept);
  }
  const principalId = systemAssigned ? (kept ?? newPrincipal(world, tenantId).principalId) : undefined;
  return {
    type,
    ...(principalId === undefined ? {} : { principalId, tenantId }),
    ...(type.includes('UserAssigned') ? { userAssignedIdentities: userAssigned(world, tenantId, wanted) } : {}),
  };
}

/** Object ids of all identities of a resource. */
export function principalsOf(resource: ArmResource): readonly string[] {
  const identity = objectAt(resource.document, 'identity');
  const assigned = Object.values(objectAt(identity, 'userAssignedIdentities'));
  return [identity, ...assigned].flatMap((one) => (isJsonObject(one) ? (textAt(one, 'principalId') ?? []) : []));
}

function newPrincipal(world: ArmWorld, tenantId: string): { principalId: string; clientId: string } {
  const clientId = randomUUID();
  const principal = world.directory.add({
    kind: 'ManagedIdentity',
    displayName: 'Managed identity',
    clientId,
    tenantIds: [tenantId],
  });
  return { principalId: principal.objectIds.get(tenantId) ?? '', clientId };
}

function userAssigned(world: ArmWorld, tenantId: string, wanted: JsonObject): JsonObject {
  const identities: JsonObject = {};
  for (const id of Object.keys(objectAt(wanted, 'userAssignedIdentities'))) {
    const known = world.userIdentities.get(id.toLowerCase()) ?? newPrincipal(world, tenantId);
    world.userIdentities.set(id.toLowerCase(), known);
    identities[id] = { ...known };
  }
  return identities;
}
