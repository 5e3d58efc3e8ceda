import type { Comparison } from '../compare/comparison.ts';
import type { CutoverOverview, GateId, GateRecord, GateState, StepId } from '../engine/cutover.ts';
import type { MigrationOverview } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';
import { amount, instant, span } from '../report/words.ts';
import { driftGate, type Judged } from './driftGate.ts';
import { verificationGate } from './verificationGate.ts';

/** An answer, or why there is none: a text that is shown as it is. */
export type Seen<T> = { readonly value: T } | { readonly unknown: string };

/** What was seen of both services and the staging account. */
export interface GateFacts {
  readonly overview: MigrationOverview;
  readonly now: Instant;
  /** Whether searches of the target use each of its custom parameters. */
  readonly searchParameters: Seen<readonly { readonly url: string; readonly ready: boolean }[]>;
  readonly comparison: Seen<Comparison>;
  /** As Azure tells of the target: `Enabled`, `Disabled` or `Updating`. */
  readonly events: Seen<string>;
  /** Event subscriptions that were deleted for the migration and can be made again. */
  readonly removedSubscriptions: number;
  readonly container: Seen<'present' | 'absent'>;
}

/** What only a person can know: confirming it is evidence, where elsewhere it is a waiver. */
const known: ReadonlySet<GateId | StepId> = new Set(['applications', 'eventsOn', 'endpoints']);

/** A copy that is older than this makes the freeze long (a day of changes in the last window). */
const oldCopyMs = 24 * 3_600_000;

/** Every gate as it stands, in order. What could not be seen is `unknown`, never passed. */
export function gatesOf(facts: GateFacts): readonly GateRecord<GateId>[] {
  const { overview, now } = facts;
  const judged: Readonly<Record<GateId, Judged>> = {
    copyLag: copyLag(overview, now),
    verification: verificationGate(overview),
    searchParameters: searchParameters(facts),
    configuration: driftGate(facts.comparison, [
      'configuration',
      'capabilities',
      'searchParameters',
      'profiles',
      'diagnostics',
    ]),
    permissions: driftGate(facts.comparison, ['roles']),
    applications: { state: 'open', evidence: 'Only you can know whether applications are ready to use the target.' },
    eventsOff: eventsOff(facts),
    staging: staging(facts),
  };
  return (Object.keys(judged) as GateId[]).map((id) =>
    decided({ id, ...judged[id], at: now }, overview.cutover?.decisions ?? []),
  );
}

/** A gate or step with the last word of a person on it. */
export function decided<Id extends GateId | StepId>(
  record: GateRecord<Id>,
  decisions: CutoverOverview['decisions'],
): GateRecord<Id> {
  const decision = decisions.find(({ gate }) => gate === record.id);
  if (decision === undefined || decision.decision === 'withdrawn' || record.state === 'passed') return record;
  const because = decision.because === undefined ? '' : `: ${decision.because}`;
  const isKnown = decision.decision === 'confirmed' && known.has(record.id);
  return isKnown
    ? { ...record, state: 'passed', evidence: `Confirmed by a person${because}`, at: decision.at }
    : { ...record, state: 'waived', evidence: `${record.evidence} Waived${because}`, at: decision.at };
}

/** True when nothing holds the cutover back. */
export const isClear = ({ state }: { readonly state: GateState }): boolean => state === 'passed' || state === 'waived';

function copyLag({ sync, watermark, phase, blind }: MigrationOverview, now: Instant): Judged {
  if (phase === 'needsAttention') return { state: 'open', evidence: 'The migration needs attention.' };
  if (sync !== undefined) {
    if (sync.lagMs === undefined)
      return { state: 'unknown', evidence: 'The backlog is not moved yet: how old the copy is, is not known.' };
    const within = sync.lagMs <= sync.lagTargetMs;
    const words = `The copy is ${span(sync.lagMs)} old; it may be ${span(sync.lagTargetMs)}.`;
    return { state: within ? 'passed' : 'open', evidence: words };
  }
  if (phase !== 'complete') return { state: 'open', evidence: 'The migration is not complete.' };
  if (blind && watermark === undefined)
    return { state: 'unknown', evidence: 'The source answers exports only: how old the copy is, is not known.' };
  if (watermark === undefined)
    return { state: 'unknown', evidence: 'Up to which instant the copy is whole is not known.' };
  const age = Math.max(0, now - watermark);
  return age <= oldCopyMs
    ? { state: 'passed', evidence: `Every change before ${instant(watermark)} is on the target, ${span(age)} ago.` }
    : {
        state: 'open',
        evidence: `The copy is of ${instant(watermark)}, ${span(age)} ago: hold it in sync first, so that the freeze is short.`,
      };
}

function searchParameters({ searchParameters: seen }: GateFacts): Judged {
  if ('unknown' in seen) return { state: 'unknown', evidence: seen.unknown };
  const waiting = seen.value.filter(({ ready }) => !ready);
  if (waiting.length === 0)
    return {
      state: 'passed',
      evidence:
        seen.value.length === 0
          ? 'The target has no custom search parameters.'
          : `Searches use all ${amount(seen.value.length)} custom search parameters of the target.`,
    };
  const names = waiting.slice(0, 3).map(({ url }) => url.split('/').at(-1) ?? url);
  return {
    state: 'open',
    evidence: `Searches do not use ${amount(waiting.length)} of ${amount(seen.value.length)} custom search parameters yet (${names.join(', ')}${waiting.length > 3 ? ' …' : ''}): reindex the target.`,
  };
}

function eventsOff({ events, overview: { plan } }: GateFacts): Judged {
  if ('unknown' in events) return { state: 'unknown', evidence: events.unknown };
  if (events.value === 'Disabled') return { state: 'passed', evidence: `${plan.target.name} sends no events.` };
  return events.value === 'Updating'
    ? { state: 'open', evidence: `Events of ${plan.target.name} are being switched: look again in some minutes.` }
    : {
        state: 'open',
        evidence: `Events of ${plan.target.name} are ${events.value.toLowerCase()}: subscribers hear of every imported resource. "Prepare" deletes their subscriptions for as long as the migration takes.`,
      };
}

function staging({ container, overview: { attention, windows, staging: place } }: GateFacts): Judged {
  if ('unknown' in container) return { state: 'unknown', evidence: container.unknown };
  const where = `${place.account}/${place.container}`;
  if (container.value === 'absent') return { state: 'open', evidence: `The container ${where} is not there.` };
  const stuck = windows.filter(({ state }) => state === 'needsAttention').length;
  if (stuck > 0) return { state: 'open', evidence: `${amount(stuck)} windows staged in ${where} need attention.` };
  if (attention.length > 0)
    return { state: 'open', evidence: `${amount(attention.length)} points of the migration need attention.` };
  return { state: 'passed', evidence: `The container ${where} answers, and no staged window needs attention.` };
}
