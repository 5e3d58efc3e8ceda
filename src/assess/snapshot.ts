import type { RoleAssignment } from '../azure/roleAssignments.ts';
import type { ArmResource } from '../compare/configurationSettings.ts';
import type { Instant } from '../engine/ports.ts';
import type { ServiceKind } from '../fhir/serviceKind.ts';
import type { Probe, StorageAccountFacts } from '../services/preflight/facts.ts';
import type { SampleFacts } from './sample.ts';

/** What an assessment uses of a capability statement. */
export interface StatementFacts {
  readonly fhirVersion: string;
  readonly transactions: boolean;
  /** `rest.resource.versioning` for each type that says so. */
  readonly versioning: Readonly<Record<string, string>>;
  readonly operations: readonly string[];
  /** Names of search parameters by resource type. */
  readonly searchParameters: Readonly<Record<string, readonly string[]>>;
}

/** Azure Monitor's numbers of the last six hours; undefined where Monitor has no point. */
export interface MetricFacts {
  /** `CosmosDbCollectionSize` or `TotalDataSize`. */
  readonly dataBytes: number | undefined;
  readonly requests: number | undefined;
  /** Messages that the IoT connector of Azure API for FHIR received. */
  readonly iotMessages: number | undefined;
}

/** An Event Grid subscription of the staging account. */
export interface EventSubscriptionFacts {
  readonly name: string;
  /** Beginning of the subjects that it passes on, empty for all. */
  readonly subjectBeginsWith: string;
  /** It has filters beside the subject's beginning, which may exclude the migration container. */
  readonly furtherFilters: boolean;
}

/** One service as it was seen. Every part is known, or unknown for a reason. */
export interface ServiceSnapshot {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly endpoint: string;
  readonly tenantId: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly resourceId: string | undefined;
  /** Raw JSON of Azure Resource Manager. */
  readonly resource: Probe<ArmResource>;
  readonly metadata: Probe<StatementFacts>;
  /** Current resources by type. */
  readonly counts: Probe<Readonly<Record<string, number>>>;
  readonly metrics: Probe<MetricFacts>;
  readonly roles: Probe<readonly RoleAssignment[]>;
  readonly reindex: Probe<'idle' | 'running' | 'locked'>;
}

export interface StagingSnapshot extends StorageAccountFacts {
  readonly resourceId: string;
  readonly tenantId: string | undefined;
}

/** Everything that an assessment looks at, as plain data. */
export interface Snapshot {
  readonly takenAt: Instant;
  readonly source: ServiceSnapshot;
  /** Absent: the source is assessed alone. */
  readonly target: ServiceSnapshot | undefined;
  readonly staging: Probe<StagingSnapshot>;
  readonly stagingRoles: Probe<readonly RoleAssignment[]>;
  readonly eventSubscriptions: Probe<readonly EventSubscriptionFacts[]>;
  readonly sample: Probe<SampleFacts>;
  /** Names of migrations whose imports run on the target now, of those that are known here: services list no imports. */
  readonly imports: Probe<readonly string[]>;
}
