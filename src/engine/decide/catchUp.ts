import type { MigrationState, Round, SourceKnowledge } from '../state/state.ts';
import { isWindowSettled } from '../state/settle.ts';
import { isSnapshot, scopeTill } from '../windows/semantics.ts';
import { isFinished, isFinishing } from '../sync/finish.ts';
import type { Agenda } from './decide.ts';
import { finishSteps, isSyncing, syncActions } from './syncActions.ts';

/** Catch-up rounds without a quiet source, before a person is asked. */
export const mostRounds = 5;

/** Between the openings of two catch-up rounds, milliseconds. */
const pause = 10_000;

/**
 * Opens catch-up rounds until nothing has changed on the source since the last one was taken. True while the data on
 * the source is not yet known to be on its way, so that the migration cannot end.
 */
export function catchUpActions(agenda: Agenda): boolean {
  const { state } = agenda;
  const last = state.rounds.at(-1);
  if (last === undefined) return true;
  if (isFinishing(state.finish)) return finishSteps(agenda, last);
  if (!last.planned || !exportsEnded(state)) return true;
  if (isSyncing(state)) {
    syncActions(agenda, last);
    return true;
  }
  const step = nextStep(state, last);
  switch (step) {
    case 'open':
      // Servers tell the time in whole seconds: a round right after the last would see the same end.
      agenda.add({ kind: 'openRound', round: last.number + 1 }, last.number === 0 ? undefined : last.openedAt + pause);
      return true;
    case 'check':
      agenda.add({ kind: 'checkQuiet' });
      return true;
    case 'wait':
      return true;
    case 'none':
      return false;
  }
}

/** No export is running, waiting or still to come; windows that need a person are not waited for. */
function exportsEnded(state: MigrationState): boolean {
  if (state.exports.size > 0) return false;
  for (const window of state.windows.values()) if (window.state === 'planned') return false;
  return true;
}

type Step = 'open' | 'check' | 'wait' | 'none';

function nextStep(state: MigrationState, last: Round): Step {
  const end = scopeTill(state.plan);
  if (end !== undefined && last.till >= end) return 'none';
  const source = state.source;
  if (source === undefined) return 'wait';
  if (source.deprecated) {
    // Nobody can write to it any more: one round after that is the last.
    const afterwards = source.wasLive && source.deprecatedAt !== undefined && last.openedAt < source.deprecatedAt;
    return afterwards ? 'open' : 'none';
  }
  return stepOfLive(state, source, last);
}

function stepOfLive(state: MigrationState, source: SourceKnowledge, last: Round): Step {
  if (state.catchUpAsked || (last.number === 0 && !isFinished(state.finish))) return 'open';
  if (![...state.windows.values()].every(isWindowSettled)) return 'wait';
  if ([...state.windows.values()].some((window) => window.state === 'needsAttention')) return 'none';
  if (isFinished(state.finish)) return 'none';
  const quiet = state.quiet;
  if (quiet === undefined) return 'check';
  if (quiet.changes === undefined) {
    // Counts are refused: one more round narrows what may have been missed, further ones could go on for ever.
    return !source.counts && !isSnapshot(state.plan) && last.number < 2 ? 'open' : 'none';
  }
  if (quiet.changes === 0) return 'none';
  return last.number < state.roundsFrom + mostRounds ? 'open' : 'none';
}
