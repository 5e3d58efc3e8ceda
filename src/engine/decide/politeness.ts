import { opening } from '../calendar/calendar.ts';
import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import { isFinishing } from '../sync/finish.ts';
import type { Action } from './actions.ts';

const day = 86_400_000;

/**
 * Until when an action has to wait out of consideration: for the calendar, or for a service under pressure. Undefined:
 * it may start. What was started is followed to its end, and a last window waits for nothing but the services' own word.
 */
export function heldUntil(state: MigrationState, action: Action, now: Instant): Instant | undefined {
  if (isFinishing(state.finish)) return undefined;
  const { source, target } = state.slowed ?? {};
  switch (action.kind) {
    case 'startExport':
      return latest(now, closedUntil(state, 'exports', now), source?.until);
    case 'openRound':
      if (action.purpose !== 'sync') return undefined;
      return latest(now, closedUntil(state, 'exports', now), source?.until);
    case 'planWindow':
      return latest(now, source?.until);
    case 'startImport':
      return latest(now, closedUntil(state, 'imports', now), target?.until);
    case 'verifyWindow':
      return latest(now, source?.until, target?.until);
    default:
      return undefined;
  }
}

/** When the calendar lets operations of a kind start again; undefined: now. */
export function closedUntil(state: MigrationState, kind: 'exports' | 'imports', now: Instant): Instant | undefined {
  const { open, until } = opening(state.plan.calendar, kind, now);
  return open ? undefined : (until ?? now + day);
}

/** The calendar is closed and asks for what runs to be cancelled, to be done again later. */
export function isToBeCancelled(state: MigrationState, kind: 'exports' | 'imports', now: Instant): boolean {
  if (state.plan.calendar?.running !== 'cancel' || isFinishing(state.finish)) return false;
  return closedUntil(state, kind, now) !== undefined;
}

/** When the calendar closes for a kind whose running operations are cancelled then; undefined: it does not. */
export function cancelledAt(state: MigrationState, kind: 'exports' | 'imports', now: Instant): Instant | undefined {
  if (state.plan.calendar?.running !== 'cancel') return undefined;
  const { open, until } = opening(state.plan.calendar, kind, now);
  return open ? until : undefined;
}

function latest(now: Instant, ...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const future = instants.filter((instant) => instant !== undefined && instant > now) as readonly Instant[];
  return future.length === 0 ? undefined : Math.max(...future);
}
