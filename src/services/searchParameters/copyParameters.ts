import { compareSearchParameters } from '../../compare/searchParameterDrift.ts';
import { type Failure, FailureError, toFailure } from '../../failure/failure.ts';
import { copySearchParameters, stopsAll } from '../../fhir/copySearchParameters.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { fhirFailure } from '../../fhir/fhirFailure.ts';
import { readSearchParameters, type SearchParameterSource } from '../../fhir/searchParameters.ts';
import { replaceDefinition } from '../../fhir/writeDefinition.ts';
import { untilStopped } from '../definitions/untilStopped.ts';
import type { PlanInput } from '../../engine/plan.ts';

export interface CopyChoice {
  /** URLs of the parameters to copy; absent: all. */
  readonly only?: readonly string[];
  /** URLs whose other definition on the target may be overwritten. */
  readonly overwrite?: readonly string[];
  /** Where exported files of a source lie that refuses to be read; absent: those of its newest migration. */
  readonly staging?: PlanInput['staging'];
}

/** What became of one search parameter. */
export interface CopiedParameter {
  readonly url: string;
  readonly outcome: 'created' | 'replaced' | 'alreadyThere' | 'failed';
  readonly failure?: Failure;
}

/** Hears of each parameter when it is done or refused. */
export type CopyProgress = (copied: CopiedParameter, done: number, total: number) => void;

const replacing = { tried: 'Replacing a search parameter', role: 'FHIR Data Contributor' };

/**
 * Copies custom search parameters to a target: one write after the other, each with its outcome. Another definition of
 * the same URL is replaced only where that was allowed. What a stop left is told as failed.
 * @param all what the source has
 * @throws FailureError when the target does not tell what it has, `invalidInput` for a URL that the source lacks
 */
export async function copyParameters(
  source: { readonly name: string; readonly all: readonly SearchParameterSource[] },
  target: FhirClient,
  { only, overwrite = [] }: CopyChoice,
  signal: AbortSignal,
  progress: CopyProgress,
): Promise<readonly CopiedParameter[]> {
  const { all } = source;
  const unknown = [...(only ?? []), ...overwrite].find((url) => !all.some((parameter) => parameter.url === url));
  if (unknown !== undefined) throw notThere(source.name, unknown);
  const chosen = all.filter(({ url }) => only?.includes(url) ?? true);
  let done = 0;
  return untilStopped<CopiedParameter>(
    target.name,
    (told) =>
      copyChosen(chosen, target, overwrite, signal, (one) => {
        told(one);
        done += 1;
        progress(one, done, chosen.length);
      }),
    (told, failure) =>
      chosen
        .filter(({ url }) => !told.some((one) => one.url === url))
        .map(({ url }) => ({ url, outcome: 'failed', failure })),
  );
}

async function copyChosen(
  chosen: readonly SearchParameterSource[],
  target: FhirClient,
  overwrite: readonly string[],
  signal: AbortSignal,
  told: (one: CopiedParameter) => void,
): Promise<readonly CopiedParameter[]> {
  const there = overwrite.length === 0 ? [] : await readSearchParameters(target, signal);
  const replaced: CopiedParameter[] = [];
  let barrier: Failure | undefined;
  for (const { url, verdict, source: wanted, target: held } of compareSearchParameters(chosen, there, undefined)) {
    if (verdict !== 'different' || !overwrite.includes(url) || wanted === undefined || held === undefined) continue;
    const one: CopiedParameter =
      barrier === undefined
        ? await replaceOne(target, held, wanted, signal)
        : { url, outcome: 'failed', failure: barrier };
    replaced.push(one);
    told(one);
    if (one.failure !== undefined && stopsAll(one.failure)) barrier = one.failure;
  }
  const others = chosen.filter(({ url }) => !replaced.some((one) => one.url === url));
  if (barrier === undefined) return [...replaced, ...(await copySearchParameters(target, others, signal, told))];
  const failure = barrier;
  const left = others.map(({ url }): CopiedParameter => ({ url, outcome: 'failed', failure }));
  left.forEach(told);
  return [...replaced, ...left];
}

async function replaceOne(
  target: FhirClient,
  held: SearchParameterSource,
  wanted: SearchParameterSource,
  signal: AbortSignal,
): Promise<CopiedParameter> {
  const { url } = wanted;
  const asDefinition = ({ resource }: SearchParameterSource) => ({ ...resource, resourceType: 'SearchParameter' });
  try {
    const answer = await replaceDefinition(target, asDefinition(held), asDefinition(wanted), signal);
    if (answer.status === 200 || answer.status === 201) return { url, outcome: 'replaced' };
    return { url, outcome: 'failed', failure: fhirFailure(answer, replacing).failure };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return { url, outcome: 'failed', failure: toFailure(error) };
  }
}

function notThere(service: string, url: string): FailureError {
  return new FailureError({
    kind: 'invalidInput',
    message: `${service} has no custom search parameter with the URL ${url.slice(0, 200)}.`,
    service,
    nextStep: 'Compare the search parameters of both services to see what there is.',
  });
}
