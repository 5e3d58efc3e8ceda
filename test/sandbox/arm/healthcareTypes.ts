import type { JsonObject } from '../http.ts';

/** What ARM lets a caller write on a type at api-version 2024-03-31. */
export interface HealthcareType {
  readonly type: string;
  /** Keys that PATCH takes, and keys below `properties` that it takes. */
  readonly patch: { readonly keys: readonly string[]; readonly properties: readonly string[] };
  /** Keys below `properties` that a PUT cannot set: what it sends is left out, what is there stays. */
  readonly readOnly: readonly string[];
  readonly kinds: readonly string[] | undefined;
  readonly identities: readonly string[];
  /** New ones can be made. */
  readonly creatable: boolean;
  /** PUT on an existing one is answered with 200 (and not 202). */
  readonly updatedWith: 200 | 202;
  readonly patchedWith: 200 | 202;
  /** What a GET shows for settings that were never set. */
  readonly defaults: JsonObject;
}

const noCors = { origins: [], headers: [], methods: [], maxAge: null, allowCredentials: false };

export const healthcareTypes: readonly HealthcareType[] = [
  {
    type: 'Microsoft.HealthcareApis/services',
    patch: { keys: ['tags'], properties: ['publicNetworkAccess'] },
    readOnly: ['provisioningState', 'privateEndpointConnections'],
    kinds: ['fhir', 'fhir-Stu3', 'fhir-R4'],
    identities: ['SystemAssigned', 'None'],
    // No new deployments since 2025-04-01.
    creatable: false,
    updatedWith: 200,
    patchedWith: 200,
    defaults: {
      accessPolicies: [],
      cosmosDbConfiguration: { offerThroughput: 1000 },
      corsConfiguration: noCors,
      exportConfiguration: {},
      importConfiguration: { enabled: false, initialImportMode: false },
      privateEndpointConnections: [],
      publicNetworkAccess: 'Enabled',
    },
  },
  {
    type: 'Microsoft.HealthcareApis/workspaces',
    patch: { keys: ['tags'], properties: [] },
    readOnly: ['provisioningState', 'privateEndpointConnections', 'publicNetworkAccess'],
    kinds: undefined,
    identities: [],
    creatable: true,
    updatedWith: 202,
    patchedWith: 202,
    defaults: { privateEndpointConnections: [], publicNetworkAccess: 'Enabled' },
  },
  {
    type: 'Microsoft.HealthcareApis/workspaces/fhirservices',
    patch: { keys: ['tags', 'identity'], properties: [] },
    readOnly: ['provisioningState', 'eventState', 'privateEndpointConnections', 'publicNetworkAccess'],
    kinds: ['fhir-R4', 'fhir-Stu3'],
    identities: ['None', 'SystemAssigned', 'UserAssigned', 'SystemAssigned,UserAssigned'],
    creatable: true,
    updatedWith: 202,
    patchedWith: 202,
    defaults: {
      acrConfiguration: { loginServers: [], ociArtifacts: [] },
      corsConfiguration: noCors,
      exportConfiguration: {},
      importConfiguration: { enabled: false, initialImportMode: false },
      resourceVersionPolicyConfiguration: { default: 'versioned', resourceTypeOverrides: {} },
      implementationGuidesConfiguration: { usCoreMissingData: false },
      eventState: 'Disabled',
      privateEndpointConnections: [],
      publicNetworkAccess: 'Enabled',
    },
  },
];

/** The type by its name in any case. */
export function healthcareType(type: string): HealthcareType | undefined {
  return healthcareTypes.find((candidate) => candidate.type.toLowerCase() === type.toLowerCase());
}

/** States in which a resource takes no write: something else is still changing it (model of 2024-03-31). */
export const busyStates: ReadonlySet<string> = new Set([
  'Accepted',
  'Creating',
  'Deleting',
  'Moving',
  'SystemMaintenance',
  'Updating',
  'Verifying',
]);
