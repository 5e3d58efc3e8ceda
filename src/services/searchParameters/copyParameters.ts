import { compareSearchParameters } from '../../compare/searchParameterDrift.ts';
import { type Failure, FailureError, toFailure } from '../../failure/failure.ts';
import { copySearchParameters } from '../../fhir/copySearchParameters.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { replaceSearchParameter } from '../../fhir/replaceSearchParameter.ts';
import { readSearchParameters, type SearchParameterSource } from '../../fhir/searchParameters.ts';

export interface CopyChoice {
  /** URLs of the parameters to copy; absent: all. */
  readonly only?: readonly string[];
  /** URLs whose other definition on the target may be overwritten. */
  readonly overwrite?: readonly string[];
}

/** What became of one search parameter. */
export interface CopiedParameter {
  readonly url: string;
  readonly outcome: 'created' | 'replaced' | 'alreadyThere' | 'failed';
  readonly failure?: Failure;
}

/**
 * Copies custom search parameters of a source to a target: all pages, one write after the other, each with its outcome.
 * Another definition of the same URL is replaced only where that was allowed.
 * @throws FailureError when one of the services does not tell what it has, `invalidInput` for a URL that the source lacks
 */
export async function copyParameters(
  source: FhirClient,
  target: FhirClient,
  { only, overwrite = [] }: CopyChoice,
  signal: AbortSignal,
): Promise<readonly CopiedParameter[]> {
  const all = await readSearchParameters(source, signal);
  const unknown = only?.find((url) => !all.some((parameter) => parameter.url === url));
  if (unknown !== undefined) throw notThere(source, unknown);
  const chosen = all.filter(({ url }) => only?.includes(url) ?? true);
  const there = overwrite.length === 0 ? [] : await readSearchParameters(target, signal);
  const replaced: CopiedParameter[] = [];
  for (const { url, source: wanted, target: held } of compareSearchParameters(chosen, there, undefined).filter(
    ({ verdict, url }) => verdict === 'different' && overwrite.includes(url),
  ))
    if (wanted !== undefined && held !== undefined)
      replaced.push(await replaceOne(target, url, held, wanted.resource, signal));
  const others = chosen.filter(({ url }) => !replaced.some((one) => one.url === url));
  return [...replaced, ...(await copySearchParameters(target, others, signal))];
}

async function replaceOne(
  target: FhirClient,
  url: string,
  held: SearchParameterSource,
  resource: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<CopiedParameter> {
  try {
    await replaceSearchParameter(
      target,
      typeof held.resource.id === 'string' ? held.resource.id : '',
      resource,
      signal,
    );
    return { url, outcome: 'replaced' };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return { url, outcome: 'failed', failure: toFailure(error) };
  }
}

function notThere({ name }: FhirClient, url: string): FailureError {
  return new FailureError({
    kind: 'invalidInput',
    message: `${name} has no custom search parameter with the URL ${url.slice(0, 200)}.`,
    service: name,
    nextStep: 'Compare the search parameters of both services to see what there is.',
  });
}
