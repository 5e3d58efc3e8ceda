import { previewWindows, windowSizes, type WindowPreview } from '../engine/windows/preview.ts';
import { countOf, scopeSince, scopeTill } from '../engine/windows/semantics.ts';
import type { Plan } from '../engine/plan.ts';
import type { Instant } from '../engine/ports.ts';
import { FailureError, toFailure } from '../failure/failure.ts';
import { count } from '../fhir/count.ts';
import { countTypes } from '../fhir/countTypes.ts';
import { earliest } from '../fhir/earliest.ts';
import type { FhirClient } from '../fhir/fhirClient.ts';
import { readMetadata } from '../fhir/metadata.ts';
import type { PlanSummary } from './contract.ts';
import { predictPlan, type PredictionSurroundings } from './prediction/predictPlan.ts';

/**
 * What a plan will move and what that takes: counts per type, the first windows and predictions, as far as the source
 * answers. A source that cannot be counted is no failure: the explanation says what that means.
 * @throws FailureError of kind `cancelled` only
 */
export async function summarize(
  plan: Plan,
  source: FhirClient,
  surroundings: PredictionSurroundings,
  signal: AbortSignal,
): Promise<PlanSummary> {
  try {
    const counted = await countSource(plan, source, signal);
    const { counts, total, preview, till, types } = counted;
    const of = countOf(plan);
    const range = { ...(scopeSince(plan) === undefined ? {} : { since: scopeSince(plan) }), till };
    const versions =
      plan.scope.resourceTypes === undefined
        ? await count(source, { of: 'versions', ...definedRange(range) }, signal).catch(unknownUnlessCancelled)
        : undefined;
    const sizes = preview && windowSizes(plan, preview, till, of === 'versions' ? versions : total);
    const prediction = await predictPlan(
      plan,
      source,
      { current: total, versions, windows: preview === undefined ? [] : sizes, counts, types, till },
      surroundings,
      signal,
    );
    const explanation =
      preview === undefined ? `${plan.source.name} holds nothing in this range.` : explain(plan, total, preview);
    return { counts, total, windows: preview?.windows ?? [], explanation, prediction };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    const prediction = await predictPlan(plan, source, undefined, surroundings, signal);
    return {
      counts: undefined,
      total: undefined,
      windows: undefined,
      explanation: explainBlind(plan, error),
      prediction,
    };
  }
}

async function countSource(plan: Plan, source: FhirClient, signal: AbortSignal) {
  const { capabilities, serverTime } = await readMetadata(source, signal);
  const till = scopeTill(plan) ?? serverTime ?? source.clock.now();
  const since = scopeSince(plan);
  const types = Object.keys(capabilities.versioning);
  const wanted = plan.scope.resourceTypes ?? types;
  const counted = await countTypes(source, wanted, definedRange({ since, till }), signal);
  const counts = Object.fromEntries([...counted].filter(([, of]) => of > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  const total = counted.size === wanted.length ? [...counted.values()].reduce((sum, of) => sum + of, 0) : undefined;
  const first = since ?? (await earliest(source, countOf(plan), signal));
  const preview =
    first === undefined
      ? undefined
      : await previewWindows(plan, first, till, (from, end) =>
          count(source, { of: countOf(plan), since: from, till: end }, signal).catch(unknownUnlessCancelled),
        );
  return { counts, total, types, till, preview };
}

const definedRange = ({ since, till }: { readonly since?: Instant | undefined; readonly till: Instant }) => ({
  ...(since === undefined ? {} : { since }),
  till,
});

function unknownUnlessCancelled(error: unknown): undefined {
  if (FailureError.is(error, 'cancelled')) throw error;
  return undefined;
}

function explain(plan: Plan, total: number | undefined, preview: WindowPreview): string {
  const amount =
    total === undefined ? 'Resources that could not all be counted' : `${total.toLocaleString('en')} resources`;
  const number = preview.windows.length === 1 ? 'one window' : `${preview.windows.length} windows`;
  const windows = preview.whole
    ? number
    : `${number} up to ${new Date(preview.seenTill).toISOString().slice(0, 10)} and more after it`;
  const extras = [
    ...(plan.scope.history ? ['historical versions'] : []),
    ...(plan.scope.softDeleted ? ['soft-deleted resources'] : []),
  ];
  const beside = extras.length === 0 ? '' : `, with ${extras.join(' and ')}`;
  const end = plan.scope.till === undefined ? ' A catch-up window at the end takes what changes meanwhile.' : '';
  return `${amount} in ${windows}${beside}.${end}`;
}

function explainBlind(plan: Plan, error: unknown): string {
  const failure = toFailure(error);
  return failure.kind === 'retired' && failure.status === 410
    ? `${plan.source.name} is deprecated and cannot be counted: the migration searches backwards from its end, and totals show as exports end.`
    : `${plan.source.name} could not be counted: ${failure.message} The migration works without counts.`;
}
