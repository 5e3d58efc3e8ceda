import { mayAct } from '../../azure/mayAct.ts';
import { type Edit, notHeld, valueAt, valuesNow } from '../../azure/resourceEdits.ts';
import { changeCommand } from '../../compare/changes/changeWords.ts';
import type { Change, SettingsChange } from '../../compare/changes/change.ts';
import type { Failure } from '../../failure/failure.ts';
import type { PreparedResource } from './facts.ts';

/** `ready`: as it must be; `change`: the product can set it; `advice`: somebody has to look; `unknown`: not to be seen. */
export type PrepareState = 'ready' | 'change' | 'advice' | 'unknown';

/** One thing that has to be set for a migration. */
export interface PrepareRow {
  /** Stable id, for example `target.import`. */
  readonly id: string;
  readonly title: string;
  readonly state: PrepareState;
  readonly current: string;
  readonly wanted: string;
  readonly guidance: string;
  /** What Apply writes; empty unless `change`. */
  readonly changes: readonly Change[];
  /** Why Apply cannot do it here; the commands are for somebody who can. */
  readonly blocked: string | undefined;
  /** Commands of the Azure CLI that do the same. */
  readonly commands: readonly string[];
}

export type About = Pick<PrepareRow, 'id' | 'title' | 'wanted' | 'guidance'>;

export const ready = (about: About, current: string, guidance = ''): PrepareRow => ({
  ...about,
  guidance,
  state: 'ready',
  current,
  changes: [],
  blocked: undefined,
  commands: [],
});

export const advice = (about: About, current: string, commands: readonly string[] = []): PrepareRow => ({
  ...about,
  state: 'advice',
  current,
  changes: [],
  blocked: undefined,
  commands,
});

export const unknown = (about: About, failure: Failure): PrepareRow => ({
  ...about,
  guidance: failure.nextStep ?? about.guidance,
  state: 'unknown',
  current: `Unknown: ${failure.message}`,
  changes: [],
  blocked: undefined,
  commands: [],
});

export const change = (
  about: About,
  current: string,
  changes: readonly Change[],
  blocked: string | undefined,
): PrepareRow => ({
  ...about,
  state: 'change',
  current,
  changes,
  blocked,
  commands: changes.flatMap((one) => changeCommand(one) ?? []),
});

/** The change of settings of a resource, or undefined when they are as wanted. */
export function settingsChange(
  id: string,
  title: string,
  { resourceId, name, tenantId, json }: PreparedResource,
  edits: readonly Edit[],
): SettingsChange | undefined {
  if (notHeld(json, edits).length === 0) return undefined;
  const before = valuesNow(json, edits);
  return { kind: 'settings', id, title, resourceId, resourceName: name, tenantId, edits, before };
}

/**
 * Why a resource cannot be written by this account now: a lock, its state, or a right that is missing; undefined when
 * nothing of that is known.
 * @param action of the control plane that the write needs
 */
export function blockedBy(resource: PreparedResource, action: string): string | undefined {
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

export const writeOf = ({ resourceId }: PreparedResource): string =>
  /\/microsoft\.storage\//i.test(resourceId)
    ? 'Microsoft.Storage/storageAccounts/write'
    : /\/fhirservices\//i.test(resourceId)
      ? 'Microsoft.HealthcareApis/workspaces/fhirservices/write'
      : 'Microsoft.HealthcareApis/services/write';

export const assignRoles = 'Microsoft.Authorization/roleAssignments/write';
