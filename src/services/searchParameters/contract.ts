import type { DiscoveredService } from '../../azure/discovered.ts';
import type { CopiedParameter, CopyChoice, CopyProgress } from './copyParameters.ts';
import type { ParameterReadiness } from './parametersReady.ts';
import type { ReindexChoice, ReindexProgress } from './watchReindex.ts';

/** Code of the failure that tells of a reindex which was not started from here. */
export const foreignReindexCode = 'REINDEX_OF_ANOTHER';

/** What can be done about custom search parameters. A service is named as discovered, or by resource id or address. */
export interface SearchParameterServices {
  /** Copies them from source to target and tells what became of each, also of those that a stop left. */
  copy(
    source: DiscoveredService | string,
    target: DiscoveredService | string,
    choice: CopyChoice,
    signal: AbortSignal,
    progress?: CopyProgress,
  ): Promise<readonly CopiedParameter[]>;
  /**
   * Starts a reindex and follows it to its end; the signal ends the watching, not the job.
   * @throws FailureError `conflict` with the code `REINDEX_OF_ANOTHER` while one of somebody else runs, see `ReindexChoice`
   */
  reindex(
    target: DiscoveredService | string,
    progress: (progress: ReindexProgress) => void,
    choice: ReindexChoice,
    signal: AbortSignal,
  ): Promise<void>;
  /** Cancels a reindex; false when none is running. @throws FailureError `conflict` when another one runs */
  cancelReindex(target: DiscoveredService | string, jobId: string, signal: AbortSignal): Promise<boolean>;
  /** Whether searches on the target use each of its custom parameters. */
  ready(target: DiscoveredService | string, signal: AbortSignal): Promise<readonly ParameterReadiness[]>;
}
