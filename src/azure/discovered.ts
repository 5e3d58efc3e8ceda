import type { Failure } from '../failure/failure.ts';
import type { ServiceKind } from '../fhir/serviceKind.ts';

/** A FHIR service as discovery found it, or as it was added by address. */
export interface DiscoveredService {
  /** Lower-case ARM id, or the endpoint of a server added by address. */
  readonly id: string;
  readonly kind: ServiceKind;
  readonly name: string;
  readonly endpoint: string;
  readonly resourceId: string | undefined;
  readonly tenantId: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  readonly workspace: string | undefined;
  readonly location: string | undefined;
  /** From ARM's `kind`: `4.0` or `3.0`; undefined until /metadata was asked where ARM does not say. */
  readonly fhirVersion: string | undefined;
  readonly provisioningState: string | undefined;
  readonly audience: string | undefined;
  readonly exportStorageAccount: string | undefined;
  readonly importMode: 'off' | 'incremental' | 'initial' | undefined;
  readonly importStorageAccount: string | undefined;
  readonly identity: 'none' | 'systemAssigned' | 'userAssigned' | 'both' | undefined;
  readonly principalId: string | undefined;
  readonly publicNetworkAccess: boolean | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TenantInfo {
  readonly tenantId: string;
  readonly name: string;
}

export interface SubscriptionInfo {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly name: string;
}

/** What discovery tells, in the order in which it is learned. Services appear as they arrive. */
export type DiscoveryEvent =
  | { readonly type: 'tenants'; readonly tenants: readonly TenantInfo[] }
  | { readonly type: 'subscriptions'; readonly tenantId: string; readonly subscriptions: readonly SubscriptionInfo[] }
  | { readonly type: 'services'; readonly services: readonly DiscoveredService[] }
  /** Something could not be loaded; the rest goes on. `tenantId`, `subscriptionId`, `serviceId` say what. */
  | {
      readonly type: 'problem';
      readonly tenantId?: string;
      readonly subscriptionId?: string;
      readonly serviceId?: string;
      readonly failure: Failure;
    }
  | { readonly type: 'done'; readonly looked: { readonly tenants: number; readonly subscriptions: number } };

export interface DiscoveryScope {
  /** Absent: every tenant of the account. */
  readonly tenantIds?: readonly string[];
  /** Absent: every subscription. */
  readonly subscriptionIds?: readonly string[];
}
