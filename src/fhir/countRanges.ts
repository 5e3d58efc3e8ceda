import { batchSearch } from './batchSearch.ts';
import { type Bundle, linkOf } from './bundle.ts';
import { type CountQuery, instantText } from './count.ts';
import type { FhirClient } from './fhirClient.ts';
import { checkType } from './names.ts';

const about = {
  attempted: { tried: 'Counting resources by type', role: 'FHIR Data Reader' },
  template: '/ (batch of counts)',
};

/** A count of one type. */
export type RangeQuery = CountQuery & { readonly type: string };

/**
 * Counts resources, or versions, of many types and ranges in one batch request, in the order given. A count that failed, or
 * that the server did not make as asked, is undefined: it is unknown, not zero.
 * Throws when the batch itself fails, `invalidInput` for more ranges than a bundle takes (500).
 */
export async function countRanges(
  client: FhirClient,
  ranges: readonly RangeQuery[],
  signal: AbortSignal,
): Promise<readonly (number | undefined)[]> {
  const found = await batchSearch(client, ranges.map(addressOf), about, signal);
  return ranges.map((range, index) => totalOf(range, found[index]?.bundle));
}

function addressOf({ of, type, since, till }: RangeQuery): string {
  const history = of === 'versions';
  const [from, to] = history ? ['_since=', '_before='] : ['_lastUpdated=ge', '_lastUpdated=lt'];
  const bounds = [
    ...(since === undefined ? [] : [`&${from}${instantText(since)}`]),
    ...(till === undefined ? [] : [`&${to}${instantText(till)}`]),
  ];
  return `${checkType(type)}${history ? '/_history' : ''}?_summary=count${bounds.join('')}`;
}

function totalOf({ of, since, till }: RangeQuery, bundle: Bundle | undefined): number | undefined {
  const total = bundle?.total;
  if (bundle === undefined || total === undefined) return undefined;
  // A history reads its two bounds always; a search drops what it does not know, and says so only in its self link.
  if (of === 'versions') return total;
  const self = linkOf(bundle, 'self');
  if (self === undefined || !URL.canParse(self)) return total;
  const asked = Number(since !== undefined) + Number(till !== undefined);
  return new URL(self).searchParams.getAll('_lastUpdated').length < asked ? undefined : total;
}
