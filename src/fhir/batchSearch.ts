import * as v from 'valibot';
import { type Failure, FailureError } from '../failure/failure.ts';
import { type Bundle, bundleSchema } from './bundle.ts';
import type { FhirClient } from './fhirClient.ts';
import type { Attempted } from './fhirFailure.ts';
import { entryFailure } from './postBundle.ts';
import { readAnswer } from './readAnswer.ts';
import { maxBundleEntries, sendBatch } from './sendBatch.ts';

/** What one search of a batch gave. */
export type BatchedSearch =
  { readonly bundle: Bundle; readonly failure?: never } | { readonly bundle?: never; readonly failure: Failure };

/**
 * Runs many searches in one batch request and gives what each found, in the order given. One that fails hides no other.
 * Throws when the batch itself fails, `invalidInput` for more searches than a bundle takes (500).
 * @param addresses relative to the service's base, for example `Patient?_summary=count`
 */
export async function batchSearch(
  client: FhirClient,
  addresses: readonly string[],
  { attempted, template }: { readonly attempted: Attempted; readonly template: string },
  signal: AbortSignal,
): Promise<readonly BatchedSearch[]> {
  if (addresses.length === 0) return [];
  if (addresses.length > maxBundleEntries)
    throw new FailureError({
      kind: 'invalidInput',
      message: `More than ${maxBundleEntries} searches cannot be asked for at once.`,
    });
  const searches = addresses.map((url) => ({ method: 'GET' as const, url }));
  const answer = await sendBatch(client, searches, { attempted, template }, signal);
  const { entry } = readAnswer(answer, bundleSchema, attempted);
  return addresses.map((_, index) => {
    const found = entry[index];
    const read = v.safeParse(bundleSchema, found?.resource);
    if (read.success) return { bundle: read.output };
    const status = Number(/^\d{3}/.exec(found?.response?.status ?? '')?.[0] ?? 0);
    return { failure: entryFailure(answer, status, found?.response?.outcome) };
  });
}
