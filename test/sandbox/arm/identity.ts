import type { JsonObject } from '../http.ts';
import { randomUUID } from 'node:crypto';
import { objectAt, textAt, type ArmResource, type ArmWorld } from './world.ts';

/**
 * The identity of a resource after a write. A system-assigned identity that was not there before is a new principal; one
 * that is taken away takes its principal and all its role assignments along.
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
  const principalId = systemAssigned ? (kept ?? newPrincipal(world, tenantId)) : undefined;
  return {
    type,
    ...(principalId === undefined ? {} : { principalId, tenantId }),
    ...(type.includes('UserAssigned') ? { userAssignedIdentities: userAssigned(wanted) } : {}),
  };
}

function newPrincipal(world: ArmWorld, tenantId: string): string {
  const principal = world.directory.add({
    kind: 'ManagedIdentity',
    displayName: 'Managed identity',
    clientId: randomUUID(),
    tenantIds: [tenantId],
  });
  return principal.objectIds.get(tenantId) ?? '';
}

function userAssigned(wanted: JsonObject): JsonObject {
  const identities: JsonObject = {};
  for (const id of Object.keys(objectAt(wanted, 'userAssignedIdentities'))) {
    identities[id] = { principalId: randomUUID(), clientId: randomUUID() };
  }
  return identities;
}
