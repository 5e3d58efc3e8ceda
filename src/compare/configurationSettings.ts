type Json = unknown;
export type ArmResource = Readonly<Record<string, Json>>;

/** When a setting is best made on the target; the rows of the guide "Configurations to set". */
export type WhenToConfigure = 'before' | 'after' | 'either' | 'notApplicable';

/**
 * How a setting of the source comes to the target: `copy` as it is, `adapt` with another value, `atCreation` only when
 * the target is made, `rebuild` as another resource or through the data plane, `none` because the target has no such thing.
 */
export type Carrying = 'copy' | 'adapt' | 'atCreation' | 'rebuild' | 'none';

/** A service with its settings as ARM has them (raw JSON, api-version 2024-03-31). */
export interface ConfiguredService {
  readonly resource: ArmResource;
  readonly endpoint: string;
  /** Login host and tenant, `https://login.microsoftonline.com/{tenant}`; undefined when the tenant is not known. */
  readonly authority: string | undefined;
}

export interface ConfigurationSetting {
  readonly id: string;
  readonly title: string;
  readonly when: WhenToConfigure;
  readonly carrying: Carrying;
  /** Value on the source, undefined where it is not set. */
  readonly ofSource: (source: ArmResource) => Json;
  readonly ofTarget: (target: ArmResource) => Json;
  /** The value that belongs to the service itself and therefore differs rightly, such as its own address. */
  readonly own?: (service: ConfiguredService) => Json;
  /** True when the two values mean the same although they are not equal. */
  readonly same?: (source: Json, target: Json) => boolean;
  readonly guidance: string;
}

/** A value inside a resource; undefined when any part of the path is missing or null. */
export function at(resource: ArmResource, ...path: readonly string[]): Json {
  let value: Json = resource;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as ArmResource)[key];
  }
  return value ?? undefined;
}

/** Empty lists and absent values mean the same to both services: a service made without CORS reports empty arrays. */
const meaningful = (value: Json): Json => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : (value as readonly Json[]);
  const entries = Object.entries(value).filter(([, item]) => item !== null && meaningful(item) !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
};

const property =
  (...path: readonly string[]) =>
  (resource: ArmResource): Json =>
    meaningful(at(resource, 'properties', ...path));

/** `West US 2` and `westus2` are one region. */
const region = (value: Json): Json => (typeof value === 'string' ? value.replaceAll(' ', '').toLowerCase() : undefined);

/** `fhir` says nothing of the version; `fhir-R4` and `fhir-Stu3` do. */
const versionOfKind = (resource: ArmResource): Json => {
  const kind = at(resource, 'kind');
  return kind === 'fhir' ? undefined : kind;
};

const endpointCount = (resource: ArmResource): Json => {
  const connections = at(resource, 'properties', 'privateEndpointConnections');
  return Array.isArray(connections) && connections.length > 0 ? `${connections.length} private endpoints` : undefined;
};

const both = (...path: readonly string[]): Pick<ConfigurationSetting, 'ofSource' | 'ofTarget'> => ({
  ofSource: property(...path),
  ofTarget: property(...path),
});

/** Names of tags are compared without regard to case, as Azure does. */
const sameTags = (source: Json, target: Json): boolean => {
  const lower = (value: Json): Json =>
    Object.fromEntries(Object.entries((value ?? {}) as ArmResource).map(([key, item]) => [key.toLowerCase(), item]));
  const [from, to] = [lower(source) as ArmResource, lower(target) as ArmResource];
  return Object.entries(from).every(([key, item]) => to[key] === item);
};

/** Every setting of an Azure API for FHIR that a person would look for on the new service, in the order of the guide. */
export const configurationSettings: readonly ConfigurationSetting[] = [
  {
    id: 'location',
    title: 'Location',
    when: 'before',
    carrying: 'atCreation',
    ofSource: (source) => region(at(source, 'location')),
    ofTarget: (target) => region(at(target, 'location')),
    guidance: 'A service stays where it was made. Another region works, but exports and imports then cross regions.',
  },
  {
    id: 'fhirVersion',
    title: 'FHIR version',
    when: 'before',
    carrying: 'atCreation',
    ofSource: versionOfKind,
    ofTarget: versionOfKind,
    guidance: 'An existing database cannot change its version, and a migration does not convert.',
  },
  {
    id: 'privateLink',
    title: 'Private Link',
    when: 'before',
    carrying: 'rebuild',
    ofSource: endpointCount,
    ofTarget: endpointCount,
    guidance:
      "Private endpoints of the target belong to its workspace (group 'healthcareworkspace') and use other DNS zones.",
  },
  {
    id: 'publicNetworkAccess',
    title: 'Public network access',
    when: 'before',
    carrying: 'rebuild',
    ...both('publicNetworkAccess'),
    same: (source, target) => (source ?? 'Enabled') === (target ?? 'Enabled'),
    guidance: 'Set on the workspace of the target; approving a private endpoint turns public access off by itself.',
  },
  {
    id: 'authority',
    title: 'Authentication: authority',
    when: 'before',
    carrying: 'adapt',
    ...both('authenticationConfiguration', 'authority'),
    own: ({ authority }) => authority,
    guidance: 'The target trusts only the tenant that it lives in; a custom authority is not supported.',
  },
  {
    id: 'audience',
    title: 'Authentication: audience',
    when: 'before',
    carrying: 'adapt',
    ...both('authenticationConfiguration', 'audience'),
    own: ({ endpoint }) => endpoint,
    guidance: "Default is the service's own address, which is new: client applications must ask for the new audience.",
  },
  {
    id: 'accessPolicies',
    title: 'Authentication: allowed object ids (local RBAC)',
    when: 'before',
    carrying: 'rebuild',
    ...both('accessPolicies'),
    guidance: 'Local RBAC is not supported: each id needs the role FHIR Data Contributor on the target instead.',
  },
  {
    id: 'smartProxy',
    title: 'SMART on FHIR proxy',
    when: 'either',
    carrying: 'rebuild',
    ...both('authenticationConfiguration', 'smartProxyEnabled'),
    same: (source, target) => (source ?? false) === (target ?? false),
    guidance: 'The proxy was retired on 21 September 2026; use SMART on FHIR (Enhanced) or SMART identity providers.',
  },
  {
    id: 'smartIdentityProviders',
    title: 'SMART on FHIR identity providers',
    when: 'either',
    carrying: 'none',
    ofSource: () => undefined,
    ofTarget: property('authenticationConfiguration', 'smartIdentityProviders'),
    guidance: 'Only the target knows them; they are kept by every change that is made here.',
  },
  {
    id: 'throughput',
    title: 'Provisioned throughput (RU/s)',
    when: 'notApplicable',
    carrying: 'none',
    ofSource: property('cosmosDbConfiguration', 'offerThroughput'),
    ofTarget: () => undefined,
    guidance: 'The target scales by itself. Keep the number as a hint about load.',
  },
  {
    id: 'customerManagedKey',
    title: 'Customer-managed key',
    when: 'before',
    carrying: 'adapt',
    ofSource: property('cosmosDbConfiguration', 'keyVaultKeyUri'),
    ofTarget: property('encryption', 'customerManagedKeyEncryption', 'keyEncryptionKeyUrl'),
    guidance:
      'The target wants a versioned RSA 2048 or 3072 key in its region; its identity needs Key Vault Crypto Service Encryption User first.',
  },
  {
    id: 'tags',
    title: 'Tags',
    when: 'either',
    carrying: 'copy',
    ofSource: (source) => meaningful(at(source, 'tags')),
    ofTarget: (target) => meaningful(at(target, 'tags')),
    same: sameTags,
    guidance: 'Merged with the tags that the target has.',
  },
  {
    id: 'versioningPolicy',
    title: 'Versioning policy',
    when: 'before',
    carrying: 'none',
    ofSource: () => undefined,
    ofTarget: property('resourceVersionPolicyConfiguration'),
    guidance:
      'Azure API for FHIR shows its policy in the capability statement alone: compare "versioning" of each type there, and set it before the first import.',
  },
  {
    id: 'cors',
    title: 'CORS',
    when: 'after',
    carrying: 'copy',
    ...both('corsConfiguration'),
    guidance: 'The same five fields on both services.',
  },
  {
    id: 'identity',
    title: 'Managed identity',
    when: 'after',
    carrying: 'copy',
    ofSource: (source) => identityType(source),
    ofTarget: (target) => identityType(target),
    same: (source, target) => source === undefined || target !== undefined,
    guidance: 'The identity of the target is a new one: it needs the role assignments of the old one again.',
  },
  {
    id: 'exportStorage',
    title: 'Storage account for export',
    when: 'after',
    carrying: 'copy',
    ...both('exportConfiguration', 'storageAccountName'),
    guidance: 'The new identity needs Storage Blob Data Contributor on the account, and its firewall a rule.',
  },
  {
    id: 'import',
    title: 'Import',
    when: 'before',
    carrying: 'none',
    ofSource: () => undefined,
    ofTarget: (target) =>
      at(target, 'properties', 'importConfiguration', 'enabled') === true
        ? at(target, 'properties', 'importConfiguration')
        : undefined,
    guidance: 'Needed for the migration in incremental mode (initialImportMode: false); turn it off afterwards.',
  },
  {
    id: 'containerRegistry',
    title: 'Container registry (convert-data)',
    when: 'after',
    carrying: 'copy',
    ...both('acrConfiguration'),
    guidance: 'The new identity needs AcrPull on each registry; at most 20 registries.',
  },
  {
    id: 'eventing',
    title: 'Eventing',
    when: 'after',
    carrying: 'rebuild',
    ofSource: eventState,
    ofTarget: eventState,
    guidance:
      'Events of the source may go on during the migration. Keep those of the target off until cutover, for every imported resource would raise one; subscribe again there afterwards.',
  },
  {
    id: 'clientRegistrations',
    title: 'Client registrations',
    when: 'after',
    carrying: 'rebuild',
    ...both('authenticationConfiguration', 'audience'),
    own: ({ endpoint }) => endpoint,
    same: () => false,
    guidance:
      'Each application asks for tokens of the new audience at the new address, and its service principal needs a FHIR data role on the target.',
  },
  {
    id: 'syncAgent',
    title: 'Sync agent for Dataverse',
    when: 'notApplicable',
    carrying: 'none',
    ofSource: (source) => (isAzureApiForFhir(source) ? 'Azure does not tell whether one is connected' : undefined),
    ofTarget: () => undefined,
    guidance:
      'The sync agent is retired. Whoever used it moves to the data integration toolkit of Microsoft Cloud for Healthcare.',
  },
];

function eventState(resource: ArmResource): Json {
  const state = at(resource, 'properties', 'eventState');
  return state === 'Disabled' ? undefined : state;
}

function isAzureApiForFhir(resource: ArmResource): boolean {
  const type = at(resource, 'type');
  return typeof type === 'string' && type.toLowerCase() === 'microsoft.healthcareapis/services';
}

const identityType = (resource: ArmResource): Json => {
  const type = at(resource, 'identity', 'type');
  return type === 'None' ? undefined : type;
};
