import type { DiscoveredService } from '../../azure/discovered.ts';
import type { ResourceJson } from '../../azure/resourceEdits.ts';
import type { CarryRow } from '../../compare/changes/carryConfiguration.ts';
import type { PermissionRow } from '../../compare/changes/carryPermissions.ts';
import type { ClientAdvice } from '../../compare/changes/clientAdvice.ts';
import type { ChangePair } from '../../compare/changes/remembered.ts';

/** What of a source's configuration can be carried over to a target, as both were seen. */
export interface CarryPlan {
  readonly source: { readonly name: string; readonly endpoint: string };
  readonly target: { readonly name: string; readonly endpoint: string; readonly resourceId: string };
  readonly rows: readonly CarryRow[];
  readonly pair: ChangePair;
  /** The target by its lower-case id, for showing it before and after. */
  readonly resources: Readonly<Record<string, ResourceJson>>;
}

/** Who may use the data of a source, what the target needs for the same, and what applications must change. */
export interface PermissionPlan {
  readonly source: CarryPlan['source'];
  readonly target: CarryPlan['target'];
  readonly rows: readonly PermissionRow[];
  readonly clients: ClientAdvice;
  readonly pair: ChangePair;
}

/** What can be carried over from one service to another; reading only. A service is named as elsewhere. */
export interface CarryServices {
  configuration(
    source: DiscoveredService | string,
    target: DiscoveredService | string,
    signal: AbortSignal,
  ): Promise<CarryPlan>;
  permissions(
    source: DiscoveredService | string,
    target: DiscoveredService | string,
    signal: AbortSignal,
  ): Promise<PermissionPlan>;
}
