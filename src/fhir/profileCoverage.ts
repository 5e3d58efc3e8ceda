import { FailureError } from '../failure/failure.ts';
import { batchSearch } from './batchSearch.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';
import { maxBundleEntries } from './sendBatch.ts';

/** How far a sample tells which profiles the resources of a type name. */
export interface ProfileCoverage {
  readonly type: string;
  /** Resources that name a profile; undefined where nobody counted. */
  readonly naming: number | undefined;
  /** Of those, the ones that name a profile which was seen in the sample. */
  readonly seen: number | undefined;
}

/** Resources of one type of which only some were looked at, and the profiles that those name, as they name them. */
export interface SampledType {
  readonly type: string;
  readonly profiles: readonly string[];
}

/** An address with more of them would be too long for some proxies. */
const maxProfilesInSearch = 50;

const about = {
  attempted: { tried: 'Counting the resources that name a profile', role: 'FHIR Data Reader' },
  template: '/ (batch of counts of resources with profiles)',
};

/**
 * Counts, in one batch, how many resources of each type name a profile and how many of them name one that was seen. The
 * two differ where the sample missed a profile. A count that fails is left undefined and hides no other.
 * @throws FailureError `cancelled` when the user stopped it
 */
export async function profileCoverage(
  client: FhirClient,
  sampled: readonly SampledType[],
  signal: AbortSignal,
): Promise<readonly ProfileCoverage[]> {
  const counted = sampled
    .filter(({ profiles }) => profiles.length > 0 && profiles.length <= maxProfilesInSearch)
    .slice(0, maxBundleEntries / 2);
  const searches = counted.flatMap(({ type, profiles }) => [
    `${checkType(type)}?_profile:missing=false&_summary=count`,
    `${type}?_profile=${profiles.map(searchValue).join(',')}&_summary=count`,
  ]);
  const totals = await totalsOf(client, searches, signal);
  return sampled.map((one) => {
    const index = counted.indexOf(one);
    if (index < 0) return { type: one.type, naming: undefined, seen: undefined };
    return { type: one.type, naming: totals[index * 2], seen: totals[index * 2 + 1] };
  });
}

async function totalsOf(
  client: FhirClient,
  searches: readonly string[],
  signal: AbortSignal,
): Promise<readonly (number | undefined)[]> {
  try {
    return (await batchSearch(client, searches, about, signal)).map(({ bundle }) => bundle?.total);
  } catch (error) {
    if (!FailureError.is(error) || FailureError.is(error, 'cancelled')) throw error;
    return [];
  }
}

/** A comma parts the values of a search, so one within a value is escaped (FHIR R4, search, 3.1.1.5). */
const searchValue = (text: string): string => encodeURIComponent(text.replace(/[\\,]/g, String.raw`\$&`));
