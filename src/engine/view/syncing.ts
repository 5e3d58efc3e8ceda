import { isBacklogMoved, isSyncing, nextRoundAt } from '../decide/syncActions.ts';
import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import { freezeToDone, type FreezeOutcome, type FreezeProofBy } from '../sync/finish.ts';
import { isSnapshot } from '../windows/semantics.ts';
import { copiedUntil } from './watermark.ts';

/** How far the target's copy is behind, for a migration that is kept in sync. */
export interface SyncOverview {
  /** `follow`: a copy for disaster recovery, whose lag is its recovery point. */
  readonly purpose: 'cutover' | 'follow';
  readonly lagTargetMs: number;
  /**
   * Everything that the source held at this instant is on the target; by the clock of this machine, so that the age of
   * the copy is the time since then. Undefined until the backlog is moved.
   */
  readonly copiedUntil: Instant | undefined;
  /** Age of the copy at the time of the overview, milliseconds. */
  readonly lagMs: number | undefined;
  /**
   * True: the target is as the source was at that instant. False: a resource that was changed again later may follow
   * only with its later change, because the source's exports show the present.
   */
  readonly exact: boolean;
  /** When the next window is taken; undefined while one is under way, or when none comes any more. */
  readonly nextWindowAt: Instant | undefined;
}

export type FinishState = 'draining' | 'proving' | FreezeOutcome;

/** A last window that somebody asked for, having stopped the writers of the source. */
export interface FinishOverview {
  readonly state: FinishState;
  readonly requestedAt: Instant;
  /** When the writers were stopped, as told by whoever asked. */
  readonly frozenAt: Instant;
  /** Every line of the last window was accounted for. */
  readonly drainedAt: Instant | undefined;
  /** The proof, one way or the other. */
  readonly checkedAt: Instant | undefined;
  /** From the stop of the writers to the proof, milliseconds; undefined until it is there. */
  readonly freezeToDoneMs: number | undefined;
  /** The source's newest `meta.lastUpdated` before the last window and after it; undefined when not told. */
  readonly newestBefore: Instant | undefined;
  readonly newestAfter: Instant | undefined;
  /** Versions that came since the last window was opened. */
  readonly changes: number | undefined;
  readonly by: FreezeProofBy | undefined;
}

/** Undefined for a migration that ends with its backlog. */
export function syncOverview(state: MigrationState, now: Instant): SyncOverview | undefined {
  const { sync } = state.plan;
  if (sync === undefined) return undefined;
  const until = isBacklogMoved(state) ? copiedUntil(state) : undefined;
  const local = until === undefined ? undefined : until - (state.source?.clockOffset ?? 0);
  const isOver = state.run === 'complete' || state.run === 'cancelled';
  const seenAt = isOver ? (state.endedAt ?? now) : now;
  const last = state.rounds.at(-1);
  const isNext = last !== undefined && last.planned && state.run === 'running' && isSyncing(state);
  return {
    purpose: sync.purpose,
    lagTargetMs: sync.lagTargetSeconds * 1_000,
    copiedUntil: local,
    lagMs: local === undefined ? undefined : Math.max(0, seenAt - local),
    exact: isSnapshot(state.plan) || state.plan.scope.history,
    nextWindowAt: isNext && state.exports.size === 0 ? nextRoundAt(state, last) : undefined,
  };
}

/** Undefined while nobody asked for a last window. */
export function finishOverview(state: MigrationState): FinishOverview | undefined {
  const { finish } = state;
  if (finish === undefined) return undefined;
  const { requestedAt, frozenAt, drainedAt, checkedAt, newestBefore, proof } = finish;
  return {
    state: proof?.outcome ?? (drainedAt === undefined ? 'draining' : 'proving'),
    requestedAt,
    frozenAt,
    drainedAt,
    checkedAt,
    freezeToDoneMs: freezeToDone(finish),
    newestBefore,
    newestAfter: proof?.newestAfter,
    changes: proof?.changes,
    by: proof?.by,
  };
}
