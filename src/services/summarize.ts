import { windowLimits } from '../engine/decide/planningActions.ts';
import { nextCounted, type CountedSearch } from '../engine/windows/counted.ts';
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

/** A preview needs no more windows; a longer plan says that it goes on. */
const previewSteps = 40;

type PlannedWindow = NonNullable<PlanSummary['windows']>[number];

/**
 * What a plan will move: counts per type and the first windows, as far as the source answers. A source that cannot be
 * counted is no failure: the explanation says what that means. @throws FailureError of kind `cancelled` only
 */
export async function summarize(plan: Plan, source: FhirClient, signal: AbortSignal): Promise<PlanSummary> {
  try {
    const { capabilities, serverTime } = await readMetadata(source, signal);
    const till = scopeTill(plan) ?? serverTime ?? source.clock.now();
    const since = scopeSince(plan);
    const types = plan.scope.resourceTypes ?? Object.keys(capabilities.versioning);
    const range = { ...(since === undefined ? {} : { since }), till };
    const counted = await countTypes(source, types, range, signal);
    const counts = Object.fromEntries([...counted].filter(([, of]) => of > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
    const total = counted.size === types.length ? [...counted.values()].reduce((sum, of) => sum + of, 0) : undefined;
    const first = since ?? (await earliest(source, countOf(plan), signal));
    if (first === undefined)
      return { counts, total, windows: [], explanation: `${plan.source.name} holds nothing in this range.` };
    const preview = await previewWindows(plan, source, first, till, signal);
    return { counts, total, windows: preview.windows, explanation: explain(plan, total, preview) };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return { counts: undefined, total: undefined, windows: undefined, explanation: explainBlind(plan, error) };
  }
}

interface Preview {
  readonly windows: readonly PlannedWindow[];
  /** Where the preview ends; the plan's end when it is whole. */
  readonly seenTill: Instant;
  readonly whole: boolean;
}

async function previewWindows(
  plan: Plan,
  source: FhirClient,
  first: Instant,
  till: Instant,
  signal: AbortSignal,
): Promise<Preview> {
  const limits = windowLimits(plan);
  const windows: PlannedWindow[] = [];
  let search: CountedSearch = { cursor: first, till, span: undefined, before: 'full' };
  for (let step = 0; step < previewSteps && search.cursor < till; step++) {
    const since = search.cursor;
    const found = await nextCounted(search, limits, (end) =>
      count(source, { of: countOf(plan), since, till: end }, signal).catch(unknownUnlessCancelled),
    );
    const expected = found.kind === 'window' ? found.expected : 0;
    if (found.kind === 'window')
      windows.push({ since: windows.length === 0 ? scopeSince(plan) : since, till: found.till, expected });
    const before = expected === 0 ? 'empty' : expected !== undefined && expected < limits.most / 2 ? 'sparse' : 'full';
    search = { cursor: found.till, till, span: found.till - since, before };
  }
  return { windows, seenTill: search.cursor, whole: search.cursor >= till };
}

function unknownUnlessCancelled(error: unknown): undefined {
  if (FailureError.is(error, 'cancelled')) throw error;
  return undefined;
}

function explain(plan: Plan, total: number | undefined, preview: Preview): string {
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
