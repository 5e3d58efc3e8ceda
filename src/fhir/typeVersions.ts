import * as v from 'valibot';
import { versionOf } from './bundle.ts';
import { instantText } from './count.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType, resourceIdPattern } from './names.ts';
import { searchPages } from './searchPages.ts';

/** A version of one of the resources of a type. */
export interface TypeVersion {
  readonly id: string;
  readonly versionId: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated: number;
}

const attempted = { tried: 'Reading the versions of a type', role: 'FHIR Data Reader' };
const identity = v.object({ id: v.pipe(v.string(), v.regex(resourceIdPattern)) });

/** Versions of a type that were written in a range, tombstones included. @param range milliseconds since 1970 UTC */
export async function typeVersions(
  client: FhirClient,
  { type, since, till }: { readonly type: string; readonly since: number | undefined; readonly till: number },
  signal: AbortSignal,
): Promise<readonly TypeVersion[]> {
  const search = {
    path: `/${checkType(type)}/_history`,
    query: [
      ...(since === undefined ? [] : [['_since', instantText(since)] as const]),
      ['_before', instantText(till)] as const,
      ['_count', '200'] as const,
    ],
    template: '/{type}/_history',
    attempted,
  };
  const found: TypeVersion[] = [];
  for await (const entries of searchPages(client, search, signal))
    for (const entry of entries) {
      const read = v.safeParse(identity, entry.resource);
      const { versionId, lastUpdated } = versionOf(entry);
      if (read.success && lastUpdated !== undefined) found.push({ id: read.output.id, versionId, lastUpdated });
    }
  return found;
}
