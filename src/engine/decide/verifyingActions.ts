import type { Instant } from '../ports.ts';
import type { MigrationState, Window } from '../state/state.ts';
import { isWindowSettled } from '../state/settle.ts';
import type { Agenda } from './decide.ts';

/** Windows that are counted at once: two requests each, beside the work itself. */
const atOnce = 1;
/** Before a window that was counted differently is looked at again while others are still on their way, milliseconds. */
const patience = 10 * 60_000;

/**
 * Counts each window on both services right after its import; the ledger has balanced it before. One that is counted
 * differently was changed on the source since: it is counted again after later windows, and once more at the end. True
 * while windows are still to be counted before the migration may end.
 */
export function verifyingActions(agenda: Agenda, ending: boolean): boolean {
  const { state, now } = agenda;
  if (state.source?.counts !== true) return false;
  let left = [...agenda.seen.running.values()].filter(({ kind }) => kind === 'verifyWindow').length;
  const arrived = lastArrival(state);
  let open = false;
  for (const window of state.windows.values()) {
    const due = dueAt(window, arrived, ending);
    if (due === undefined) continue;
    if (due <= now) open = true;
    if (due > now || left >= atOnce) {
      if (due > now) agenda.wait(due);
      continue;
    }
    agenda.add({ kind: 'verifyWindow', window: window.id });
    left += 1;
  }
  return open;
}

/** When a window is to be counted; undefined: not now. */
function dueAt(window: Window, arrived: Instant, ending: boolean): Instant | undefined {
  if (window.state !== 'done' && window.state !== 'empty') return undefined;
  const { verified } = window;
  if (verified === undefined) return 0;
  if (verified.outcome !== 'different') return undefined;
  // Nothing arrived since that could have made it equal.
  if (arrived <= verified.at) return undefined;
  return ending ? 0 : verified.at + patience * Math.min(verified.checks, 6);
}

/** When the last window arrived on the target. */
function lastArrival(state: MigrationState): Instant {
  let last = 0;
  for (const window of state.windows.values()) if (isWindowSettled(window)) last = Math.max(last, window.endedAt ?? 0);
  return last;
}
