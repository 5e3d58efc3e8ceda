import type { Plan, PlanService } from '../../engine/plan.ts';
import type { Instant } from '../../engine/ports.ts';
import { countOf, scopeSince, scopeTill } from '../../engine/windows/semantics.ts';
import { FailureError } from '../../failure/failure.ts';
import { count } from '../../fhir/count.ts';
import { earliest } from '../../fhir/earliest.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import { readMetadata } from '../../fhir/metadata.ts';

/** How much a rehearsal moves: the newest days, or about so many of the newest resources. */
export type Slice = { readonly days: number } | { readonly resources: number };

const day = 86_400_000;
const hour = 3_600_000;

/** Windows of a slice: jobs of some sizes tell the time of every job from the speed beyond it. */
const windows = 4;

/** Steps of a search for the beginning of a slice: each costs a count. */
const mostSteps = 12;

/**
 * The plan that moves a slice of a plan: the newest days or resources of its scope, in a few windows, once. Records of
 * the plan stay behind. @param scratch takes the slice instead of the plan's own target
 * @throws FailureError `invalidInput` for a slice by resources of a source that cannot be counted, or an empty scope
 */
export async function rehearsalPlan(
  plan: Plan,
  slice: Slice,
  scratch: PlanService | undefined,
  source: FhirClient,
  signal: AbortSignal,
): Promise<Plan> {
  const { serverTime } = await readMetadata(source, signal);
  const now = (serverTime ?? source.clock.now()) - plan.options.safetyLagSeconds * 1_000;
  const till = Math.min(scopeTill(plan) ?? now, now);
  const since = Math.max(
    'days' in slice ? till - slice.days * day : await sinceFor(plan, slice.resources, till, source, signal),
    scopeSince(plan) ?? Number.NEGATIVE_INFINITY,
  );
  if (since >= till) throw nothing(plan);
  const { windowResources } = plan.limits;
  return {
    version: plan.version,
    name: `Rehearsal of ${plan.name}`.slice(0, 120),
    source: plan.source,
    target: scratch ?? plan.target,
    staging: plan.staging,
    scope: { ...plan.scope, since: new Date(since).toISOString(), till: new Date(till).toISOString() },
    limits: {
      ...plan.limits,
      windowDays: Math.max(1, Math.min(plan.limits.windowDays, Math.floor((till - since) / day / windows))),
      windowResources:
        'days' in slice
          ? windowResources
          : Math.max(1, Math.min(windowResources, Math.ceil(slice.resources / windows))),
      joinBelowResources: 0,
    },
    options: plan.options,
    journal: 'file',
    rehearsalOf: plan.name,
  };
}

/** The instant from which on the source holds about so many resources; the first one when it holds fewer. */
async function sinceFor(
  plan: Plan,
  wanted: number,
  till: Instant,
  source: FhirClient,
  signal: AbortSignal,
): Promise<Instant> {
  try {
    const of = countOf(plan);
    const first = scopeSince(plan) ?? (await earliest(source, of, signal));
    if (first === undefined || first >= till) throw nothing(plan);
    const from = (since: Instant): Promise<number> => count(source, { of, since, till }, signal);
    let [enough, tooFew]: [Instant, Instant] = [first, till];
    for (let span = hour, step = 0; step < mostSteps && till - span > first; span *= 4, step += 1) {
      if ((await from(till - span)) >= wanted) {
        enough = till - span;
        break;
      }
      tooFew = till - span;
    }
    for (let step = 0; step < mostSteps && tooFew - enough > 1; step += 1) {
      const middle = Math.floor((enough + tooFew) / 2);
      const found = await from(middle);
      if (found >= wanted) enough = middle;
      else tooFew = middle;
      if (found >= wanted && found <= wanted * 1.1) break;
    }
    return enough;
  } catch (error) {
    if (FailureError.is(error, 'cancelled') || FailureError.is(error, 'invalidInput')) throw error;
    throw new FailureError(
      {
        kind: 'invalidInput',
        message: `${plan.source.name} cannot be counted, so that a slice by resources cannot be found.`,
        nextStep: 'Rehearse a number of days instead.',
      },
      { cause: error },
    );
  }
}

const nothing = ({ source }: Plan): FailureError =>
  new FailureError({
    kind: 'invalidInput',
    message: `${source.name} holds nothing in the range of the plan.`,
    nextStep: 'Widen scope.since and scope.till of the plan.',
  });
