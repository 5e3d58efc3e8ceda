import { FailureError, toFailure, type Failure } from '../../failure/failure.ts';
import { nextWindowId, windowLimits } from '../decide/planningActions.ts';
import type { EventOf } from '../events.ts';
import type { CountQuery, Instant } from '../ports.ts';
import { isOutage } from '../state/budget.ts';
import type { MigrationState, Round } from '../state/state.ts';
import { nextCounted } from '../windows/counted.ts';
import { countOf, scopeSince, scopeTill } from '../windows/semantics.ts';
import type { RoundPurpose } from '../events.ts';
import { isHalting, type RunContext } from './context.ts';
import { countScope, type ScopeCount } from './counting.ts';
import { newestOrUnknown, recordQuiet } from './freezing.ts';

/** Opens the backlog (round 0) or a catch-up round up to the server's own now. */
export async function openRound(
  context: RunContext,
  number: number,
  purpose: RoundPurpose | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { plan, source, rounds } = context.state();
  const newest = purpose === 'last' ? await newestOrUnknown(context, signal) : undefined;
  const serverTime = await context.source.serverTime(signal);
  const deprecated = source?.deprecated === true;
  const lagging = (number === 0 || purpose === 'sync') && !deprecated;
  // Servers tell the time in whole seconds: what was written in the last one belongs to the last window.
  const lag = lagging ? plan.options.safetyLagSeconds * 1_000 : purpose === 'last' ? -1_000 : 0;
  const till = Math.min(serverTime - lag, scopeTill(plan) ?? Number.POSITIVE_INFINITY);
  const before = rounds.at(-1);
  const overlap = purpose === 'proof' ? 0 : plan.options.overlapSeconds * 1_000;
  const since = before === undefined ? scopeSince(plan) : catchUpSince(before, overlap);
  const blind = source?.counts !== true;
  const counted = number > 0 && purpose !== 'sync' && !blind;
  // A history is refused when its end lies in the future (history contract, _before).
  const end = purpose === 'last' ? scopeTill(plan) : till;
  const versions = counted ? await versionsOf(context, since, end, signal) : undefined;
  const at = context.clock.now();
  await context.record({ kind: 'roundOpened', at, round: number, since, till, blind, versions, purpose, newest });
}

/** Reaches back into the round before, for what was committed late, but never before its beginning. */
function catchUpSince(before: Round, overlap: number): Instant {
  return Math.max(before.till - overlap, before.since ?? Number.NEGATIVE_INFINITY);
}

async function versionsOf(
  context: RunContext,
  since: Instant | undefined,
  till: Instant | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const { plan } = context.state();
    return (await countScope(context.source, plan, { of: 'versions', since, till }, signal, true)).count;
  } catch (error) {
    const failure = toFailure(error);
    if (isOutage(failure) || failure.kind === 'cancelled' || failure.kind === 'notSignedIn') throw error;
    return undefined;
  }
}

/** Counts of ever shorter ranges that fail one after the other, before the source counts as one that does not answer. */
const unansweredInARow = 4;

/** Finds one more window, or an empty range, of a round that is planned by counts. */
export async function planWindow(context: RunContext, number: number, signal: AbortSignal): Promise<void> {
  const state = context.state();
  const round = state.rounds.find((candidate) => candidate.number === number);
  if (round?.cursor === undefined || round.blind || round.planned) return;
  const start = isOpen(state, round) ? undefined : round.cursor;
  const asked: { exact: boolean; unanswered: number; failure: Failure | undefined } = {
    exact: true,
    unanswered: 0,
    failure: undefined,
  };
  const step = await nextCounted(
    { cursor: round.cursor, till: round.till, span: round.span, before: before(state, round) },
    windowLimits(state.plan, state.sizing),
    async (till) => {
      const found = await countedOrUnknown(context, start, till, signal);
      asked.exact = 'count' in found ? found.exact : true;
      asked.failure = 'count' in found ? undefined : found.failure;
      asked.unanswered = 'count' in found ? 0 : asked.unanswered + 1;
      return 'count' in found ? found.count : undefined;
    },
  );
  const at = context.clock.now();
  if (asked.failure !== undefined && asked.unanswered >= unansweredInARow) {
    // Not even short ranges: every further window would cost as many refusals, and an export needs no count.
    await context.record({ kind: 'countsRefused', at, failure: asked.failure });
    return;
  }
  if (step.kind === 'skip') {
    await context.record({ kind: 'rangeSkipped', at, round: number, since: start, till: step.till });
    return;
  }
  const types = await typesIn(
    context,
    { since: start, till: step.till, held: asked.exact ? step.expected : undefined },
    signal,
  );
  if (types?.length === 0) {
    await context.record({ kind: 'rangeSkipped', at, round: number, since: start, till: step.till });
    return;
  }
  await context.record({
    kind: 'windowPlanned',
    at,
    window: nextWindowId(context.state()),
    round: number,
    since: start,
    till: step.till,
    expected: asked.exact ? step.expected : undefined,
    types,
  });
}

/** Entries that a batch bundle takes (BundleConfiguration). */
const mostInBatch = 500;

/**
 * Types that a range holds something of, where the plan wants an export for each. A type that cannot be counted is taken
 * for one. Counts of types show no deletions: where these are moved, a type without resources is asked for its versions
 * unless the whole range holds no more than what was counted.
 */
async function typesIn(
  context: RunContext,
  range: { readonly since: Instant | undefined; readonly till: Instant; readonly held: number | undefined },
  signal: AbortSignal,
): Promise<EventOf<'windowPlanned'>['types']> {
  const { plan } = context.state();
  if (!plan.options.perType) return undefined;
  const all = (plan.scope.resourceTypes ?? (await context.source.resourceTypes(signal))).slice(0, mostInBatch);
  const bounds = { till: range.till, ...(range.since === undefined ? {} : { since: range.since }) };
  const counted = await context.source.countTypes(all, bounds, signal);
  let sum = 0;
  for (const count of counted.values()) sum += count;
  const isWhole = counted.size === all.length && (countOf(plan) === 'current' || sum === range.held);
  const types: { type: string; expected: number | undefined }[] = [];
  for (const type of all) {
    const expected = counted.get(type);
    if (expected === 0 && (isWhole || (await versionsAre(context, { of: 'versions', type, ...bounds }, signal)) === 0))
      continue;
    types.push({ type, expected: countOf(plan) === 'current' ? expected : undefined });
  }
  return types;
}

/** Undefined when it cannot be counted. */
async function versionsAre(context: RunContext, query: CountQuery, signal: AbortSignal): Promise<number | undefined> {
  try {
    return await context.source.count(query, signal);
  } catch (error) {
    if (isUnanswerable(toFailure(error))) return undefined;
    throw error;
  }
}

/** The first window of a backlog without a given start has no lower bound, in case the first resource is not the first. */
function isOpen(state: MigrationState, round: Round): boolean {
  if (round.since !== undefined) return false;
  for (const window of state.windows.values()) if (window.round === round.number) return false;
  return true;
}

function before(state: MigrationState, round: Round): 'empty' | 'sparse' | 'full' {
  if (round.skipped) return 'empty';
  let last: number | undefined;
  for (const window of state.windows.values()) {
    if (window.round === round.number && window.till === round.cursor) last = window.expected;
  }
  return last !== undefined && last < state.plan.limits.windowResources / 2 ? 'sparse' : 'full';
}

async function countedOrUnknown(
  context: RunContext,
  since: Instant | undefined,
  till: Instant,
  signal: AbortSignal,
): Promise<ScopeCount | { readonly failure: Failure }> {
  const { plan } = context.state();
  try {
    return await countScope(context.source, plan, { of: countOf(plan), since, till, once: true }, signal);
  } catch (error) {
    const failure = toFailure(error);
    if (isUnanswerable(failure)) return { failure };
    throw error;
  }
}

/** The count itself is too much for the server (fhir-server issue 3021): a shorter range may answer. */
function isUnanswerable(failure: Failure): boolean {
  if (failure.kind === 'unavailable') return failure.status !== 503;
  return ['serverError', 'rejected', 'tooLarge', 'unexpectedAnswer', 'conflict'].includes(failure.kind);
}

/** Counts stopped answering while windows were planned: says so, or throws what must be handled otherwise. */
export async function countsFailed(context: RunContext, failure: Failure): Promise<void> {
  const at = context.clock.now();
  if (failure.kind === 'retired') return context.record({ kind: 'sourceRetired', at });
  if (failure.kind === 'forbidden' || !isHalting(failure)) {
    return context.record({ kind: 'countsRefused', at, failure });
  }
  throw new FailureError(failure);
}

/** Asks whether anything was written to the last round's range or after it since that round was opened. */
export async function checkQuiet(context: RunContext, signal: AbortSignal): Promise<void> {
  const { plan, rounds, source } = context.state();
  const round = rounds.at(-1);
  if (round === undefined) return;
  const serverNow = context.clock.now() + (source?.clockOffset ?? 0);
  const scopeEnd = scopeTill(plan);
  // A history is refused when its end lies in the future (history contract, _before).
  const end = scopeEnd !== undefined && scopeEnd <= serverNow ? scopeEnd : undefined;
  const count = async (since: Instant | undefined): Promise<number> =>
    (await countScope(context.source, plan, { of: 'versions', since, till: end }, signal, true)).count;
  // With what the range held before, late commits inside it show too, not only what came after it.
  const inRange = round.versions === undefined ? 0 : (await count(round.since)) - round.versions;
  const changes = inRange > 0 ? inRange : await count(round.till);
  await recordQuiet(context, round.number, changes, signal);
}
