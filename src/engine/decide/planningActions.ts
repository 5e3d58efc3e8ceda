import type { MigrationState, Round, Window } from '../state/state.ts';
import type { WindowLimits } from '../windows/counted.ts';
import { nextBlind } from '../windows/blind.ts';
import type { Sizing } from '../windows/sizing.ts';
import { numberedWindow, type WindowId } from '../ids.ts';
import type { Plan } from '../plan.ts';
import type { Agenda } from './decide.ts';

/** The plan's limits of one window, or what the source bears where that is less. */
export function windowLimits(plan: Plan, sizing?: Sizing): WindowLimits {
  const { windowDays, windowResources, joinBelowResources } = plan.limits;
  const most = Math.max(1, Math.min(windowResources, sizing?.resources ?? windowResources));
  const longest = windowDays * 86_400_000;
  return {
    longest: Math.max(1, Math.min(longest, sizing?.span ?? longest)),
    most,
    few: Math.min(joinBelowResources, most),
  };
}

/** Name of the next window: `w0001`, `w0002` …; halves of split windows carry the name of the whole. */
export function nextWindowId(state: MigrationState): WindowId {
  let highest = 0;
  for (const id of state.windows.keys()) highest = Math.max(highest, Number.parseInt(id.slice(1), 10));
  return numberedWindow(highest + 1);
}

/** Plans what is not planned yet: by counts as fast as they answer, blindly one window ahead of the exports. */
export function planningActions(agenda: Agenda): void {
  for (const round of agenda.state.rounds) {
    if (round.planned) continue;
    if (round.blind) planBlind(agenda, round);
    else agenda.add({ kind: 'planWindow', round: round.number });
    return;
  }
}

function planBlind(agenda: Agenda, round: Round): void {
  const { state, now } = agenda;
  const windows = [...state.windows.values()].filter((window) => window.round === round.number);
  const untried = windows.filter((window) => window.state === 'planned' && window.attempts === 0).length;
  const running = windows.filter((window) => window.state === 'exporting').length;
  if (untried > 0 || running >= state.plan.limits.exportsAtOnce) return;
  const next = nextBlind(
    { cursor: round.cursor ?? round.till, floor: round.floor, last: lastMeasured(windows) },
    windowLimits(state.plan, state.sizing),
  );
  agenda.add({
    kind: 'record',
    event: { kind: 'windowPlanned', at: now, window: nextWindowId(state), round: round.number, ...next },
  });
}

/** Length and content of the earliest window whose manifest has come. */
function lastMeasured(windows: readonly Window[]): { readonly span: number; readonly resources: number } | undefined {
  let earliest: Window | undefined;
  for (const window of windows) {
    if (window.exported === undefined || window.since === undefined) continue;
    if (earliest === undefined || window.till < earliest.till) earliest = window;
  }
  if (earliest?.exported === undefined || earliest.since === undefined) return undefined;
  return { span: earliest.till - earliest.since, resources: earliest.exported.resources };
}
