import { versionOf } from './bundle.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkId, checkType } from './names.ts';
import { searchPages } from './searchPages.ts';

/** A version as a service holds it. */
export interface HeldVersion {
  readonly versionId: string;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated: number;
  readonly deleted: boolean;
}

const attempted = { tried: 'Reading the versions of a resource', role: 'FHIR Data Reader' };

/** Every version that the service holds of a resource, newest first; empty when it never existed. */
export async function heldVersions(
  client: FhirClient,
  type: string,
  id: string,
  signal: AbortSignal,
): Promise<readonly HeldVersion[]> {
  const pages = searchPages(
    client,
    {
      path: `/${checkType(type)}/${checkId(id)}/_history`,
      query: [['_count', '100']],
      template: '/{type}/{id}/_history',
      attempted,
      emptyStatuses: [404],
    },
    signal,
  );
  const held: HeldVersion[] = [];
  for await (const entries of pages)
    for (const entry of entries) {
      const { versionId, lastUpdated } = versionOf(entry);
      if (versionId === undefined || lastUpdated === undefined) continue;
      held.push({ versionId, lastUpdated, deleted: entry.request?.method === 'DELETE' });
    }
  return held.sort((a, b) => b.lastUpdated - a.lastUpdated || Number(b.versionId) - Number(a.versionId));
}
