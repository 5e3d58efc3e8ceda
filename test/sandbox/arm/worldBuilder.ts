import type { FhirServiceSpec, SandboxOptions } from '../contract.ts';
import { Directory, type Principal } from '../login/directory.ts';
import { armKindOf, armTypeOf, propertiesOf } from './fhirSettings.ts';
import { healthcareType } from './healthcareTypes.ts';
import { writeIdentity } from './identity.ts';
import { findRole, type RoleDefinition } from './roles.ts';
import { ArmWorld, objectAt, textAt, type ArmResource } from './world.ts';

export const firstTenantId = '0b5e5c3a-1f6d-4a9b-8d57-3c2c1a7e9f10';
export const secondTenantId = 'e7c4a8d2-90b1-4f35-a6de-5b8f0c2d7a31';
const mainClientId = '6d1f3b90-2c7e-4e58-9a44-b0c8d5e2f763';
const resourceGroup = 'contoso-fhir';
const location = 'westeurope';

export interface WorldAddresses {
  authorityOf(tenantId: string): string;
  /** Address of a FHIR service, which is its audience. */
  endpointOf(service: string): string;
  blobEndpointOf(account: string): string;
}

export interface BuiltWorld {
  readonly world: ArmWorld;
  /** May do everything in both tenants. */
  readonly main: Principal;
  /** ARM resources of the services and storage accounts by name. */
  readonly resources: ReadonlyMap<string, ArmResource>;
}

/** Id of a subscription by its number, counted from 1. */
export function subscriptionId(tenant: 'first' | 'second', number: number): string {
  const group = tenant === 'first' ? '8000' : '8001';
  return `00000000-0000-4000-${group}-${String(number).padStart(12, '0')}`;
}

/** Makes tenants, subscriptions, storage accounts, services and the principal that may do everything. */
export function buildWorld(
  options: SandboxOptions,
  accounts: readonly string[],
  clientSecret: string,
  addresses: WorldAddresses,
): BuiltWorld {
  const world = new ArmWorld(new Directory());
  const main = addTenants(world, options, clientSecret);
  const resources = new Map<string, ArmResource>();
  for (const account of accounts) {
    const at = accountPlace(options, account);
    resources.set(account, addAccount(world, account, at, addresses.blobEndpointOf(account)));
  }
  const accountIds = [...resources.values()].map((resource) => resource.id);
  for (const [index, spec] of options.services.entries()) {
    const resource = addService(world, spec, index, options, accounts[0] ?? '', addresses);
    if (resource === undefined) continue;
    resources.set(spec.name, resource);
    for (const scope of accountIds) letWriteBlobs(world, resource, scope);
  }
  return { world, main, resources };
}

/** A role by name or GUID. Throws RangeError for one that there is not. */
export function roleNamed(name: string): RoleDefinition {
  const role = findRole(name);
  if (role === undefined) throw new RangeError(`There is no role ${name}.`);
  return role;
}

function addTenants(world: ArmWorld, options: SandboxOptions, clientSecret: string): Principal {
  const { directory } = world;
  directory.addTenant({ tenantId: firstTenantId, displayName: 'Contoso', domain: 'contoso.example' });
  const withSecond = options.services.some((spec) => spec.place?.tenant === 'second');
  if (withSecond) {
    directory.addTenant({ tenantId: secondTenantId, displayName: 'Fabrikam', domain: 'fabrikam.example' });
  }
  const count = options.subscriptions ?? 2;
  for (let number = 1; number <= count; number += 1) {
    world.addSubscription({
      subscriptionId: subscriptionId('first', number),
      tenantId: firstTenantId,
      displayName: `Contoso ${number}`,
      forbidden: options.forbiddenSubscriptions?.includes(number) === true,
    });
  }
  const inSecond = options.services.filter((spec) => spec.place?.tenant === 'second');
  for (const number of new Set(inSecond.map((spec) => spec.place?.subscription ?? 1))) {
    world.addSubscription({
      subscriptionId: subscriptionId('second', number),
      tenantId: secondTenantId,
      displayName: `Fabrikam ${number}`,
      forbidden: false,
    });
  }
  const main = directory.add({
    kind: 'ServicePrincipal',
    displayName: 'Migration',
    clientId: mainClientId,
    clientSecret,
    tenantIds: withSecond ? [firstTenantId, secondTenantId] : [firstTenantId],
  });
  for (const principalId of main.objectIds.values()) {
    for (const role of ['Owner', 'FHIR Data Contributor', 'Storage Blob Data Owner']) {
      world.assignments.add({ scope: '', role: roleNamed(role), principalId, principalType: 'ServicePrincipal' });
    }
  }
  return main;
}

interface GroupPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/** An account is beside the first service that names it: services use accounts of their own subscription only. */
function accountPlace(options: SandboxOptions, account: string): GroupPlace {
  const place = options.services.find((spec) => [spec.exportAccount, spec.importAccount].includes(account))?.place;
  return {
    subscriptionId: subscriptionId(place?.tenant ?? 'first', place?.subscription ?? 1),
    resourceGroup: place?.resourceGroup ?? resourceGroup,
  };
}

function addAccount(world: ArmWorld, name: string, at: GroupPlace, blobEndpoint: string): ArmResource {
  const place = { ...at, type: 'Microsoft.Storage/storageAccounts', names: [name] };
  return world.put(place, {
    kind: 'StorageV2',
    location,
    tags: {},
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: {
      provisioningState: 'Succeeded',
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      isHnsEnabled: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      publicNetworkAccess: 'Enabled',
      networkAcls: {
        bypass: 'AzureServices',
        defaultAction: 'Allow',
        ipRules: [],
        virtualNetworkRules: [],
        resourceAccessRules: [],
      },
      primaryEndpoints: { blob: `${blobEndpoint}/` },
      primaryLocation: location,
      statusOfPrimary: 'available',
    },
  });
}

function addService(
  world: ArmWorld,
  spec: FhirServiceSpec,
  index: number,
  options: SandboxOptions,
  firstAccount: string,
  addresses: WorldAddresses,
): ArmResource | undefined {
  const type = armTypeOf(spec);
  if (type === undefined) return undefined;
  const { place } = spec;
  const tenant = place?.tenant ?? 'first';
  const tenantId = tenant === 'first' ? firstTenantId : secondTenantId;
  const subscriptions = options.subscriptions ?? 2;
  const spread = tenant === 'first' && subscriptions > 2 ? (index % subscriptions) + 1 : 1;
  const at = {
    subscriptionId: subscriptionId(tenant, place?.subscription ?? spread),
    resourceGroup: place?.resourceGroup ?? resourceGroup,
  };
  const common = { location: place?.location ?? location, tags: {}, systemData: created(options) };
  const workspace = place?.workspace ?? 'contoso-health';
  if (spec.flavour === 'ahds') {
    const workspaceType = 'Microsoft.HealthcareApis/workspaces';
    world.put(
      { ...at, type: workspaceType, names: [workspace] },
      { ...common, properties: { ...healthcareType(workspaceType)?.defaults, provisioningState: 'Succeeded' } },
    );
  }
  return world.put(
    { ...at, type, names: spec.flavour === 'ahds' ? [workspace, spec.name] : [spec.name] },
    {
      ...common,
      kind: armKindOf(spec),
      identity: writeIdentity(world, tenantId, { type: 'SystemAssigned' }, undefined),
      properties: propertiesOf(spec, {
        authority: addresses.authorityOf(tenantId),
        audience: addresses.endpointOf(spec.name),
        firstAccount,
      }),
    },
  );
}

/** The role that an export and an import need of the service's own identity. */
function letWriteBlobs(world: ArmWorld, service: ArmResource, scope: string): void {
  const principalId = textAt(objectAt(service.document, 'identity'), 'principalId') ?? '';
  const role = roleNamed('Storage Blob Data Contributor');
  world.assignments.add({ scope, role, principalId, principalType: 'ServicePrincipal' });
}

function created(options: SandboxOptions): { createdBy: string; createdByType: string; createdAt: string } {
  const createdAt = new Date(options.startAt ?? Date.now()).toISOString();
  return { createdBy: mainClientId, createdByType: 'Application', createdAt };
}
