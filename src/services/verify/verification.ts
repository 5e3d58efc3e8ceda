import type { MigrationId } from '../../engine/ids.ts';
import type { PlanService } from '../../engine/plan.ts';
import type { Failure } from '../../failure/failure.ts';
import type { Difference } from '../../verify/differences.ts';
import type { VerificationCheckpoint } from './checkpoint.ts';

/*
 * What a verification is asked and what it gives back: plain data. Results hold ids of resources; they are shown and
 * handed to the user, never logged and never stored by the product itself.
 */

export type VerificationDepth = 'ledger' | 'range' | 'content';

export interface VerificationRequest {
  readonly depth: VerificationDepth;
  readonly source: PlanService;
  readonly target: PlanService;
  /** The migration that is proved; `ledger` needs one. Its scope and watermark are the defaults of the fields below. */
  readonly migration?: MigrationId;
  /** Absent: every type that one of the services knows. */
  readonly types?: readonly string[];
  /** Inclusive, milliseconds since 1970 UTC. */
  readonly since?: number;
  /** Exclusive, milliseconds since 1970 UTC; default: the clock of the service that is behind. */
  readonly till?: number;
  /** Compare only so many resources, chosen at random, by content. */
  readonly sample?: number;
  /** Of the depth `range`: compare the ids and versions of all resources, so that nothing can hide behind equal counts. */
  readonly ids?: boolean;
  /** Count versions, too; default: whether the migration moved them. */
  readonly history?: boolean;
  /** Where a verification of the same request was interrupted; one of another request is refused. */
  readonly resume?: VerificationCheckpoint;
}

/** How the services compare in one type. */
export interface TypeVerification {
  readonly type: string;
  /** Counts in the range; undefined: the service did not tell. */
  readonly source: number | undefined;
  readonly target: number | undefined;
  /** Resources that were laid side by side and are equal; of a range comparison: that equal counts stand for. */
  readonly equal: number;
  /** Rows that are counted, but that no listing showed: they were not compared. */
  readonly unread: number;
  /** Resources that pages left out, and that were read one by one instead. */
  readonly recovered: number;
  /** Changed on the source after the end of the range: the target cannot have them yet. */
  readonly changedLater: number;
}

/** A difference, and why it was accepted before, if it was. */
export type FoundDifference = Difference & { readonly accepted?: string };

/** A range whose counts differ, or could not be had, and that was not narrowed to its resources. */
export interface OpenRange {
  /** `versions`: of the history, tombstones included. */
  readonly of: 'current' | 'versions';
  readonly type: string;
  readonly since: number | undefined;
  readonly till: number | undefined;
  readonly source: number | undefined;
  readonly target: number | undefined;
}

/**
 * `equal`: everything that was compared is equal, and everything was compared; `different`: differences were found;
 * `incomplete`: none was found, but not everything could be compared.
 */
export type VerificationOutcome = 'equal' | 'different' | 'incomplete';

export interface Verification {
  readonly outcome: VerificationOutcome;
  readonly depth: VerificationDepth;
  readonly sourceName: string;
  readonly targetName: string;
  /** What stood for the source. */
  readonly truth: 'service' | 'stagedFiles' | 'journal';
  readonly since: number | undefined;
  readonly till: number | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly types: readonly TypeVerification[];
  readonly differences: readonly FoundDifference[];
  /** More differences were found than are listed. */
  readonly truncated: boolean;
  readonly openRanges: readonly OpenRange[];
  readonly sample:
    | { readonly compared: number; readonly of: number; readonly differing: number; readonly upperShare: number }
    | undefined;
  /** Sentences that say what the result does and does not prove. */
  readonly notes: readonly string[];
}

export interface VerificationProgress {
  readonly stage: 'ledger' | 'counting' | 'listing' | 'reading';
  readonly type: string | undefined;
  readonly done: number;
  /** Undefined: not known. */
  readonly total: number | undefined;
}

/** Told while a verification runs. */
export interface VerificationWatch {
  readonly progress?: ((progress: VerificationProgress) => void) | undefined;
  /** A checkpoint from which the same request can go on; told after every slice of a comparison of content. */
  readonly checkpoint?: ((checkpoint: VerificationCheckpoint) => void) | undefined;
}

export interface RemovalRequest {
  readonly source: PlanService;
  readonly target: PlanService;
  /** The migration whose exported files stand for a source that no longer answers. */
  readonly migration?: MigrationId;
  /** Differences of the class `extraOnTarget`, as they were reviewed. */
  readonly extras: readonly Difference[];
}

export interface Removal {
  readonly removed: number;
  /** Found to be on the source after all, changed on the target since the review, or gone already. */
  readonly kept: number;
  readonly failures: readonly Failure[];
}

export interface ImportAgainRequest {
  readonly migration: MigrationId;
  /** Those of the classes `missingOnTarget` and `differs` are taken; others are left alone. */
  readonly differences: readonly Difference[];
}

export interface ImportAgain {
  readonly asked: number;
  /** Lines that the source exported for them. */
  readonly exported: number;
  /** What still is not equal afterwards. */
  readonly left: readonly Difference[];
}

export interface ReadBothRequest {
  readonly source: PlanService;
  readonly target: PlanService;
  readonly migration?: MigrationId;
  readonly type: string;
  readonly id: string;
}

/** JSON texts with names in one order and numbers as they were written; undefined: not there. */
export interface BothTexts {
  readonly source: string | undefined;
  readonly target: string | undefined;
}
