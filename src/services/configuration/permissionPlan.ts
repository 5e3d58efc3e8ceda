import type { ArmClient } from '../../azure/armClient.ts';
import { readRoleAssignments } from '../../azure/roleAssignments.ts';
import { carryPermissions } from '../../compare/changes/carryPermissions.ts';
import { clientAdvice } from '../../compare/changes/clientAdvice.ts';
import type { ServiceRoles } from '../../compare/roleDrift.ts';
import { changeableResource } from '../changes/changeableResource.ts';
import { changePair } from '../changes/changePair.ts';
import { openSide, type ServiceRef, type Side, type SideOptions } from '../compare/side.ts';
import { configuredInTenant, noDefinitions, writableTarget } from './writableTarget.ts';
import type { PermissionPlan } from './contract.ts';

/**
 * Looks at who may use the data of both services, reading only, and says what the target needs.
 * @throws FailureError `invalidInput` when the source is known by its address alone or the target is not one of AHDS
 */
export async function permissionPlan(
  source: ServiceRef,
  target: ServiceRef,
  options: SideOptions,
): Promise<PermissionPlan> {
  const [from, to] = await Promise.all([
    openSide(source, noDefinitions, options),
    openSide(target, noDefinitions, options),
  ]);
  const { arm, signal } = options;
  const { service, resourceId } = await writableTarget(to);
  const [sourceConfigured, targetConfigured] = await Promise.all([
    configuredInTenant(from, options),
    configuredInTenant(to, options),
  ]);
  const [sourceRoles, targetRoles, resource] = await Promise.all([
    rolesOf(from, arm, signal),
    rolesOf(to, arm, signal),
    changeableResource(arm, resourceId, service.name, targetConfigured.tenantId, signal),
  ]);
  const rows = carryPermissions({
    source: sourceConfigured,
    sourceRoles,
    target: resource,
    targetRoles,
  });
  return {
    source: { name: from.service.name, endpoint: from.service.endpoint },
    target: { name: service.name, endpoint: service.endpoint, resourceId },
    rows,
    clients: clientAdvice(sourceConfigured, targetConfigured, rows),
    pair: changePair(from.service, service),
  };
}

async function rolesOf(side: Side, arm: ArmClient, signal: AbortSignal): Promise<ServiceRoles> {
  const { service } = await side.details();
  const resourceId = service.resourceId ?? service.id;
  const assignments = await readRoleAssignments(arm, resourceId, undefined, service.tenantId, signal);
  return { resourceId, principalId: service.principalId, assignments };
}
