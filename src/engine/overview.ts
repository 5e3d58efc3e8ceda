import type { Failure } from '../failure/failure.ts';
import type { MigrationId, OperationId, WindowId } from './ids.ts';
import type { Plan } from './plan.ts';
import type { Instant } from './ports.ts';

/*
 * What people see of a migration: one plain value, the same for the tree, the status bar, the panel, `status --json`
 * and the summary at the end. Computed from the state, never stored.
 */

export type MigrationPhase =
  | 'planned'
  | 'preparing'
  | 'backlog'
  | 'catchUp'
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
  readonly failed: number;
  readonly files: number;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly failure: Failure | undefined;
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
  /** Refused and not on the target. */
  readonly failed: number;
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
  readonly actions: readonly ('retry' | 'resume' | 'catchUp' | 'cancel' | 'signIn')[];
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
  readonly createdAt: Instant;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  /** Every change before this instant is on the target. */
  readonly watermark: Instant | undefined;
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
