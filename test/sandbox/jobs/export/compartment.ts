import type { StoredVersion } from '../../contract.ts';
import { isObject, parsed } from '../../fhir/resourceText.ts';
import type { TimeOrderedStore } from '../../fhir/store.ts';
import { JobFailure } from '../job.ts';
import type { ExportDefinition } from './exportRequest.ts';

const patientReference = /"reference":"Patient\/([A-Za-z0-9.-]{1,64})/g;

/**
 * What a Patient or Group export takes: patients of the window, and what refers to them. The services go by FHIR's
 * patient compartment; here any reference to the patient counts.
 */
export function compartmentFilter(
  store: TimeOrderedStore,
  definition: ExportDefinition,
  inWindow: (version: StoredVersion) => boolean,
): (version: StoredVersion) => boolean {
  if (definition.scope === 'system') return () => true;
  const members = definition.groupId === undefined ? undefined : membersOf(store, definition.groupId, new Set());
  const patients = new Set<string>();
  for (const patient of store.currents('Patient')) {
    if (!patient.deleted && inWindow(patient) && members?.has(patient.id) !== false) patients.add(patient.id);
  }
  return (version) => {
    if (version.type === 'Patient') return patients.has(version.id);
    for (const [, id] of version.json.matchAll(patientReference)) {
      if (id !== undefined && patients.has(id)) return true;
    }
    return false;
  };
}

/** Ids of the patients of a group and of the groups in it. @throws JobFailure 400 when it does not exist */
function membersOf(store: TimeOrderedStore, groupId: string, seen: Set<string>): Set<string> {
  const group = store.current('Group', groupId);
  if (group === undefined || group.deleted) {
    throw new JobFailure(400, `Resource type 'Group' with id '${groupId}' couldn't be found.`);
  }
  seen.add(groupId);
  const members = new Set<string>();
  for (const reference of referencesOf(parsed(group).member)) {
    const [type, id] = reference.split('/');
    if (id === undefined) continue;
    if (type === 'Patient') members.add(id);
    if (type === 'Group' && !seen.has(id)) for (const member of membersOf(store, id, seen)) members.add(member);
  }
  return members;
}

function* referencesOf(members: unknown): Generator<string> {
  if (!Array.isArray(members)) return;
  for (const member of members as readonly unknown[]) {
    const entity = isObject(member) && isObject(member.entity) ? member.entity : {};
    if (isObject(member) && member.inactive !== true && typeof entity.reference === 'string') yield entity.reference;
  }
}
