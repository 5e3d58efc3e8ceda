import type { CallerIdentity } from '../../azure/callerIdentity.ts';
import type { EventSubscription, WholeEventSubscription } from '../../azure/eventSubscriptions.ts';
import type { ResourceJson } from '../../azure/resourceEdits.ts';
import type { RoleAssignment } from '../../azure/roleAssignments.ts';
import type { ChangeableResource } from '../../compare/changes/changeable.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Probe } from '../../services/preflight/facts.ts';

export interface PreparedService {
  /** Undefined: the plan knows the service by its address alone. */
  readonly resource: Probe<ChangeableResource> | undefined;
  /** Roles that its system-assigned identity holds on the staging account; undefined: it has none. */
  readonly identityRoles: Probe<readonly RoleAssignment[]> | undefined;
  /** Whether the signed-in account may export from the source, or import into the target. */
  readonly access: Probe<'granted'>;
}

/** Everything that a preparation looks at, as plain data. */
export interface PrepareFacts {
  readonly plan: Plan;
  readonly source: PreparedService;
  readonly target: PreparedService;
  readonly account: Probe<ChangeableResource>;
  readonly container: Probe<'present' | 'absent'>;
  /** Of the staging account. */
  readonly events: Probe<readonly EventSubscription[]>;
  /** Of the workspace of the target; undefined: it is known by its address alone, or its events are off. */
  readonly targetEvents: Probe<readonly WholeEventSubscription[]> | undefined;
  /** Workspace of the target, where private endpoints are. */
  readonly workspace: Probe<ResourceJson> | undefined;
  /** The signed-in account in the tenants of source and target. */
  readonly caller: {
    readonly source: CallerIdentity | undefined;
    readonly target: CallerIdentity | undefined;
  };
}
