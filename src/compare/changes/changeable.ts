import type { ResourceLock } from '../../azure/diagnosticSettings.ts';
import { mayAct, type Permission } from '../../azure/mayAct.ts';
import { type Edit, notHeld, type ResourceJson, valueAt, valuesNow } from '../../azure/resourceEdits.ts';
import type { Probe } from '../../services/preflight/facts.ts';
import type { SettingsChange } from './change.ts';

/** A resource in Azure that may be changed, and what the signed-in account may do with it. */
export interface ChangeableResource {
  readonly resourceId: string;
  readonly name: string;
  readonly tenantId: string | undefined;
  readonly json: ResourceJson;
  readonly permissions: Probe<readonly Permission[]>;
  readonly locks: Probe<readonly ResourceLock[]>;
}

/** The change of those settings of a resource that are not as wanted; undefined when all are. */
export function settingsChange(
  id: string,
  title: string,
  { resourceId, name, tenantId, json }: ChangeableResource,
  wanted: readonly Edit[],
): SettingsChange | undefined {
  const edits = wanted.filter((edit) => notHeld(json, [edit]).length > 0);
  if (edits.length === 0) return undefined;
  const before = valuesNow(json, edits);
  return { kind: 'settings', id, title, resourceId, resourceName: name, tenantId, edits, before };
}

/**
 * Why a resource cannot be written by this account now: a lock, its state, or a right that is missing; undefined when
 * nothing of that is known.
 * @param action of the control plane that the write needs
 */
export function blockedBy(resource: ChangeableResource, action: string): string | undefined {
  const { name, permissions, locks, json } = resource;
  if (permissions.ok && !mayAct(permissions.value, action))
    return `Your account may not do this: it needs ${action} on ${name}.`;
  const lock = locks.ok ? locks.value.find(({ level }) => level.toLowerCase() === 'readonly') : undefined;
  if (lock !== undefined) return `The lock '${lock.name}' refuses every change of ${name}.`;
  const state = valueAt(json, ['properties', 'provisioningState']);
  if (typeof state === 'string' && state !== 'Succeeded')
    return `${name} is being changed: its state is ${state.slice(0, 40)}.`;
  if (valueAt(json, ['properties', 'eventState']) === 'Updating') return `Events of ${name} are being switched.`;
  return undefined;
}

/** The action of the control plane that writing the settings of a resource needs. */
export const writeOf = ({ resourceId }: Pick<ChangeableResource, 'resourceId'>): string =>
  /\/microsoft\.storage\//i.test(resourceId)
    ? 'Microsoft.Storage/storageAccounts/write'
    : /\/fhirservices\//i.test(resourceId)
      ? 'Microsoft.HealthcareApis/workspaces/fhirservices/write'
      : 'Microsoft.HealthcareApis/services/write';

export const assignRoles = 'Microsoft.Authorization/roleAssignments/write';
