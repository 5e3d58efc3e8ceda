import { type Failure, FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import { kindOfStatus } from '../http/statusKind.ts';
import { bundleSchema } from './bundle.ts';
import type { FhirClient } from './fhirClient.ts';
import { wordsOf } from './operationOutcome.ts';
import { readAnswer, unexpected } from './readAnswer.ts';
import { type BundleRequest, maxBundleEntries, sendBatch } from './sendBatch.ts';

const attempted = { tried: 'Writing a bundle', role: 'FHIR Data Writer' };

export interface BundleResult {
  readonly status: number;
  readonly failure: Failure | undefined;
}

/**
 * Sends entries as one batch and reports each in the order of the request: a batch answers 200 even when all its entries
 * failed. Throws `invalidInput` for none or more than 500 entries, `unexpectedAnswer` when the answer holds another
 * number of entries than the request.
 */
export async function postBatch(
  client: FhirClient,
  entries: readonly BundleRequest[],
  signal: AbortSignal,
): Promise<readonly BundleResult[]> {
  if (entries.length === 0 || entries.length > maxBundleEntries)
    throw new FailureError({
      kind: 'invalidInput',
      message: `A bundle takes 1 to ${maxBundleEntries} entries, not ${entries.length}.`,
      service: client.name,
    });
  const answer = await sendBatch(client, entries, { attempted, template: '/ (batch)' }, signal);
  const bundle = readAnswer(answer, bundleSchema, attempted);
  if (bundle.entry.length !== entries.length)
    throw unexpected(answer, attempted, `it holds ${bundle.entry.length} entries instead of ${entries.length}`);
  return bundle.entry.map(({ response }) => {
    const status = Number(/^\d{3}/.exec(response?.status ?? '')?.[0] ?? 0);
    return {
      status,
      failure: status >= 200 && status < 300 ? undefined : entryFailure(answer, status, response?.outcome),
    };
  });
}

/** What went wrong with one entry of a bundle. */
export function entryFailure(answer: HttpAnswer, status: number, outcome: unknown): Failure {
  const words = wordsOf(outcome);
  return {
    kind: kindOfStatus(status),
    message: `${answer.service} answered an entry of a bundle with ${status === 0 ? 'no status' : status}.`,
    service: answer.service,
    request: answer.request,
    status,
    ...(words.diagnostics.length === 0 ? {} : { diagnostics: words.diagnostics }),
    ...(words.code === undefined ? {} : { code: words.code }),
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
  };
}
