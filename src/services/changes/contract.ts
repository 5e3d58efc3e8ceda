import type { Change } from '../../compare/changes/change.ts';
import type { ChangeOutcome, ChangePair, RememberedChange } from '../../compare/changes/remembered.ts';
import type { Failure } from '../../failure/failure.ts';

/** One write and what became of it. */
export interface ChangeStep {
  readonly change: Change;
  readonly outcome: ChangeOutcome;
  readonly failure?: Failure;
  /** What else is to be known, such as another setting that changed by itself. */
  readonly notes: readonly string[];
}

/** What became of a choice of changes. It stops at the first that fails; what comes after it is not tried. */
export interface ChangeReport {
  readonly steps: readonly ChangeStep[];
  /** Every write is done, or nothing had to be written. */
  readonly ok: boolean;
}

export type ChangeProgress = (change: Change, status: string) => void;

/** Writes to Azure's control plane, each remembered before it is made. */
export interface ChangeServices {
  /** Makes the writes, ordered as they must be, for the sake of two services. */
  apply(
    pair: ChangePair,
    changes: readonly Change[],
    signal: AbortSignal,
    progress?: ChangeProgress,
  ): Promise<ChangeReport>;
  /** What was changed here and still holds, the newest first; of two services, or of all. */
  remembered(pair?: ChangePair): Promise<readonly RememberedChange[]>;
  /** Puts back what was there before. What was changed again since then by somebody else stays. */
  undo(records: readonly RememberedChange[], signal: AbortSignal, progress?: ChangeProgress): Promise<ChangeReport>;
}
