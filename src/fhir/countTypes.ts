import { FailureError } from '../failure/failure.ts';
import { bundleSchema } from './bundle.ts';
import { instantText } from './count.ts';
import { acceptFhir, type FhirClient } from './fhirClient.ts';
import { fhirFailure } from './fhirFailure.ts';
import { deadlineMs } from './limits.ts';
import { checkType } from './names.ts';
import { maxBundleEntries } from './postBundle.ts';
import { readAnswer } from './readAnswer.ts';

const attempted = { tried: 'Counting resources by type', role: 'FHIR Data Reader' };

/**
 * Counts the current resources of many types in one batch request. A type whose count failed is left out: it is
 * unknown, not zero. Bounds are milliseconds since 1970 UTC, `since` inclusive, `till` exclusive.
 * Throws when the batch itself fails, `invalidInput` for more types than a bundle takes (500).
 */
export async function countTypes(
  client: FhirClient,
  types: readonly string[],
  range: { readonly since?: number; readonly till?: number },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (types.length === 0) return new Map();
  if (types.length > maxBundleEntries) {
    throw new FailureError({
      kind: 'invalidInput',
      message: `More than ${maxBundleEntries} types cannot be counted at once.`,
    });
  }
  const bounds = [
    ...(range.since === undefined ? [] : [`&_lastUpdated=ge${instantText(range.since)}`]),
    ...(range.till === undefined ? [] : [`&_lastUpdated=lt${instantText(range.till)}`]),
  ].join('');
  const answer = await client.send(
    {
      method: 'POST',
      path: '/',
      headers: { ...acceptFhir, 'content-type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: types.map((type) => ({ request: { method: 'GET', url: `${checkType(type)}?_summary=count${bounds}` } })),
      }),
      template: '/ (batch of counts)',
      retry: 'idempotent',
      deadlineMs: deadlineMs.bundle,
    },
    signal,
  );
  if (answer.status !== 200) throw fhirFailure(answer, attempted);
  const { entry } = readAnswer(answer, bundleSchema, attempted);
  const counts = new Map<string, number>();
  for (const [index, type] of types.entries()) {
    const total = entry[index]?.resource?.total;
    if (typeof total === 'number' && Number.isInteger(total) && total >= 0) counts.set(type, total);
  }
  return counts;
}
