import type { DiscoveredService, DiscoveryEvent, SubscriptionInfo, TenantInfo } from '../../azure/discovered.ts';
import type { Failure } from '../../failure/failure.ts';

/** Something that could not be loaded, and where. */
export interface Problem {
  readonly tenantId?: string;
  readonly subscriptionId?: string;
  readonly serviceId?: string;
  readonly failure: Failure;
}

/** A FHIR server added by address: what it answered, or why it did not. */
export interface AddedServer {
  readonly endpoint: string;
  readonly service: DiscoveredService | undefined;
  readonly failure: Failure | undefined;
}

export type LoadState =
  | 'notLoaded'
  /** Asking the editor whether somebody is signed in. */
  | 'signingIn'
  | 'signedOut'
  | 'loading'
  | 'loaded';

/** Everything known of the services, and how it came to be known. */
export interface Catalog {
  readonly state: LoadState;
  readonly tenants: readonly TenantInfo[];
  readonly subscriptions: readonly SubscriptionInfo[];
  readonly services: ReadonlyMap<string, DiscoveredService>;
  readonly added: readonly AddedServer[];
  readonly problems: readonly Problem[];
  readonly looked: { readonly tenants: number; readonly subscriptions: number } | undefined;
  /** Discovery was limited to some tenants or subscriptions. */
  readonly filtered: boolean;
}

export const emptyCatalog: Catalog = {
  state: 'notLoaded',
  tenants: [],
  subscriptions: [],
  services: new Map(),
  added: [],
  problems: [],
  looked: undefined,
  filtered: false,
};

/** Identity of a service: the same subscription seen through two tenants does not collide. */
export function serviceKey(service: Pick<DiscoveredService, 'id' | 'tenantId'>): string {
  return `${service.tenantId ?? ''}|${service.id}`;
}

/** The catalog after one more thing was learned. Later answers of the same thing replace earlier ones. */
export function learn(catalog: Catalog, event: DiscoveryEvent): Catalog {
  switch (event.type) {
    case 'tenants':
      return { ...catalog, tenants: merge(catalog.tenants, event.tenants, ({ tenantId }) => tenantId) };
    case 'subscriptions': {
      const key = (info: SubscriptionInfo): string => `${info.tenantId}/${info.subscriptionId}`;
      return { ...catalog, subscriptions: merge(catalog.subscriptions, event.subscriptions, key) };
    }
    case 'services': {
      const services = new Map(catalog.services);
      for (const service of event.services) services.set(serviceKey(service), service);
      return { ...catalog, services };
    }
    case 'problem': {
      return { ...catalog, problems: [...catalog.problems.filter((other) => !samePlace(other, event)), event] };
    }
    case 'done':
      return { ...catalog, state: 'loaded', looked: event.looked };
  }
}

/** True when two problems are about the same tenant, subscription or service. */
export function samePlace(a: Problem, b: Problem): boolean {
  return a.tenantId === b.tenantId && a.subscriptionId === b.subscriptionId && a.serviceId === b.serviceId;
}

function merge<T>(known: readonly T[], learned: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const byKey = new Map(known.map((item) => [keyOf(item), item]));
  for (const item of learned) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}
