import type { RoleAssignment } from '../../../src/azure/roleAssignments.ts';
import { roleDefinitionIds } from '../../../src/azure/roleAssignments.ts';
import { assess } from '../../../src/assess/assess.ts';
import type { Finding } from '../../../src/assess/finding.ts';
import type { SampleFacts } from '../../../src/assess/sample.ts';
import type { ServiceSnapshot, Snapshot, StatementFacts } from '../../../src/assess/snapshot.ts';
import type { Probe } from '../../../src/services/preflight/facts.ts';

type Fields = Readonly<Record<string, unknown>>;

export const known = <T>(value: T, request = 'GET /x'): Probe<T> => ({ ok: true, request, value });
export const missing = (
  message = 'The server said no.',
  kind: 'forbidden' | 'retired' = 'forbidden',
): Probe<never> => ({
  ok: false,
  request: 'GET /x',
  failure: { kind, message },
});

const tenantId = '11111111-1111-4111-8111-111111111111';
const group = '/subscriptions/s1/resourceGroups/g/providers';
export const sourceId = `${group}/Microsoft.HealthcareApis/services/old`;
export const targetId = `${group}/Microsoft.HealthcareApis/workspaces/w/fhirservices/new`;

export const resource = (properties: Fields = {}, more: Fields = {}): Fields => ({
  location: 'westeurope',
  kind: 'fhir-R4',
  identity: { type: 'SystemAssigned', principalId: 'p-old' },
  properties: {
    provisioningState: 'Succeeded',
    authenticationConfiguration: {
      authority: `https://login.microsoftonline.com/${tenantId}`,
      audience: 'https://old.azurehealthcareapis.com',
    },
    exportConfiguration: { storageAccountName: 'staging' },
    publicNetworkAccess: 'Enabled',
    ...properties,
  },
  ...more,
});

export const targetResource = (properties: Fields = {}, more: Fields = {}): Fields =>
  resource(
    {
      authenticationConfiguration: {
        authority: `https://login.microsoftonline.com/${tenantId}`,
        audience: 'https://w-new.fhir.azurehealthcareapis.com',
      },
      importConfiguration: { enabled: true, initialImportMode: false, integrationDataStore: 'staging' },
      eventState: 'Disabled',
      ...properties,
    },
    { identity: { type: 'SystemAssigned', principalId: 'p-new' }, ...more },
  );

export const statement = (change: Partial<StatementFacts> = {}): StatementFacts => ({
  fhirVersion: '4.0.1',
  transactions: true,
  versioning: { Patient: 'versioned', Observation: 'versioned' },
  operations: [],
  searchParameters: { Patient: ['name'], Observation: ['code'], StructureDefinition: [], SearchParameter: [] },
  ...change,
});

export const role = (principalId: string, roleDefinitionId: string, scope = ''): RoleAssignment => ({
  principalId,
  roleDefinitionId,
  principalType: 'ServicePrincipal',
  scope,
});

export const sample = (change: Partial<SampleFacts> = {}): SampleFacts => ({
  lines: 10,
  unreadable: 0,
  longDecimals: {},
  equalDates: 0,
  invertedDates: 0,
  mostInOneMillisecond: 1,
  largestBytes: 500,
  nearLimit: 0,
  conditionalReferences: 0,
  idsByCase: 0,
  types: { Patient: 10 },
  ...change,
});

const service = (change: Partial<ServiceSnapshot>): ServiceSnapshot => ({
  name: 'old',
  kind: 'azureApiForFhir',
  endpoint: 'https://old.azurehealthcareapis.com',
  tenantId,
  subscriptionId: 's1',
  resourceId: sourceId,
  resource: known(resource()),
  metadata: known(statement({ transactions: false }), 'GET /metadata'),
  counts: known({ Patient: 10, Observation: 20, StructureDefinition: 0, SearchParameter: 0 }),
  metrics: known({ dataBytes: 5e9, requests: 10, iotMessages: undefined }),
  roles: known([]),
  reindex: known('idle'),
  ...change,
});

export interface Change {
  readonly source?: Partial<ServiceSnapshot>;
  readonly target?: Partial<ServiceSnapshot> | 'none';
  readonly rest?: Partial<Snapshot>;
}

/** A pair of services that is ready, but for what is changed. */
export function snapshot({ source = {}, target = {}, rest = {} }: Change = {}): Snapshot {
  return {
    takenAt: Date.UTC(2026, 5, 1),
    source: service(source),
    target:
      target === 'none'
        ? undefined
        : service({
            name: 'new',
            kind: 'ahds',
            endpoint: 'https://w-new.fhir.azurehealthcareapis.com',
            resourceId: targetId,
            resource: known(targetResource()),
            metadata: known(statement(), 'GET /metadata'),
            counts: known({ Patient: 0, Observation: 0, StructureDefinition: 0, SearchParameter: 0 }),
            metrics: known({ dataBytes: 0, requests: 0, iotMessages: undefined }),
            ...target,
          }),
    staging: known({
      name: 'staging',
      resourceId: `${group}/Microsoft.Storage/storageAccounts/staging`,
      tenantId,
      hierarchicalNamespace: true,
      openToAll: true,
      trustedServices: true,
      allowedResources: [],
    }),
    stagingRoles: known([
      role('p-old', roleDefinitionIds.storageBlobDataContributor),
      role('p-new', roleDefinitionIds.storageBlobDataContributor),
    ]),
    eventSubscriptions: known([]),
    sample: known(sample()),
    imports: known([]),
    ...rest,
  };
}

export const findingsOf = (change: Change = {}): ReadonlyMap<string, Finding> =>
  new Map(assess(snapshot(change)).map((finding) => [finding.id, finding]));
