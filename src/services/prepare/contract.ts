import type { PrepareRow } from '../../assess/prepare/row.ts';
import type { ResourceJson } from '../../azure/resourceEdits.ts';
import type { ChangePair } from '../../compare/changes/remembered.ts';
import type { Instant } from '../../engine/ports.ts';

/** What has to be set for the migration of a plan, as it was seen. */
export interface Preparation {
  readonly rows: readonly PrepareRow[];
  /** Between which changes are remembered. */
  readonly pair: ChangePair;
  /** Resources that rows would change, by their lower-case ids, for showing them before and after. */
  readonly resources: Readonly<Record<string, ResourceJson>>;
  readonly takenAt: Instant;
}
