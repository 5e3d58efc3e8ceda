import type { Failure } from '../failure/failure.ts';
import type { Observations } from './decide/observations.ts';
import { exportMode, type ExportMode } from './exports/mode.ts';
import { isCutOver, type CleanupRecord, type CutoverOverview } from './cutover.ts';
import type { MigrationId, OperationId, WindowId } from './ids.ts';
import type { Plan } from './plan.ts';
import type { Instant } from './ports.ts';
import type { MigrationState } from './state/state.ts';
import { isBacklogMoved, isSyncing } from './decide/syncActions.ts';
import { isFinishing } from './sync/finish.ts';
import { isWindowSettled } from './state/settle.ts';
import { attentionOf } from './view/attention.ts';
import { operationOverviews, windowOverview } from './view/operations.ts';
import { progressOf } from './view/progress.ts';
import { notesOf } from './view/sentences.ts';
import type { VerificationProgress, WindowVerification } from './verified.ts';
import { typeTotals } from './view/totals.ts';
import { verificationOf } from './view/verification.ts';
import { finishOverview, syncOverview, type FinishOverview, type SyncOverview } from './view/syncing.ts';
import { waitingOf } from './view/waiting.ts';
import { watermarkOf } from './view/watermark.ts';

/*
 * What people see of a migration: one plain value, the same for the tree, the status bar, the panel, `status --json`
 * and the summary at the end. Computed from the state, never stored.
 */

export type MigrationPhase =
  | 'planned'
  | 'preparing'
  | 'backlog'
  | 'catchUp'
  /** The backlog is moved, and what changes on the source follows. */
  | 'syncing'
  /** The last window is on its way, or the proof that the source was frozen. */
  | 'finishing'
  | 'checking'
  | 'pausing'
  | 'paused'
  | 'cancelling'
  | 'cancelled'
  | 'needsAttention'
  | 'complete';

export type WindowState =
  'planned' | 'exporting' | 'exported' | 'importing' | 'done' | 'empty' | 'split' | 'needsAttention';

export interface WindowOverview {
  readonly id: WindowId;
  readonly kind: 'backlog' | 'catchUp';
  /** Undefined: from the beginning. */
  readonly since: Instant | undefined;
  readonly till: Instant;
  readonly state: WindowState;
  readonly attempts: number;
  /** Resources that a count promised, if it was asked and answered. */
  readonly expected: number | undefined;
  readonly exported: number;
  readonly imported: number;
  readonly alreadyThere: number;
  /** Refused, not on the target, and not accepted. */
  readonly failed: number;
  /** Refused lines that somebody decided to leave behind, and why; absent: none. */
  readonly accepted?: { readonly lines: number; readonly because: string; readonly at: Instant } | undefined;
  readonly files: number;
  /** Where they lie in the staging container. */
  readonly folders?: readonly string[];
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly failure: Failure | undefined;
  /** What the counts of both services said of it since it is on the target. */
  readonly verified: WindowVerification['outcome'] | undefined;
}

export interface OperationOverview {
  readonly id: OperationId;
  readonly kind: 'export' | 'import';
  readonly windows: readonly WindowId[];
  readonly jobId: string | undefined;
  readonly state: 'starting' | 'running' | 'retrying' | 'searching';
  readonly attempt: number;
  readonly since: Instant;
  /** When it is looked at next. */
  readonly nextAt: Instant | undefined;
  readonly resources: number | undefined;
}

export interface TypeTotals {
  readonly exported: number;
  readonly imported: number;
  /** Refused by the import as duplicate or conflict, and found on the target at this or a newer version. */
  readonly alreadyThere: number;
  /** Refused, not on the target, and not accepted. */
  readonly failed: number;
  /** Refused lines that somebody decided to leave behind; absent: none. */
  readonly accepted?: number;
  /** Neither imported nor refused: a migration with any never succeeds. */
  readonly unaccounted: number;
  /** Counts of the services at the end, where both answer. */
  readonly onSource: number | undefined;
  readonly onTarget: number | undefined;
}

/** Something that a person must look at, with the actions that the panel offers. */
export interface AttentionItem {
  readonly about: { readonly window?: WindowId; readonly operation?: OperationId };
  readonly failure: Failure;
  readonly actions: readonly (
    'retry' | 'resume' | 'catchUp' | 'finish' | 'cancel' | 'signIn' | 'failedLines' | 'acceptLines'
  )[];
}

export interface MigrationOverview {
  readonly id: MigrationId;
  readonly name: string;
  readonly plan: Plan;
  readonly phase: MigrationPhase;
  /** Why nothing is moving right now, in one sentence, when that is so ("Throttled by contoso until 14:05"). */
  readonly waiting: string | undefined;
  /** The source answers only metadata and export: totals are known only as manifests come. */
  readonly blind: boolean;
  /** How the source is asked to export, and why so. */
  readonly exportMode?: ExportMode;
  readonly createdAt: Instant;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  /** Every change before this instant is on the target. */
  readonly watermark: Instant | undefined;
  /** Absent for a migration that ends with its backlog. */
  readonly sync?: SyncOverview | undefined;
  /** Absent while nobody asked for the last window. */
  readonly finish?: FinishOverview | undefined;
  /** Follows the watermark as windows are counted on both services. */
  readonly verification: VerificationProgress;
  /** What people decided on the way over; absent while nobody did. */
  readonly cutover?: CutoverOverview | undefined;
  /** What was taken away afterwards, the oldest first; absent while nothing was. */
  readonly cleanups?: readonly (CleanupRecord & { readonly at: Instant })[] | undefined;
  readonly windows: readonly WindowOverview[];
  readonly operations: readonly OperationOverview[];
  readonly totals: Readonly<Record<string, TypeTotals>>;
  readonly progress: {
    readonly windowsDone: number;
    /** Grows while a blind migration still searches for the beginning. */
    readonly windowsKnown: number;
    readonly exported: number;
    readonly imported: number;
    /** Undefined when the source cannot be counted. */
    readonly expected: number | undefined;
    /** Imported resources per second over the last minutes, and over the whole run. */
    readonly rateNow: number | undefined;
    readonly rateAverage: number | undefined;
    readonly remainingMs: number | undefined;
    /** What the remaining time is computed from, one sentence; or why there is none. */
    readonly remainingBasis: string;
  };
  /** Imported resources over time for the throughput chart: at most 240 points, oldest first. */
  readonly throughput: readonly { readonly at: Instant; readonly imported: number }[];
  readonly attention: readonly AttentionItem[];
  /** Things to know that do not stop the migration. */
  readonly notes: readonly string[];
  readonly staging: { readonly account: string; readonly container: string; readonly folders: readonly string[] };
  readonly journalLength: number;
}

/**
 * What people see of a migration, computed from its state and from what its driver observes (none: nobody drives).
 * @param timeZone in which sentences tell the time
 */
export function overview(state: MigrationState, seen: Observations, now: Instant, timeZone = 'UTC'): MigrationOverview {
  const windows = [...state.windows.values()];
  return {
    id: state.id,
    name: state.plan.name,
    plan: state.plan,
    phase: phaseOf(state, seen),
    waiting: waitingOf(state, seen, now, timeZone),
    blind: state.source !== undefined && !state.source.counts,
    exportMode: exportMode(state),
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    watermark: watermarkOf(state),
    sync: syncOverview(state, now),
    finish: finishOverview(state),
    verification: verificationOf(state, now),
    cutover: isCutOver(state.cutover) ? state.cutover : undefined,
    cleanups: state.cleanups.length === 0 ? undefined : state.cleanups,
    windows: windows.map((window) => windowOverview(state, window)),
    operations: operationOverviews(state, seen),
    totals: typeTotals(state),
    progress: progressOf(state, seen, now),
    throughput: state.throughput,
    attention: attentionOf(state, seen, now),
    notes: notesOf(state),
    staging: {
      account: state.plan.staging.accountName,
      container: state.plan.staging.container,
      folders: [...new Set([...(state.deidentified?.folders ?? []), ...windows.flatMap((window) => window.folders)])],
    },
    journalLength: state.sequence,
  };
}

function phaseOf(state: MigrationState, seen: Observations): MigrationPhase {
  if (seen.stopped !== undefined) return 'needsAttention';
  switch (state.run) {
    case 'attention':
      return 'needsAttention';
    case 'running':
      return runningPhase(state);
    case 'planned':
    case 'pausing':
    case 'paused':
    case 'cancelling':
    case 'cancelled':
    case 'complete':
      return state.run;
  }
}

function runningPhase(state: MigrationState): MigrationPhase {
  if (state.halt !== undefined) return 'needsAttention';
  const last = state.rounds.at(-1);
  if (last === undefined) return 'preparing';
  if (isFinishing(state.finish)) return 'finishing';
  const isSettled = last.planned && [...state.windows.values()].every(isWindowSettled);
  if (isSettled && (state.quiet?.changes === 0 || state.compared !== undefined)) return 'checking';
  if (last.number === 0 || (isSyncing(state) && !isBacklogMoved(state))) return 'backlog';
  return isSyncing(state) ? 'syncing' : 'catchUp';
}
