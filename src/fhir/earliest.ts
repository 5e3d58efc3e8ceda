import { versionOf } from './bundle.ts';
import type { CountOf } from './count.ts';
import type { FhirClient } from './fhirClient.ts';
import { searchPages } from './searchPages.ts';

/**
 * `meta.lastUpdated` of the first resource or version, milliseconds since 1970 UTC; undefined when the service is empty.
 * The first page may be empty on Azure API for FHIR, so pages are read until one holds an entry.
 */
export async function earliest(client: FhirClient, of: CountOf, signal: AbortSignal): Promise<number | undefined> {
  const pages = searchPages(
    client,
    {
      path: of === 'versions' ? '/_history' : '/',
      query: [
        ['_sort', '_lastUpdated'],
        ['_count', '1'],
      ],
      template: of === 'versions' ? '/_history?_sort=_lastUpdated' : '/?_sort=_lastUpdated',
      attempted: { tried: 'Looking for the first resource', role: 'FHIR Data Reader' },
    },
    signal,
  );
  for await (const entries of pages) {
    const dates = entries.flatMap((entry) => versionOf(entry).lastUpdated ?? []);
    if (dates.length > 0) return Math.min(...dates);
  }
  return undefined;
}
