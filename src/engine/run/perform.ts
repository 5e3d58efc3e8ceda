import { isTransient, type Failure } from '../../failure/failure.ts';
import type { Action } from '../decide/actions.ts';
import { isOutage } from '../state/budget.ts';
import { cancelOperation } from './cancelling.ts';
import { compareCounts, locateDifferences } from './comparing.ts';
import { isHalting, withNextStep, type RunContext } from './context.ts';
import { pollExport, startExport } from './exporting.ts';
import { pollImport, send, startImport } from './importing.ts';
import { recordQuietUnknown } from './freezing.ts';
import { judgeImport, judgeLines } from './judging.ts';
import { findExport, findOrphans } from './lostExports.ts';
import { checkQuiet, countsFailed, openRound, planWindow } from './planning.ts';
import { copySearchParameters, copyStagedSearchParameters, probe } from './preparing.ts';
import { cancelProbe, proveDeidentification } from './probing.ts';
import { verifyWindow, windowUncounted } from './verifying.ts';

/**
 * Performs one action: asks the outside and journals what happened. `lastTry`: its budget is used up, so that what can
 * be left out is left out. Throws what it could not deal with.
 */
export async function perform(
  context: RunContext,
  action: Action,
  signal: AbortSignal,
  lastTry: boolean,
): Promise<void> {
  switch (action.kind) {
    case 'record':
      return context.record(action.event);
    case 'probe':
      return probe(context, signal, lastTry);
    case 'openRound':
      return openRound(context, action.round, action.purpose, signal);
    case 'planWindow':
      return planWindow(context, action.round, signal);
    case 'startExport':
      return startExport(context, action.window, signal);
    case 'findExport':
      return findExport(context, action.operation, signal);
    case 'pollExport':
      return pollExport(context, action.operation, signal);
    case 'findOrphans':
      return findOrphans(context, action.abandoned, signal);
    case 'startImport':
      return startImport(context, action.parts, signal);
    case 'repeatImport':
      return send(context, action.operation, signal);
    case 'pollImport':
      return pollImport(context, action.operation, signal);
    case 'judgeImport':
      return judgeImport(context, action.operation, signal, lastTry);
    case 'judgeLines':
      return judgeLines(context, action.window, signal, lastTry);
    case 'cancelOperation':
      return cancelOperation(context, action.operation, action.again, signal, lastTry);
    case 'verifyWindow':
    case 'checkQuiet':
    case 'compareCounts':
    case 'locateDifferences':
      return count(context, action, signal);
    default:
      return prepare(context, action, signal);
  }
}

type Preparing = Extract<
  Action,
  { readonly kind: 'proveDeidentification' | 'cancelProbe' | 'copySearchParameters' | 'copyStagedSearchParameters' }
>;

/** Performs what comes before the data, or beside it. */
function prepare(context: RunContext, action: Preparing, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'proveDeidentification':
      return proveDeidentification(context, signal);
    case 'cancelProbe':
      return cancelProbe(context, signal);
    case 'copySearchParameters':
      return copySearchParameters(context, signal);
    case 'copyStagedSearchParameters':
      return copyStagedSearchParameters(context, action.window, signal);
  }
}

type Counting = Extract<
  Action,
  { readonly kind: 'verifyWindow' | 'checkQuiet' | 'compareCounts' | 'locateDifferences' }
>;

/** Performs what only asks for counts. */
function count(context: RunContext, action: Counting, signal: AbortSignal): Promise<void> {
  switch (action.kind) {
    case 'verifyWindow':
      return verifyWindow(context, action.window, signal);
    case 'checkQuiet':
      return checkQuiet(context, signal);
    case 'compareCounts':
      return compareCounts(context, signal);
    case 'locateDifferences':
      return locateDifferences(context, signal);
  }
}

/** What a failed action leads to: another try later, or a fact that stands in for its result. */
export type Aftermath = 'later' | 'settled';

/** Decides about an action that threw. `exhausted`: it failed as often as its budget allows. */
export async function afterFailure(
  context: RunContext,
  action: Action,
  failure: Failure,
  exhausted: boolean,
): Promise<Aftermath> {
  const isPassing = isTransient(failure) && !exhausted;
  const fact = await standIn(context, action, failure, isPassing);
  if (fact !== undefined) return fact;
  if (isPassing) return 'later';
  await context.record({ kind: 'halted', at: context.clock.now(), failure: withNextStep(failure) });
  return 'settled';
}

/** Actions whose failure does not stop the migration; undefined: it does, unless it passes. */
async function standIn(
  context: RunContext,
  action: Action,
  failure: Failure,
  isPassing: boolean,
): Promise<Aftermath | undefined> {
  // With its budget used up it is performed a last time and settles by itself.
  if (settlesItself(action)) return isHalting(failure) ? undefined : 'later';
  if (isPassing && mayWait(action)) return 'later';
  const at = context.clock.now();
  switch (action.kind) {
    case 'planWindow':
      // A count that the server cannot do is no outage, and was asked in other ways already.
      if (isPassing && isOutage(failure)) return 'later';
      return isBeyondCounting(failure) ? undefined : settled(countsFailed(context, failure));
    case 'checkQuiet':
      if (isPassing || isBeyondCounting(failure)) return undefined;
      return settled(quietUnknown(context, failure));
    case 'copySearchParameters':
    case 'copyStagedSearchParameters': {
      const window = action.kind === 'copyStagedSearchParameters' ? action.window : undefined;
      return settled(context.record({ kind: 'searchParametersFailed', at, window, failure: withNextStep(failure) }));
    }
    case 'verifyWindow':
      return isBeyondCounting(failure) ? undefined : settled(windowUncounted(context, action.window, failure));
    case 'findOrphans':
      return settled(context.record({ kind: 'orphansChecked', at, operation: action.abandoned.id, orphans: [] }));
    case 'locateDifferences':
      return isHalting(failure) ? undefined : settled(context.record({ kind: 'differencesLocated', at, windows: [] }));
    default:
      return undefined;
  }
}

function settlesItself({ kind }: Action): boolean {
  return kind === 'judgeImport' || kind === 'judgeLines' || kind === 'cancelOperation';
}

/** Nothing else is held up by it. */
function mayWait({ kind }: Action): boolean {
  switch (kind) {
    case 'copySearchParameters':
    case 'copyStagedSearchParameters':
    case 'verifyWindow':
    case 'findOrphans':
    case 'locateDifferences':
      return true;
    default:
      return false;
  }
}

async function settled(fact: Promise<void>): Promise<Aftermath> {
  await fact;
  return 'settled';
}

/** Nothing that could be said about counts: somebody must sign in, or the program is wrong. */
function isBeyondCounting(failure: Failure): boolean {
  return failure.kind === 'notSignedIn' || failure.kind === 'bug';
}

async function quietUnknown(context: RunContext, failure: Failure): Promise<void> {
  if (failure.kind === 'retired' || failure.kind === 'forbidden') await countsFailed(context, failure);
  if (failure.kind === 'retired') return;
  const round = context.state().rounds.at(-1)?.number ?? 0;
  await recordQuietUnknown(context, round, failure);
}
