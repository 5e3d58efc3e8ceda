import type { ResourceJson } from './resourceEdits.ts';

/** Keys of the envelope that ARM itself writes. The etag stays: the provider compares it as well. */
const readOnly: ReadonlySet<string> = new Set(['id', 'name', 'type', 'systemData']);

/**
 * Read-only settings of a FHIR service of AHDS at 2024-03-31. An Azure API for FHIR takes `publicNetworkAccess` and
 * `privateEndpointConnections`: leaving them out of its PUT could open a closed service, so they travel back unchanged.
 */
const readOnlyProperties: ReadonlySet<string> = new Set([
  'provisioningState',
  'eventState',
  'privateEndpointConnections',
  'publicNetworkAccess',
]);

const isFields = (value: unknown): value is ResourceJson =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of a resource may be sent back in a PUT: everything but what is read-only, unknown keys included. */
export function writableBody(resource: ResourceJson, type: string): ResourceJson {
  const ahds = type.toLowerCase() === 'microsoft.healthcareapis/workspaces/fhirservices';
  const entries = Object.entries(resource).flatMap(([key, value]): readonly (readonly [string, unknown])[] => {
    if (readOnly.has(key)) return [];
    if (key === 'identity' && isFields(value)) return [[key, writableIdentity(value)]];
    if (key !== 'properties' || !isFields(value)) return [[key, value]];
    const kept = Object.entries(value).filter(
      ([name]) => name !== 'provisioningState' && !(ahds && readOnlyProperties.has(name)),
    );
    return [[key, Object.fromEntries(kept)]];
  });
  return Object.fromEntries(entries);
}

/** Ids of principals are Azure's; a user-assigned identity is named by its key alone. */
export function writableIdentity(identity: ResourceJson): ResourceJson {
  const kept = Object.entries(identity).filter(([key]) => key !== 'principalId' && key !== 'tenantId');
  return Object.fromEntries(
    kept.map(([key, value]) =>
      key === 'userAssignedIdentities' && isFields(value)
        ? [key, Object.fromEntries(Object.keys(value).map((id) => [id, {}]))]
        : [key, value],
    ),
  );
}
