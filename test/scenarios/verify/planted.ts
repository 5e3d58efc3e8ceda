import type { FhirStore, StoredVersion } from '../../sandbox/contract.ts';

/** Puts every version of one store into another one, as an import that lost nothing would. */
export function copyAll(from: FhirStore, to: FhirStore): void {
  for (const type of from.types()) for (const version of from.everyVersion(type)) to.put(version);
}

const dayMs = 86_400_000;

/** A resource with one version, some days before `now`. */
export const observation = (id: string, days: number, now: number, value = '1.0'): StoredVersion => ({
  type: 'Observation',
  id,
  versionId: '1',
  lastUpdated: now - days * dayMs,
  deleted: false,
  method: 'PUT',
  json: `{"resourceType":"Observation","id":"${id}","status":"final","valueQuantity":{"value":${value},"unit":"mg"}}`,
});

/** What each planted resource must be found as: `class reason`. Everything else must be found equal. */
export type Planted = Readonly<Record<string, string>>;

/** Plants one of each kind of difference, and of each kind of sameness that is easily taken for one. */
export function plant(source: FhirStore, target: FhirStore, now: number): Planted {
  const both = (version: StoredVersion): void => {
    source.put(version);
    target.put(version);
  };
  const at = (id: string, days: number, value?: string): StoredVersion => observation(id, days, now, value);
  source.put(at('missing', 700));
  target.put(at('extra', 200));
  source.put(at('changed', 380, '5'));
  target.put(at('changed', 380, '6'));
  source.put(at('decimal', 370, '1.0'));
  target.put(at('decimal', 370, '1.00'));
  const ordered = at('reordered', 360);
  source.put(ordered);
  target.put({
    ...ordered,
    json: '{"resourceType":"Observation","id":"reordered","valueQuantity":{"unit":"mg","value":1.0},"status":"final"}',
  });
  both(at('hardDeleted', 350));
  source.purge('Observation', 'hardDeleted');
  both(at('softDeleted', 340));
  source.put({ ...tombstone('softDeleted'), lastUpdated: now - 100 * dayMs });
  both(at('Case', 120, '7'));
  both(at('case', 120, '8'));
  target.purge('Observation', 'case');
  both(at('late', 320));
  source.put({ ...at('late', 320, '9'), versionId: '2', lastUpdated: now + 60_000 });
  source.put({ ...at('lateNew', 0), lastUpdated: now + 61_000 });
  both(at('conflict', 310));
  target.put({ ...at('conflict', 310, '4'), versionId: '2', lastUpdated: now - 5 * dayMs });
  for (const [version, days] of [
    ['1', 308],
    ['2', 306],
    ['3', 304],
  ] as const) {
    const gap = { ...at('versionGap', days, version), versionId: version };
    source.put(gap);
    if (version !== '2') target.put(gap);
  }
  return {
    missing: 'missingOnTarget neverThere',
    extra: 'extraOnTarget notOnSource',
    changed: 'differs content',
    decimal: 'differs content',
    hardDeleted: 'extraOnTarget notOnSource',
    softDeleted: 'extraOnTarget deletedOnSource',
    case: 'missingOnTarget neverThere',
    conflict: 'differs changedOnTarget',
  };
}

const tombstone = (id: string): StoredVersion => ({
  type: 'Observation',
  id,
  versionId: '2',
  lastUpdated: 0,
  deleted: true,
  method: 'DELETE',
  json: `{"resourceType":"Observation","id":"${id}"}`,
});
