import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import { type BundleEntry, bundleSchema } from './bundle.ts';
import { type CountQuery, instantText } from './count.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs } from './limits.ts';
import { checkType } from './names.ts';
import { maxBundleEntries } from './postBundle.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Counting resources by type', role: 'FHIR Data Reader' };

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
  if (ranges.length === 0) return [];
  if (ranges.length > maxBundleEntries) {
    throw new FailureError({
      kind: 'invalidInput',
      message: `More than ${maxBundleEntries} counts cannot be asked for at once.`,
    });
  }
  const answer = await client.send(
    {
      method: 'POST',
      path: '/',
      headers: { ...acceptFhir, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: ranges.map((range) => ({ request: { method: 'GET', url: addressOf(range) } })),
      }),
      template: '/ (batch of counts)',
      retry: 'idempotent',
      deadlineMs: deadlineMs.bundle,
    },
    signal,
  );
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  const { entry } = readAnswer(answer, bundleSchema, attempted);
  return ranges.map((range, index) => totalOf(range, entry[index]));
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

function totalOf({ of, since, till }: RangeQuery, entry: BundleEntry | undefined): number | undefined {
  const total = entry?.resource?.total;
  if (typeof total !== 'number' || !Number.isInteger(total) || total < 0) return undefined;
  // A history reads its two bounds always; a search drops what it does not know, and says so only in its self link.
  if (of === 'versions') return total;
  const links = v.safeParse(linksSchema, entry?.resource?.link);
  const self = links.success ? links.output.find(({ relation }) => relation === 'self')?.url : undefined;
  if (self === undefined || !URL.canParse(self)) return total;
  const asked = Number(since !== undefined) + Number(till !== undefined);
  return new URL(self).searchParams.getAll('_lastUpdated').length < asked ? undefined : total;
}

const linksSchema = v.array(v.object({ relation: v.string(), url: v.string() }));
