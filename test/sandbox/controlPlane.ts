import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isArmAudience } from './arm/arm.ts';
import type { FhirPlane } from './arm/armCall.ts';
import { audienceOf, specChangeOf, specOf, storageConfiguration } from './arm/fhirSettings.ts';
import { storageRefusal } from './arm/storageAccess.ts';
import { properties, type ArmResource, type ArmWorld } from './arm/world.ts';
import { buildWorld, firstTenantId, roleNamed, type WorldAddresses } from './arm/worldBuilder.ts';
import type { FhirServiceSpec, GrantedRole, SandboxOptions, SandboxPrincipal } from './contract.ts';
import type { Caller } from './fhir/http.ts';
import type { FhirServices } from './fhirServices.ts';
import { isJsonObject } from './http.ts';
import type { Principal } from './login/directory.ts';
import type { TokenCheck, TokenIssuer } from './login/tokens.ts';

export interface ControlPlaneOptions {
  readonly options: SandboxOptions;
  readonly accounts: readonly string[];
  readonly clientSecret: string;
  readonly services: FhirServices;
  readonly issuer: TokenIssuer;
  readonly armEndpoint: string;
  readonly addresses: WorldAddresses;
}

/** Audience of tokens for storage, with and without a slash at its end. */
const storageAudience = /^https:\/\/storage\.azure\.com\/?$/;

const nobody: Caller = { authenticated: false, audienceOk: false, roles: new Set() };

/** Holds ARM's resources and the FHIR services behind them together: a change of the one is a change of the other. */
export class ControlPlane implements FhirPlane {
  readonly world: ArmWorld;
  /** May do everything. */
  readonly main: Principal;
  readonly #resources: Map<string, ArmResource>;
  readonly #given: ControlPlaneOptions;

  constructor(given: ControlPlaneOptions) {
    this.#given = given;
    const built = buildWorld(given.options, given.accounts, given.clientSecret, given.addresses);
    this.world = built.world;
    this.main = built.main;
    this.#resources = new Map(built.resources);
  }

  /** ARM resource of a service or storage account. Throws RangeError when ARM has none of that name. */
  resource(name: string): ArmResource {
    const resource = this.#resources.get(name);
    if (resource === undefined) throw new RangeError(`ARM has no resource ${name}.`);
    return resource;
  }

  /** Changes a service, and what ARM shows of it. */
  configure(name: string, change: Partial<FhirServiceSpec>): void {
    const service = this.#given.services.get(name);
    service.configure(change);
    const resource = this.#resources.get(name);
    if (resource === undefined) return;
    const shown = storageConfiguration(service.spec(), this.#given.accounts[0] ?? '');
    const before = properties(resource);
    // A change that ARM does not show must not change the etag.
    if (Object.entries(shown).every(([key, value]) => isDeepStrictEqual(before[key], value))) return;
    this.world.changeProperties(resource, shown);
  }

  written(resource: ArmResource): void {
    if (!resource.type.endsWith('/services') && !resource.type.endsWith('/fhirservices')) return;
    const name = resource.names.at(-1) ?? '';
    const service = this.#given.services.find(name);
    this.#resources.set(name, resource);
    if (service === undefined) this.#given.services.add(specOf(resource));
    else service.configure(specChangeOf(resource));
  }

  removed(resource: ArmResource): void {
    const name = resource.names.at(-1) ?? '';
    if (this.#resources.get(name) !== resource) return;
    this.#resources.delete(name);
    this.#given.services.remove(name).catch((error: unknown) => {
      this.#given.options.log?.(`sandbox: ${name} did not stop: ${String(error)}`);
    });
  }

  nameTaken(name: string): boolean {
    return this.#given.services.find(name) !== undefined;
  }

  authorityOf(tenantId: string): string {
    return this.#given.addresses.authorityOf(tenantId);
  }

  audienceOf(name: string): string {
    return this.#given.addresses.endpointOf(name);
  }

  /** Who calls a service: whether the token is for it, and which roles its owner holds there. */
  callerOf(name: string, check: TokenCheck): Caller {
    if (check.outcome !== 'valid') return nobody;
    const { audience, tenantId, objectId } = check.claims;
    const resource = this.#resources.get(name);
    // A server that ARM does not know has no roles of Azure: a token for it is enough.
    if (resource === undefined) {
      const audienceOk = audience === this.audienceOf(name);
      return { authenticated: true, audienceOk, roles: new Set(['FHIR Data Contributor']) };
    }
    if (tenantId !== this.#tenantOf(resource)) return nobody;
    const roles = new Set(this.world.assignments.rolesOf(objectId, resource.id).map((role) => role.name));
    if (hasAccessPolicy(resource, objectId)) roles.add('FHIR Data Contributor');
    return { authenticated: true, audienceOk: audience === audienceOf(resource), roles };
  }

  /** Why the identity of a service may not use a storage account, in storage's own words; undefined when it may. */
  storageRefusal(name: string, account: string): { readonly status: number; readonly reason: string } | undefined {
    const service = this.#resources.get(name);
    const storage = this.#resources.get(account);
    // A server that ARM does not know brings its own key.
    if (service === undefined || storage === undefined) return undefined;
    return storageRefusal(this.world, service, storage);
  }

  /** The tenant of the resource that an audience stands for, the first one for ARM and storage; undefined: unknown. */
  tenantOfAudience(audience: string): string | undefined {
    if (isArmAudience(audience, this.#given.armEndpoint) || storageAudience.test(audience)) return firstTenantId;
    for (const service of this.#given.services.all()) {
      const { name } = service.spec();
      const resource = this.#resources.get(name);
      const own = resource === undefined ? this.audienceOf(name) : audienceOf(resource);
      if (own === audience) return resource === undefined ? firstTenantId : this.#tenantOf(resource);
    }
    return undefined;
  }

  /** Signs a token. Throws RangeError for an audience or a principal that there is not. */
  async token(audience: string, principal?: SandboxPrincipal): Promise<string> {
    const tenantId = this.tenantOfAudience(audience);
    const clientId = principal?.clientId ?? this.main.clientId;
    const objectId = this.world.directory.byClientId(clientId)?.objectIds.get(tenantId ?? '');
    if (tenantId === undefined) throw new RangeError(`Nothing in the sandbox takes tokens for ${audience}.`);
    if (objectId === undefined) throw new RangeError(`The tenant of ${audience} has no principal ${clientId}.`);
    return this.#given.issuer.issue({ audience, tenantId, objectId, clientId });
  }

  addPrincipal(roles: readonly GrantedRole[]): SandboxPrincipal {
    const granted = roles.map(({ role, at }) => ({ role: roleNamed(role), scope: this.#scope(at) }));
    const clientId = randomUUID();
    const clientSecret = randomBytes(24).toString('base64url');
    const added = this.world.directory.add({
      kind: 'ServicePrincipal',
      displayName: `Application ${clientId.slice(0, 8)}`,
      clientId,
      clientSecret,
      tenantIds: [firstTenantId],
    });
    const objectId = added.objectIds.get(firstTenantId) ?? '';
    for (const { role, scope } of granted) {
      this.world.assignments.add({ role, scope, principalId: objectId, principalType: 'ServicePrincipal' });
    }
    return { clientId, clientSecret, objectId };
  }

  /** Bytes of the JSON of every version that a service holds. */
  storedBytes(name: string): number {
    const store = this.#given.services.find(name)?.store;
    let bytes = 0;
    for (const type of store?.types() ?? []) {
      for (const version of store?.everyVersion(type) ?? []) bytes += version.json.length;
    }
    return bytes;
  }

  #scope(at: string): string {
    if (!at.startsWith('/')) return this.resource(at).id;
    return at.replace(/\/+$/, '');
  }

  #tenantOf(resource: ArmResource): string | undefined {
    return this.world.subscription(resource.subscriptionId)?.tenantId;
  }
}

/** Local role-based access of Azure API for FHIR: an object id in the access policies has full rights. */
function hasAccessPolicy(resource: ArmResource, objectId: string): boolean {
  const { accessPolicies } = properties(resource);
  if (!Array.isArray(accessPolicies)) return false;
  return accessPolicies.some((policy) => isJsonObject(policy) && policy.objectId === objectId);
}
