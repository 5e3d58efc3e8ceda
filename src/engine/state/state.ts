import type { Failure } from '../../failure/failure.ts';
import type {
  AcceptedLines,
  AttachmentRef,
  PartRef,
  RetriedLines,
  RoundPurpose,
  SlowReason,
  WindowBounds,
} from '../events.ts';
import type { CleanupRecord, CutoverOverview } from '../cutover.ts';
import type { MigrationId, OperationId, WindowId } from '../ids.ts';
import type { WindowState } from '../overview.ts';
import type { Sizing } from '../windows/sizing.ts';
import type { Plan } from '../plan.ts';
import type { Instant, SearchParameterCopy } from '../ports.ts';
import type { Finish } from '../sync/finish.ts';
import type { DifferencesTreated, VerificationRecord, WindowVerification } from '../verified.ts';

/*
 * Everything that the engine knows of a migration: the fold of its journal, nothing else. Records are replaced, never
 * changed; only the maps of a draft (draft.ts) are written to.
 */

/** Failed attempts since the last success or since somebody asked to retry. */
export interface Budget {
  readonly used: number;
  readonly firstAt: Instant | undefined;
}

/** A run of files of one type, on its way to the target. */
export interface Part {
  readonly type: string;
  /** First file, as an index into the window's manifest attachment. */
  readonly from: number;
  readonly files: number;
  readonly resources: number;
  readonly bytes: number;
  readonly state: 'pending' | 'importing' | 'judging' | 'settled' | 'exhausted';
  /** Imports that were started for it; makes every new definition differ from the ones before. */
  readonly attempts: number;
  readonly budget: Budget;
  readonly retryAt: Instant | undefined;
  readonly imported: number;
  readonly refused: number;
  readonly alreadyThere: number;
  readonly superseded: number;
  readonly failed: number;
  readonly unaccounted: number;
  /** Reasons of failed lines. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Its loss was already answered with a second import. */
  readonly importedAgain: boolean;
  readonly failure: Failure | undefined;
  /** Error files of the import of all its lines, and its index among that import's parts. */
  readonly refusals?: { readonly list: AttachmentRef; readonly part: number } | undefined;
  /** The lines that its next import is of; absent: all of them. */
  readonly retry?: RetriedLines | undefined;
  /** Imports of refused lines alone. */
  readonly retries?: number | undefined;
  /** Lines that those took; they count as imported. */
  readonly retried?: number | undefined;
  /** Failed lines that somebody decided to leave behind. */
  readonly accepted?: number | undefined;
}

/** The export that a window's numbers stand for. */
export interface ExportedWindow {
  readonly operation: OperationId;
  readonly folders: readonly string[];
  readonly resources: number;
  readonly files: number;
  readonly setAside: { readonly files: number; readonly resources: number };
  readonly manifest: AttachmentRef | undefined;
  readonly errors: number;
  /** Lines fewer than a count of the window promised, after a second export. */
  readonly missing: number;
  readonly completedAt: Instant;
  /** Whether the search parameters set aside were taken to the target. */
  readonly searchParameters: 'none' | 'pending' | 'done' | 'failed';
}

export interface Window extends WindowBounds {
  readonly id: WindowId;
  readonly round: number;
  /** The type that it is of; absent: all of the plan's. */
  readonly type?: string | undefined;
  readonly state: WindowState;
  readonly expected: number | undefined;
  readonly maxCount: number | undefined;
  /** Exports that were intended. */
  readonly attempts: number;
  readonly budget: Budget;
  readonly retryAt: Instant | undefined;
  readonly exported: ExportedWindow | undefined;
  readonly parts: readonly Part[];
  readonly folders: readonly string[];
  /** Its shortfall was already answered with a second export. */
  readonly exportedAgain: boolean;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly failure: Failure | undefined;
  /** Windows that it stands for; absent: one. */
  readonly joined?: number | undefined;
  /** What the counts of both services said of it since it is on the target. */
  readonly verified?: WindowVerification | undefined;
  /** Failed lines that somebody decided to leave behind. */
  readonly accepted?: (Omit<AcceptedLines, 'window'> & { readonly at: Instant }) | undefined;
}

/** An export that has not ended. */
export interface ExportOperation {
  readonly id: OperationId;
  readonly window: WindowId;
  readonly attempt: number;
  /** `starting`: the request may be under way; `lost`: its answer is; `candidate`: a folder that may be its. */
  readonly state: 'starting' | 'lost' | 'candidate' | 'running';
  readonly intendedAt: Instant;
  /** The server's clock at the intent. */
  readonly serverTime: Instant;
  readonly lostAt: Instant | undefined;
  readonly since: Instant | undefined;
  readonly till: Instant;
  readonly maxCount: number | undefined;
  readonly statusUrl: string | undefined;
  readonly jobId: string | undefined;
  readonly acceptedAt: Instant | undefined;
  /** Jobs that were looked at and are not this export. */
  readonly refusedJobs: readonly string[];
}

/** An import that has not ended, or whose refused lines are not judged yet. */
export interface ImportOperation {
  readonly id: OperationId;
  readonly attempt: number;
  readonly state: 'starting' | 'running' | 'judging';
  readonly parts: readonly PartRef[];
  readonly list: AttachmentRef;
  readonly unitBytes: number | undefined;
  readonly resources: number;
  readonly intendedAt: Instant;
  readonly statusUrl: string | undefined;
  readonly jobId: string | undefined;
  readonly acceptedAt: Instant | undefined;
  readonly result: AttachmentRef | undefined;
  readonly budget: Budget;
  readonly retryAt: Instant | undefined;
}

/** An export that was given up without a trace and must be looked for once more. */
export interface AbandonedExport {
  readonly id: OperationId;
  readonly window: WindowId;
  readonly serverTime: Instant;
  readonly intendedAt: Instant;
  readonly lostAt: Instant;
  readonly since: Instant | undefined;
  readonly till: Instant;
  readonly maxCount: number | undefined;
}

/** A service that is under pressure, and until when nothing new is started on it. */
export interface Slowed {
  readonly reason: SlowReason;
  readonly since: Instant;
  readonly until: Instant;
}

export interface Round extends WindowBounds {
  readonly number: number;
  /** Undefined: the backlog, or to catch up with it. */
  readonly purpose?: RoundPurpose | undefined;
  readonly blind: boolean;
  readonly versions: number | undefined;
  readonly openedAt: Instant;
  /** Counted: planned up to here, forwards. Blind: planned down to here, backwards. */
  readonly cursor: Instant | undefined;
  /** Where a blind search ends; undefined: it ends with a window without beginning. */
  readonly floor: Instant | undefined;
  /** Nothing of the range is left to plan. */
  readonly planned: boolean;
  /** Length of the last range planned or skipped, milliseconds: where the next search starts. */
  readonly span: number | undefined;
  /** The last range was skipped as empty. */
  readonly skipped: boolean;
}

/** A small export that is to show whether the source de-identifies. */
export interface Probe {
  readonly statusUrl: string;
  readonly jobId: string;
}

export interface Quiet {
  readonly round: number;
  /** Undefined: could not be counted. */
  readonly changes: number | undefined;
  readonly failure: Failure | undefined;
}

export interface SourceKnowledge {
  readonly counts: boolean;
  readonly deprecated: boolean;
  /** When it was first seen to be deprecated. */
  readonly deprecatedAt: Instant | undefined;
  /** It answered counts at some time, so it could be written to. */
  readonly wasLive: boolean;
  readonly earliest: Instant | undefined;
  readonly empty: boolean;
  readonly targetEmpty: boolean;
  /** Server clock minus local clock. */
  readonly clockOffset: number;
  readonly targetClockOffset: number;
  readonly failure: Failure | undefined;
}

export interface ComparedCounts {
  readonly types: Readonly<
    Record<string, { readonly source?: number | undefined; readonly target?: number | undefined }>
  >;
  readonly failure: Failure | undefined;
}

export interface MigrationState {
  readonly id: MigrationId;
  readonly plan: Plan;
  /** Events folded. */
  readonly sequence: number;
  readonly createdAt: Instant;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly run: 'planned' | 'running' | 'pausing' | 'paused' | 'cancelling' | 'cancelled' | 'attention' | 'complete';
  readonly halt: Failure | undefined;
  readonly source: SourceKnowledge | undefined;
  readonly searchParameters: {
    readonly state: 'pending' | 'done' | 'failed';
    readonly outcomes: ReadonlyMap<string, SearchParameterCopy>;
    readonly failure: Failure | undefined;
  };
  readonly rounds: readonly Round[];
  /** Index of the round from which catch-up rounds are counted against their limit. */
  readonly roundsFrom: number;
  readonly catchUpAsked: boolean;
  /** Undone by every completed export. */
  readonly quiet: Quiet | undefined;
  readonly compared: ComparedCounts | undefined;
  /** Windows were already searched for what the compared counts differ in. */
  readonly differencesLocated: boolean;
  readonly windows: ReadonlyMap<WindowId, Window>;
  readonly exports: ReadonlyMap<OperationId, ExportOperation>;
  readonly imports: ReadonlyMap<OperationId, ImportOperation>;
  readonly probe?: Probe | undefined;
  /** Probes that held nothing. */
  readonly probes?: number | undefined;
  /** What the probe of a de-identified migration showed; absent: not proved yet. */
  readonly deidentified?:
    { readonly lines: number; readonly marked: number; readonly folders: readonly string[] } | undefined;
  /** What the source bears; absent: as much as the plan allows. */
  readonly sizing?: Sizing | undefined;
  /** Highest number that an import has had. */
  readonly importsStarted: number;
  readonly abandoned: readonly AbandonedExport[];
  /** Exports of other folders' names that belong to this migration. */
  readonly exportJobs: ReadonlySet<string>;
  /** Operations that a person wants to be cancelled and done again. */
  readonly redo: ReadonlySet<OperationId>;
  /** Durations of the last operations, milliseconds, newest last. */
  readonly durations: { readonly export: readonly number[]; readonly import: readonly number[] };
  /** Resources on the target over time. */
  readonly throughput: readonly { readonly at: Instant; readonly imported: number }[];
  readonly notes: readonly string[];
  /** The last window that somebody asked for; absent while nobody did, or when syncing goes on. */
  readonly finish?: Finish | undefined;
  /** Services under pressure; absent in journals of before. */
  readonly slowed?: { readonly source?: Slowed | undefined; readonly target?: Slowed | undefined } | undefined;
  /** Verifications that somebody ran, and what was done about what they found. */
  readonly verifications: readonly VerificationRecord[];
  readonly treated: readonly (DifferencesTreated & { readonly at: Instant })[];
  /** Reasons of accepted differences by their digest. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly cutover: CutoverOverview;
  readonly cleanups: readonly (CleanupRecord & { readonly at: Instant })[];
}
