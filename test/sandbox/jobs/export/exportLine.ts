import type { StoredVersion } from '../../contract.ts';
import { formatInstant } from '../../fhir/instant.ts';
import { isObject, parsed, render } from '../../fhir/resourceText.ts';

/** Marks a line as a tombstone, on export and on import. */
export const deletedStateUrl = 'http://azurehealthcareapis.com/data-extensions/deleted-state';

/** A version as its line in an export file, with the newline: nothing marks history, an extension marks a tombstone. */
export function exportLine(version: StoredVersion): string {
  if (!version.deleted) return `${render(version)}\n`;
  const meta = {
    versionId: version.versionId,
    lastUpdated: formatInstant(version.lastUpdated),
    extension: [{ url: deletedStateUrl, valueString: 'soft-deleted' }],
  };
  return `${JSON.stringify({ resourceType: version.type, id: version.id, meta })}\n`;
}

/** A deletion as a bundle (FHIR Bulk Data Access, "deleted"). */
export function deletionLine({ type, id }: StoredVersion): string {
  const entry = [{ request: { method: 'DELETE', url: `${type}/${id}` } }];
  return `${JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry })}\n`;
}

/** The line of an anonymized export: everything but the meta is redacted, and the meta says so. */
export function anonymizedLine(version: StoredVersion): string {
  if (version.deleted) return exportLine(version);
  const { resourceType, id, meta } = parsed(version);
  const security = [
    {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
      code: 'REDACTED',
      display: 'redacted',
    },
  ];
  return `${JSON.stringify({ resourceType, id, meta: { ...(isObject(meta) ? meta : {}), security } })}\n`;
}
