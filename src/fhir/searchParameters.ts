import type { FhirClient } from './fhirClient.ts';
import { searchPages } from './searchPages.ts';

/** A custom search parameter: its identity for the journal, its resource for the target. */
export interface SearchParameterSource {
  readonly url: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** Built-in parameters are no resources, so this returns exactly the custom ones (fhir-server: search-parameters.json). */
export async function readSearchParameters(
  client: FhirClient,
  signal: AbortSignal,
): Promise<readonly SearchParameterSource[]> {
  const pages = searchPages(
    client,
    {
      path: '/SearchParameter',
      query: [['_count', '1000']],
      template: '/SearchParameter',
      attempted: { tried: 'Reading the search parameters', role: 'FHIR Data Reader' },
    },
    signal,
  );
  const found = new Map<string, SearchParameterSource>();
  for await (const entries of pages)
    for (const { resource } of entries)
      if (resource?.resourceType === 'SearchParameter' && typeof resource.url === 'string')
        found.set(resource.url, { url: resource.url, resource });
  return [...found.values()];
}
