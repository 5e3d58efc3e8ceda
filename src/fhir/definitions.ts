import type { BundleEntry } from './bundle.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';
import { searchPages, type SearchRequest } from './searchPages.ts';

/** Conformance resources such as profiles, terminology and custom search parameters; a server keeps no built-in ones. */
export type DefinitionResource = Readonly<Record<string, unknown>> & { readonly resourceType: string };

const about = {
  template: '/?_type={types}',
  attempted: { tried: 'Reading definitions', role: 'FHIR Data Reader' },
};

/**
 * All resources of a few types in one search over the whole service, page by page. Only for types of which a service
 * holds few: everything is kept in memory.
 * @param types for example `SearchParameter`, `StructureDefinition`
 */
export function readDefinitions(
  client: FhirClient,
  types: readonly string[],
  signal: AbortSignal,
): Promise<readonly DefinitionResource[]> {
  const query = [
    ['_type', [...new Set(types.map(checkType))].join(',')],
    ['_count', '1000'],
  ] as const;
  return pagesFrom(client, types, { path: '/', query }, signal);
}

/** The pages of such a search from a `next` link on. */
export function moreDefinitions(
  client: FhirClient,
  types: readonly string[],
  next: string,
  signal: AbortSignal,
): Promise<readonly DefinitionResource[]> {
  return pagesFrom(client, types, { path: next, query: [] }, signal);
}

/** Resources of the wanted types: a server that drops a parameter which it does not know would answer with all it has. */
export function definitionsIn(
  entries: readonly BundleEntry[],
  types: readonly string[],
): readonly DefinitionResource[] {
  return entries.flatMap(({ resource }) => {
    const type = resource?.resourceType;
    return resource !== undefined && typeof type === 'string' && types.includes(type)
      ? [{ ...resource, resourceType: type }]
      : [];
  });
}

async function pagesFrom(
  client: FhirClient,
  types: readonly string[],
  start: Pick<SearchRequest, 'path' | 'query'>,
  signal: AbortSignal,
): Promise<readonly DefinitionResource[]> {
  const found: DefinitionResource[] = [];
  for await (const entries of searchPages(client, { ...about, ...start }, signal))
    found.push(...definitionsIn(entries, types));
  return found;
}
