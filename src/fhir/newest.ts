import pLimit from 'p-limit';
import { versionOf } from './bundle.ts';
import type { CountOf } from './count.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';
import { searchPages } from './searchPages.ts';

/** Types asked at once. */
const askedAtOnce = 4;

/**
 * `meta.lastUpdated` of what was written last, milliseconds since 1970 UTC; undefined when there is nothing. Deletions
 * show in a history only, which is asked for type by type, because a service's history knows no `_type`
 * (fhir-server: HistoryModel); its newest entry comes first.
 * @param types undefined: of every type
 */
export async function newest(
  client: FhirClient,
  of: CountOf,
  types: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const limit = pLimit(askedAtOnce);
  const asked = types ?? [undefined];
  const found = await Promise.all(asked.map((type) => limit(() => newestOf(client, of, type, signal))));
  const dates = found.filter((date) => date !== undefined);
  return dates.length === 0 ? undefined : Math.max(...dates);
}

async function newestOf(
  client: FhirClient,
  of: CountOf,
  type: string | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const path = type === undefined ? '' : `/${checkType(type)}`;
  const template = type === undefined ? '' : '/{type}';
  const history = of === 'versions';
  const pages = searchPages(
    client,
    {
      path: history ? `${path}/_history` : path === '' ? '/' : path,
      query: [['_sort', '-_lastUpdated'], ['_count', '1'], ...(history ? [] : [['_elements', 'id,meta'] as const])],
      template: `${template}${history ? '/_history' : ''}?_sort=-_lastUpdated`,
      attempted: { tried: 'Looking for the newest change', role: 'FHIR Data Reader' },
    },
    signal,
  );
  // The first page may be empty on Azure API for FHIR, so pages are read until one holds an entry.
  for await (const entries of pages) {
    const dates = entries.flatMap((entry) => versionOf(entry).lastUpdated ?? []);
    if (dates.length > 0) return Math.max(...dates);
  }
  return undefined;
}
