import { toFailure } from '../failure/failure.ts';
import { batchSearch } from './batchSearch.ts';
import { type Bundle, linkOf } from './bundle.ts';
import { type DefinitionResource, definitionsIn, moreDefinitions, readDefinitions } from './definitions.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';
import { maxBundleEntries } from './sendBatch.ts';
import { type ProfileCoverage, profileCoverage } from './profileCoverage.ts';
import { type ProfileUse, ProfileTally } from './profileUse.ts';

/** Definitions may be large, and the answer of a batch comes as a whole. */
const definitionsOnFirstPage = 100;
/** Resources of each type whose profiles are looked at. */
const resourcesOfType = 20;

const about = {
  attempted: { tried: 'Reading definitions and the profiles of the data', role: 'FHIR Data Reader' },
  template: '/ (batch of searches for definitions)',
};

export interface DefinitionsAndUse {
  readonly definitions: readonly DefinitionResource[];
  /** Profiles that the data names; undefined where the service did not answer the searches for them. */
  readonly use: readonly ProfileUse[] | undefined;
  /** Types of which only a part was looked at for profiles, and how far that part tells. */
  readonly partly?: readonly ProfileCoverage[];
}

/**
 * All definitions of a service and the profiles that its data names, in one batch and the further pages of definitions.
 * Of each type a few resources that name a profile are looked at; of types that have more of them, one more batch counts
 * how many name a profile that was seen. A server that takes no such batch is asked for its definitions alone.
 * @param dataTypes types that the service lists in its capability statement
 */
export async function readDefinitionsAndUse(
  client: FhirClient,
  definitionTypes: readonly string[],
  dataTypes: readonly string[],
  signal: AbortSignal,
): Promise<DefinitionsAndUse> {
  const wanted = definitionTypes.map(checkType).join(',');
  const searches = [
    `?_type=${wanted}&_count=${definitionsOnFirstPage}`,
    ...dataTypes
      .slice(0, maxBundleEntries - 1)
      .map((type) => `${checkType(type)}?_profile:missing=false&_elements=id,meta&_count=${resourcesOfType}`),
  ];
  let found;
  try {
    found = await batchSearch(client, searches, about, signal);
  } catch (error) {
    const { kind } = toFailure(error);
    if (kind === 'cancelled' || kind === 'retired' || kind === 'notSignedIn' || kind === 'network') throw error;
    return { definitions: await readDefinitions(client, definitionTypes, signal), use: undefined };
  }
  const [first, ...samples] = found;
  const definitions =
    first?.bundle === undefined
      ? await readDefinitions(client, definitionTypes, signal)
      : await allPages(client, definitionTypes, first.bundle, signal);
  const bundles = samples.flatMap(({ bundle }) => bundle ?? []);
  // A server that does not know the parameter answers with anything: only what names a profile counts.
  if (bundles.length === 0) return { definitions, use: undefined };
  const tally = new ProfileTally();
  for (const { entry } of bundles) for (const { resource } of entry) tally.add(resource);
  const sampled = samples.flatMap(({ bundle }, index) => {
    const type = dataTypes[index];
    const hasMore = bundle !== undefined && linkOf(bundle, 'next') !== undefined;
    return type !== undefined && hasMore ? [{ type, profiles: tally.namesOf(type) }] : [];
  });
  return { definitions, use: tally.uses(), partly: await profileCoverage(client, sampled, signal) };
}

async function allPages(
  client: FhirClient,
  types: readonly string[],
  first: Bundle,
  signal: AbortSignal,
): Promise<readonly DefinitionResource[]> {
  const next = linkOf(first, 'next');
  const found = definitionsIn(first.entry, types);
  return next === undefined ? found : [...found, ...(await moreDefinitions(client, types, next, signal))];
}
