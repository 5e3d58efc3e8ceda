import type { HealthcareRow } from '../../azure/healthcareRow.ts';
import type { Failure } from '../../failure/failure.ts';

/** What one request told: a value, or why there is none. `request` is shown as evidence, without query or ids. */
export type Probe<T> =
  | { readonly ok: true; readonly request: string; readonly value: T }
  | { readonly ok: false; readonly request: string; readonly failure: Failure };

export interface MetadataFacts {
  readonly fhirVersion: string;
  readonly transactions: boolean;
  /** `rest.resource.versioning` per type. */
  readonly versioning: Readonly<Record<string, string>>;
}

/** What was learned of one side. Undefined: not asked, because it does not apply or cannot be asked. */
export interface ServiceFacts {
  readonly metadata: Probe<MetadataFacts>;
  /** Count of everything: proves reading, and on gen1 that the service is not deprecated. */
  readonly count: Probe<number> | undefined;
  /** Status of a job that cannot exist: 404 proves the role for exports (source) or imports (target), 403 refutes it. */
  readonly operationAccess: Probe<'granted'>;
  /** Server's clock minus the local one, milliseconds. */
  readonly clockSkewMs: Probe<number>;
  /** The resource in Azure Resource Manager, where the plan names it. */
  readonly resource: Probe<Pick<HealthcareRow, 'service' | 'eventState'>> | undefined;
}

export interface StorageAccountFacts {
  readonly name: string;
  readonly hierarchicalNamespace: boolean;
  /** Everything may reach the account, or only what its firewall lets through. */
  readonly openToAll: boolean;
  readonly trustedServices: boolean;
  /** Lower-case resource ids that the firewall lets through. */
  readonly allowedResources: readonly string[];
}

export interface PreflightFacts {
  readonly source: ServiceFacts;
  readonly target: ServiceFacts & {
    /** `GET $reindex`: the one GET that the initial import lock refuses; 405 means that no reindex runs. */
    readonly reindex: Probe<'idle' | 'running' | 'locked'>;
  };
  readonly staging: {
    readonly container: Probe<'present' | 'absent'>;
    /** ETag of the plan's de-identification configuration; its value is undefined when that is not there. */
    readonly deidentification?: Probe<string | undefined> | undefined;
    readonly account: Probe<StorageAccountFacts> | undefined;
    /** The service's identity holds Storage Blob Data Contributor (or Owner) at or above the account. */
    readonly sourceIdentity: Probe<boolean> | undefined;
    readonly targetIdentity: Probe<boolean> | undefined;
  };
  /** Names of other migrations in the journal folder that now drive the same target. */
  readonly otherMigrations: readonly string[];
}
