import type { DeployedResource } from '../../azure/deployment.ts';
import type { DiscoveredService, SubscriptionInfo } from '../../azure/discovered.ts';
import type { NameCheck } from '../../azure/checkName.ts';
import type { ResourceGroup } from '../../azure/resourceGroups.ts';
import type { TargetPlace, TargetProposal } from '../../compare/bicep/targetProposal.ts';

/** A proposed target: a Bicep file that can be edited, and what it leaves out. */
export interface ProposedTarget {
  readonly bicep: string;
  readonly notCarried: TargetProposal['notCarried'];
}

/** A name that will be used, and whether it can be had. */
export interface CheckedName {
  readonly name: string;
  /** `workspace` or `FHIR service`. */
  readonly of: 'workspace' | 'FHIR service';
  readonly check: NameCheck;
}

export type DeployPlace = Pick<TargetPlace, 'subscriptionId' | 'resourceGroup' | 'tenantId'>;

/** Making the target of a migration. A source is named as elsewhere. */
export interface TargetServices {
  /** Subscriptions of a tenant in which a target can be made. */
  subscriptions(tenantId: string, signal: AbortSignal): Promise<readonly SubscriptionInfo[]>;
  resourceGroups(
    subscriptionId: string,
    tenantId: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly ResourceGroup[]>;
  /** Looks at the source and proposes a target with its configuration; nothing is made. */
  propose(source: DiscoveredService | string, place: TargetPlace, signal: AbortSignal): Promise<ProposedTarget>;
  /** Whether the names that a file would use can be had. */
  checkNames(bicep: string, place: DeployPlace, signal: AbortSignal): Promise<readonly CheckedName[]>;
  /**
   * Deploys a Bicep file, with the user's own compiler where it holds more than is understood here. Aborting cancels the
   * deployment. @throws FailureError `invalidInput` with the line that is not understood; the provider's own words
   */
  deploy(
    bicep: string,
    place: DeployPlace,
    signal: AbortSignal,
    progress: (resources: readonly DeployedResource[]) => void,
  ): Promise<void>;
}
