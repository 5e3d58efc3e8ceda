import type { StoredVersion } from '../contract.ts';
import { canonicalJson, parseExactly, tombstoneJson, type JsonObject } from '../fhir/resourceText.ts';

const dayMs = 86_400_000;

/**
 * Data that real services have and simple tools trip over. `lastUpdated` lies in the last ten days before `now`.
 */
export function* oddities(now: number): Generator<StoredVersion> {
  const at = (days: number): number => Math.floor(now - days * dayMs);
  // Versions of one resource with the same date, and with dates that fall.
  yield live('Basic', 'equal-dates', 1, at(9), '"code":{"text":"first"}');
  yield live('Basic', 'equal-dates', 2, at(9), '"code":{"text":"second"}');
  yield live('Basic', 'inverted-dates', 1, at(7), '"code":{"text":"first"}');
  yield live('Basic', 'inverted-dates', 2, at(8), '"code":{"text":"second"}');
  // A gap in the versions, and a resource that was deleted and came back.
  yield live('Basic', 'gap', 1, at(6), '"code":{"text":"first"}');
  yield live('Basic', 'gap', 5, at(5), '"code":{"text":"fifth"}');
  yield live('Basic', 'returned', 1, at(6), '"code":{"text":"first"}');
  yield dead('Basic', 'returned', 2, at(5));
  yield live('Basic', 'returned', 3, at(4), '"code":{"text":"again"}');
  // Only a tombstone is left.
  yield dead('Basic', 'only-tombstone', 4, at(3));
  // Ids: differing by case only, as long as allowed, and the same across types.
  yield live('Basic', 'Case', 1, at(3), '"code":{"text":"upper"}');
  yield live('Basic', 'case', 1, at(3), '"code":{"text":"lower"}');
  yield live('Basic', 'x'.repeat(64), 1, at(3), '"code":{"text":"long id"}');
  yield live(
    'Flag',
    'case',
    1,
    at(3),
    '"status":"active","code":{"text":"same id"},"subject":{"reference":"Patient/case"}',
  );
  // Numbers and text that careless parsing changes.
  const quantity =
    '"valueQuantity":{"value":0.10,"unit":"1"},"component":[{"code":{"text":"n"},"valueQuantity":{"value":12345678901234567.890}}]';
  yield live('Observation', 'exact-numbers', 1, at(2), `"status":"final","code":{"text":"exact"},${quantity}`);
  yield live('Basic', 'text', 1, at(2), '"code":{"text":"line\\nbreak \\u2028 \\u0001 😀 <script>alert(1)</script>"}');
  // Near the size that gen1 allows.
  yield live('Binary', 'large', 1, at(1), `"contentType":"text/plain","data":"${'QUJD'.repeat(375_000)}"`);
}

function live(type: string, id: string, version: number, lastUpdated: number, members: string): StoredVersion {
  const json = canonicalJson(parseExactly(`{${members}}`) as JsonObject, type, id);
  return { type, id, versionId: String(version), lastUpdated, deleted: false, method: 'PUT', json };
}

function dead(type: string, id: string, version: number, lastUpdated: number): StoredVersion {
  const json = tombstoneJson(type, id);
  return { type, id, versionId: String(version), lastUpdated, deleted: true, method: 'DELETE', json };
}
