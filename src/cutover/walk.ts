import type { GateId, GateRecord, StepId } from '../engine/cutover.ts';
import type { MigrationOverview } from '../engine/overview.ts';
import type { FinishOverview } from '../engine/view/syncing.ts';
import { amount, instant, span } from '../report/words.ts';
import { type GateFacts, decided, gatesOf, isClear } from './gates.ts';
import type { Judged } from './driftGate.ts';
import { verificationSince } from './verificationGate.ts';

/**
 * What comes next: `hold`: keep in sync until the gates are clear; `begin`: stop the writers and take the last window;
 * `wait`: the last window or its proof is under way; `verify`, `events`, `endpoints`: what the way over waits for;
 * `again`: the source was written to after all, so the writers are to be stopped once more.
 */
export type NextStep = 'hold' | 'begin' | 'wait' | 'again' | 'verify' | 'events' | 'endpoints' | 'signOff' | 'done';

/** The page of a cutover, as plain data. */
export interface CutoverPage {
  /** As they stand; once the way over is begun, as they were then, with what was decided since. */
  readonly gates: readonly GateRecord<GateId>[];
  readonly steps: readonly GateRecord<StepId>[];
  readonly next: NextStep;
  /** Event subscriptions that were deleted for the migration and can be made again. */
  readonly removedSubscriptions: number;
  /** Everything is clear: the record can be signed. */
  readonly complete: boolean;
}

/** Where a cutover stands: a fold over facts, so that it can be left and taken up anywhere. */
export function cutoverPage(facts: GateFacts): CutoverPage {
  const { overview } = facts;
  const { begun, signedOff, decisions = [] } = overview.cutover ?? {};
  const gates = begun === undefined ? gatesOf(facts) : begun.gates.map((gate) => decided(gate, decisions));
  const steps = stepsOf(facts);
  const complete = begun !== undefined && [...gates, ...steps].every(isClear);
  const next = signedOff === undefined ? nextOf(facts, gates, steps) : 'done';
  return { gates, steps, next, removedSubscriptions: facts.removedSubscriptions, complete };
}

/** The steps of the way over, each with what proves it. */
function stepsOf(facts: GateFacts): readonly GateRecord<StepId>[] {
  const { overview, now } = facts;
  const finish = finishOf(overview);
  const final = finish?.drainedAt === undefined ? undefined : verificationSince(overview, finish.drainedAt);
  const judged: Readonly<Record<StepId, Judged & { readonly at?: number | undefined }>> = {
    freeze: freezeOf(finish),
    finalCatchUp:
      finish?.drainedAt === undefined
        ? { state: 'open', evidence: 'The last window is not on the target yet.' }
        : { state: 'passed', evidence: 'Every line of the last window is accounted for.', at: finish.drainedAt },
    finalVerification: final ?? { state: 'open', evidence: 'It comes after the last window.' },
    eventsOn: eventsOn(facts),
    endpoints: {
      state: 'open',
      evidence: `Applications are to use ${overview.plan.target.endpoint}: only you can know whether they do.`,
    },
  };
  return (Object.keys(judged) as StepId[]).map((id) => {
    const { state, evidence, at } = judged[id];
    return decided({ id, state, evidence, at: at ?? now }, overview.cutover?.decisions ?? []);
  });
}

/** The last window of this way over: one of before proves nothing of it. */
function finishOf({ cutover, finish }: MigrationOverview): FinishOverview | undefined {
  const begun = cutover?.begun;
  return begun === undefined || finish === undefined || finish.requestedAt < begun.at ? undefined : finish;
}

function freezeOf(finish: FinishOverview | undefined): Judged & { readonly at?: number | undefined } {
  if (finish === undefined)
    return { state: 'open', evidence: 'Nobody said that the writers of the source are stopped.' };
  const { state, frozenAt, checkedAt, by, newestBefore, newestAfter, changes, freezeToDoneMs } = finish;
  const newest = newestAfter ?? newestBefore;
  const proof = newest === undefined ? '' : ` Its newest change is of ${instant(newest)}.`;
  switch (state) {
    case 'draining':
    case 'proving':
      return {
        state: 'open',
        evidence: `Writers were stopped at ${instant(frozenAt)}, as told; the proof is under way.`,
      };
    case 'frozen':
      return {
        state: 'passed',
        evidence: `Nothing was written since ${instant(frozenAt)} (by ${by ?? 'none'}).${proof}${freezeToDoneMs === undefined ? '' : ` From the stop to the proof: ${span(freezeToDoneMs)}.`}`,
        at: checkedAt,
      };
    case 'written':
      return {
        state: 'open',
        evidence: `The source was written to${changes === undefined ? '' : ` (${changes} changes)`}.${proof}`,
        at: checkedAt,
      };
    case 'unproven':
      return {
        state: 'unknown',
        evidence: `Nobody could prove that nothing was written since ${instant(frozenAt)}.`,
        at: checkedAt,
      };
  }
}

function eventsOn({ events, removedSubscriptions, overview: { plan } }: GateFacts): Judged {
  if ('unknown' in events) return { state: 'unknown', evidence: events.unknown };
  if (removedSubscriptions > 0)
    return {
      state: 'open',
      evidence:
        removedSubscriptions === 1
          ? 'One event subscription that was deleted for the migration waits to be made again.'
          : `${amount(removedSubscriptions)} event subscriptions that were deleted for the migration wait to be made again.`,
    };
  if (events.value === 'Enabled') return { state: 'passed', evidence: `${plan.target.name} sends events.` };
  if (events.value === 'Updating')
    return { state: 'open', evidence: `Events of ${plan.target.name} are being switched: look again in some minutes.` };
  return {
    state: 'open',
    evidence: `Events of ${plan.target.name} are ${events.value.toLowerCase()}: add the subscriptions, or confirm that nobody needs them.`,
  };
}

function nextOf(
  { overview }: GateFacts,
  gates: readonly GateRecord<GateId>[],
  steps: readonly GateRecord<StepId>[],
): NextStep {
  const isOpen = (id: StepId): boolean => steps.some((step) => step.id === id && !isClear(step));
  if (overview.cutover?.begun === undefined) return gates.every(isClear) ? 'begin' : 'hold';
  const finish = finishOf(overview);
  if (finish === undefined || finish.state === 'written') return 'again';
  if (finish.state === 'draining' || finish.state === 'proving' || isOpen('finalCatchUp')) return 'wait';
  if (isOpen('freeze')) return 'again';
  if (isOpen('finalVerification')) return 'verify';
  if (isOpen('eventsOn')) return 'events';
  if (isOpen('endpoints')) return 'endpoints';
  return 'signOff';
}
