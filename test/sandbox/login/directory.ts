import { randomUUID } from 'node:crypto';

export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly domain: string;
}

/** Somebody who can hold roles. The object id differs per tenant, as it does for an application used in two tenants. */
export interface Principal {
  readonly kind: 'ServicePrincipal' | 'User' | 'ManagedIdentity';
  readonly displayName: string;
  /** Client id of an application, or a user's name. */
  readonly clientId: string;
  /** Absent: cannot sign in at the token endpoint. */
  readonly clientSecret?: string;
  /** Object id by tenant. */
  readonly objectIds: ReadonlyMap<string, string>;
}

/** Tenants and who is in them: what Microsoft Entra ID knows. */
export class Directory {
  readonly #tenants = new Map<string, Tenant>();
  readonly #principals: Principal[] = [];

  addTenant(tenant: Tenant): void {
    this.#tenants.set(tenant.tenantId, tenant);
  }

  tenants(): readonly Tenant[] {
    return [...this.#tenants.values()];
  }

  /** By id or domain name, as an authority may say either. */
  tenant(idOrDomain: string): Tenant | undefined {
    const wanted = idOrDomain.toLowerCase();
    return this.#tenants.get(wanted) ?? this.tenants().find((tenant) => tenant.domain === wanted);
  }

  /** Adds a principal with a new object id in each of the tenants. */
  add(principal: Omit<Principal, 'objectIds'> & { readonly tenantIds: readonly string[] }): Principal {
    const { tenantIds, ...rest } = principal;
    const added = { ...rest, objectIds: new Map(tenantIds.map((tenantId) => [tenantId, randomUUID()])) };
    this.#principals.push(added);
    return added;
  }

  removeObject(objectId: string): void {
    const index = this.#principals.findIndex((principal) => [...principal.objectIds.values()].includes(objectId));
    if (index >= 0) this.#principals.splice(index, 1);
  }

  byClientId(clientId: string): Principal | undefined {
    return this.#principals.find((principal) => principal.clientId.toLowerCase() === clientId.toLowerCase());
  }

  /** The principal with this object id in this tenant. */
  byObjectId(tenantId: string, objectId: string): Principal | undefined {
    return this.#principals.find((principal) => principal.objectIds.get(tenantId) === objectId.toLowerCase());
  }
}
