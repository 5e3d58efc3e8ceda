import type { ArmClient } from '../../azure/armClient.ts';
import { readLocks } from '../../azure/diagnosticSettings.ts';
import { readResource, resourceRequest } from '../../azure/readResource.ts';
import { readPermissions } from '../../azure/roleAssignments.ts';
import type { ChangeableResource } from '../../compare/changes/changeable.ts';
import { probe } from '../preflight/probe.ts';

/**
 * A resource, and what the signed-in account may do with it; rights and locks that cannot be read hide nothing else.
 * @throws FailureError when the resource itself cannot be read
 */
export async function changeableResource(
  arm: ArmClient,
  resourceId: string,
  name: string,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<ChangeableResource> {
  const request = resourceRequest(resourceId, name, tenantId, `Reading the settings of ${name}`);
  const [json, permissions, locks] = await Promise.all([
    readResource(arm, request, signal),
    probe('GET Microsoft.Authorization/permissions', () => readPermissions(arm, resourceId, tenantId, signal)),
    probe('GET Microsoft.Authorization/locks', () => readLocks(arm, resourceId, tenantId, signal)),
  ]);
  return { resourceId, name, tenantId, json, permissions, locks };
}
