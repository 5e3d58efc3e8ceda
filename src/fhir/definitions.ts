import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';
import { searchPages } from './searchPages.ts';

/** Conformance resources such as profiles, terminology and custom search parameters; a server keeps no built-in ones. */
export type DefinitionResource = Readonly<Record<string, unknown>> & { readonly resourceType: string };

/**
 * All resources of a few types in one search over the whole service, page by page. Only for types of which a service
 * holds few: everything is kept in memory.
 * @param types for example `SearchParameter`, `StructureDefinition`
 */
export async function readDefinitions(
  client: FhirClient,
  types: readonly string[],
  signal: AbortSignal,
): Promise<readonly DefinitionResource[]> {
  const wanted = new Set(types.map(checkType));
  const pages = searchPages(
    client,
    {
      path: '/',
      query: [
        ['_type', [...wanted].join(',')],
        ['_count', '1000'],
      ],
      template: '/?_type={types}',
      attempted: { tried: 'Reading definitions', role: 'FHIR Data Reader' },
    },
    signal,
  );
  const found: DefinitionResource[] = [];
  for await (const entries of pages)
    for (const { resource } of entries) {
      const type = resource?.resourceType;
      // A server that drops a parameter which it does not know would answer with everything that it has.
      if (resource !== undefined && typeof type === 'string' && wanted.has(type))
        found.push({ ...resource, resourceType: type });
    }
  return found;
}
