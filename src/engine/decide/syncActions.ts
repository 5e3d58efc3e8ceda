import type { Instant } from '../ports.ts';
import type { MigrationState, Round } from '../state/state.ts';
import { isWindowSettled } from '../state/settle.ts';
import { isFinished, isFinishing, type FreezeOutcome } from '../sync/finish.ts';
import { windowsToJoin } from '../sync/joining.ts';
import { scopeTill } from '../windows/semantics.ts';
import type { Agenda } from './decide.ts';

const second = 1_000;
/** Servers tell the time in whole seconds, and a look at an idle source must not become a burden. */
const shortestPause = 30 * second;

/** The migration goes on by itself after the backlog: it is set to, nobody has finished it, and the source is alive. */
export function isSyncing(state: MigrationState): boolean {
  if (state.plan.sync === undefined || isFinished(state.finish) || state.catchUpAsked) return false;
  const end = scopeTill(state.plan);
  const last = state.rounds.at(-1);
  return state.source?.deprecated !== true && (end === undefined || last === undefined || last.till < end);
}

/** Everything that was there at the start is on the target, or waits for a person. */
export function isBacklogMoved(state: MigrationState): boolean {
  const [backlog] = state.rounds;
  if (backlog?.planned !== true) return false;
  for (const window of state.windows.values()) if (window.round === 0 && !isWindowSettled(window)) return false;
  return true;
}

/** Opens the next round of windows when it is time for it. */
export function syncActions(agenda: Agenda, last: Round): void {
  const { state, now } = agenda;
  const windows = windowsToJoin(state);
  if (windows.length > 0) agenda.add({ kind: 'record', event: { kind: 'windowsJoined', at: now, windows } });
  agenda.add({ kind: 'openRound', round: last.number + 1, purpose: 'sync' }, nextRoundAt(state, last));
}

/**
 * When the round after the last is due. A copy is as old as `till` was behind when its window was taken, plus the time
 * that the window took, plus the time until the next one: that sum is to stay below the lag target.
 */
export function nextRoundAt(state: MigrationState, last: Round): Instant {
  const target = (state.plan.sync?.lagTargetSeconds ?? 0) * second;
  const room = target - state.plan.options.safetyLagSeconds * second;
  const taken = windowMs(state);
  // How long a window takes is not known before the first: half of the room is left for it.
  const pause = Math.max(shortestPause, target / 10, taken === undefined ? room / 2 : room - taken);
  return last.number === 0 ? last.openedAt : last.openedAt + pause;
}

const recentWindows = 5;

/** How long the last windows of sync took, milliseconds: the longest of a few; undefined before the first. */
function windowMs(state: MigrationState): number | undefined {
  const taken: number[] = [];
  for (const { round, startedAt, endedAt, joined } of state.windows.values()) {
    if (round === 0 || startedAt === undefined || endedAt === undefined || joined !== undefined) continue;
    taken.push(endedAt - startedAt);
  }
  return taken.length === 0 ? undefined : Math.max(...taken.slice(-recentWindows));
}

/**
 * Takes the last window at once, beside whatever still runs, waits until every line of everything is accounted for, and
 * has it proved that the source was frozen. True while that goes on; false when a person must decide about a window.
 */
export function finishSteps(agenda: Agenda, last: Round): boolean {
  const { state, now } = agenda;
  const { finish } = state;
  if (!isFinishing(finish) || !last.planned) return true;
  if (finish.round === undefined) {
    agenda.add({ kind: 'openRound', round: last.number + 1, purpose: 'last' });
    return true;
  }
  const windows = [...state.windows.values()];
  const operations = state.exports.size + state.imports.size + state.abandoned.length;
  if (operations > 0 || !windows.every(isWindowSettled)) return true;
  if (windows.some((window) => window.state === 'needsAttention')) return false;
  if (finish.drainedAt === undefined) {
    agenda.add({ kind: 'record', event: { kind: 'finishDrained', at: now } });
  } else if (state.source?.deprecated === true) {
    check(agenda, finish.round, 'frozen', 'retired');
  } else if (state.source?.counts === true) {
    agenda.add({ kind: 'checkQuiet' });
  } else if (last.purpose === 'proof') {
    // An export of everything since the last window that holds nothing is a proof as well.
    const proofs = windows.filter((window) => window.round === last.number);
    const changes = proofs.reduce((sum, window) => sum + (window.exported?.resources ?? 0), 0);
    const outcome = proofs.length === 0 ? 'unproven' : changes === 0 ? 'frozen' : 'written';
    check(agenda, finish.round, outcome, 'export', changes);
  } else {
    agenda.add({ kind: 'openRound', round: last.number + 1, purpose: 'proof' }, last.openedAt + 10 * second);
  }
  return true;
}

function check(
  agenda: Agenda,
  round: number,
  outcome: FreezeOutcome,
  by: 'export' | 'retired',
  changes?: number,
): void {
  const event = { kind: 'freezeChecked', at: agenda.now, round, outcome, by, changes } as const;
  agenda.add({ kind: 'record', event });
}
