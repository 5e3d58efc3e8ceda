import { instantText } from './count.ts';
import { type ExactResource, readExactBundle } from './exactBundle.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';
import { readPages } from './searchPages.ts';

/** Most entries of a page (contracts of the services, 6.1: `_count`). */
export const maxPageSize = 1_000;

const attempted = { tried: 'Listing resources', role: 'FHIR Data Reader' };

export interface Listing {
  readonly type: string;
  /** Inclusive, milliseconds since 1970 UTC. */
  readonly since?: number | undefined;
  /** Exclusive, milliseconds since 1970 UTC. */
  readonly till?: number | undefined;
  /** `identity`: id and meta alone. */
  readonly of: 'identity' | 'content';
}

/** Current resources of a type in the order of their `meta.lastUpdated`, page by page. */
export async function* listResources(
  client: FhirClient,
  { type, since, till, of }: Listing,
  signal: AbortSignal,
): AsyncGenerator<readonly ExactResource[], void> {
  const query: (readonly [string, string])[] = [
    ...(since === undefined ? [] : [['_lastUpdated', `ge${instantText(since)}`] as const]),
    ...(till === undefined ? [] : [['_lastUpdated', `lt${instantText(till)}`] as const]),
    ['_sort', '_lastUpdated'],
    ['_count', String(maxPageSize)],
    ...(of === 'identity' ? [['_elements', 'id,meta'] as const] : []),
  ];
  const search = { path: `/${checkType(type)}`, query, template: '/{type} (listing)', attempted };
  yield* readPages(
    client,
    search,
    (answer) => {
      const bundle = readExactBundle(answer, attempted);
      return {
        entries: bundle.entry.flatMap(({ resource, search: found }) =>
          resource === undefined || found?.mode === 'outcome' ? [] : [resource],
        ),
        next: bundle.link.find(({ relation }) => relation === 'next')?.url,
      };
    },
    signal,
  );
}
