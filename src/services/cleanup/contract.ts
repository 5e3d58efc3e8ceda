import type { CleanupItem } from '../../cutover/cleanupPlan.ts';
import type { CheckItem } from '../../cutover/decommission.ts';
import type { CleanupRecord } from '../../engine/cutover.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { Failure } from '../../failure/failure.ts';

/** Everything that a migration made, as it was found. */
export interface CleanupReview {
  readonly items: readonly CleanupItem[];
  /** What is to be known before anything is taken away. */
  readonly warnings: readonly string[];
}

/** A file that is still there. Paths name folders and types, never resources. */
export interface KeptFile {
  readonly container: string;
  readonly path: string;
  readonly reason: string;
}

export interface CleanupResult {
  readonly record: CleanupRecord;
  /** Files that are still there: run the clean-up again when what keeps them is over. */
  readonly kept: readonly KeptFile[];
  /** What else went wrong. */
  readonly failures: readonly Failure[];
}

export type CleanupProgress = (what: string, done: number, total: number) => void;

/** Taking away what a migration made. The source, its data and its account are never touched. */
export interface CleanupServices {
  /** Looks for everything that the migration made, reading only. */
  review(id: MigrationId, signal: AbortSignal, progress?: CleanupProgress): Promise<CleanupReview>;
  /**
   * Takes away what is named by the ids of items, if it is still what was reviewed, proves it by another listing and
   * journals it. Files that somebody holds a lease on are tried again a few times.
   * @throws FailureError `cancelled`; what was taken away until then is journalled
   */
  remove(
    id: MigrationId,
    items: readonly string[],
    signal: AbortSignal,
    progress?: CleanupProgress,
  ): Promise<CleanupResult>;
  /** What a person goes through before the source is deleted, with the proof of its last write. Touches nothing. */
  decommission(id: MigrationId, signal: AbortSignal): Promise<readonly CheckItem[]>;
}
