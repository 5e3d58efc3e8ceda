import type { EventOf } from '../events.ts';
import { isFinishing } from '../sync/finish.ts';
import { joined } from '../sync/joining.ts';
import { changedPlan } from '../sync/settings.ts';
import { goOn } from './applyLifecycle.ts';
import type { Draft } from './draft.ts';
import type { Window } from './state.ts';

export function applyFinishRequested(draft: Draft, event: EventOf<'finishRequested'>): void {
  goOn(draft);
  draft.roundsFrom = (draft.rounds.at(-1)?.number ?? -1) + 1;
  draft.quiet = undefined;
  draft.compared = undefined;
  draft.differencesLocated = false;
  draft.finish = {
    requestedAt: event.at,
    frozenAt: Math.min(event.frozenAt, event.at),
    round: undefined,
    newestBefore: undefined,
    drainedAt: undefined,
    checkedAt: undefined,
    proof: undefined,
  };
}

export function applyFinishWithdrawn(draft: Draft): void {
  draft.finish = undefined;
  goOn(draft);
}

export function applyFinishDrained(draft: Draft, event: EventOf<'finishDrained'>): void {
  if (draft.finish !== undefined) draft.finish = { ...draft.finish, drainedAt: event.at };
}

export function applyFreezeChecked(draft: Draft, event: EventOf<'freezeChecked'>): void {
  if (!isFinishing(draft.finish)) return;
  const { round, outcome, by, newestAfter, changes, failure, at } = event;
  draft.finish = {
    ...draft.finish,
    checkedAt: at,
    proof: { round, outcome, by, newestAfter, changes, failure },
  };
  if (outcome === 'written') draft.quiet = undefined;
}

export function applySettingsChanged(draft: Draft, event: EventOf<'settingsChanged'>): void {
  draft.plan = changedPlan(draft.plan, event.settings);
}

export function applySlowedDown(draft: Draft, event: EventOf<'slowedDown'>): void {
  const { service, reason, until } = event;
  draft.slowed = { ...draft.slowed, [service]: { reason, since: event.at, until } };
}

/** Windows of the past become one, so that a migration that runs for weeks stays small. */
export function applyWindowsJoined(draft: Draft, event: EventOf<'windowsJoined'>): void {
  const windows = event.windows.flatMap((id): readonly Window[] => {
    const window = draft.windows.get(id);
    return window === undefined ? [] : [window];
  });
  const whole = joined(windows);
  if (whole === undefined) return;
  // The place of the first keeps the order of the others.
  const rest = [...draft.windows.values()];
  draft.windows.clear();
  const gone = new Set(event.windows);
  let placed = false;
  for (const window of rest) {
    if (!gone.has(window.id)) draft.windows.set(window.id, window);
    else if (!placed) draft.windows.set(whole.id, whole);
    placed ||= gone.has(window.id);
  }
}
