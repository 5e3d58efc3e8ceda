import assert from 'node:assert/strict';
import { roleDefinitionIds } from '../../../src/azure/roleAssignments.ts';
import type { Severity } from '../../../src/assess/finding.ts';
import {
  findingsOf,
  known,
  missing,
  resource,
  role,
  sourceId,
  statement,
  targetResource,
  type Change,
} from './snapshots.ts';

interface Row {
  readonly row: string;
  readonly id: string;
  readonly severity: Severity;
  /** What makes the row apply; absent: it applies to every Azure API for FHIR. */
  readonly when?: Change;
  readonly says: RegExp;
}

const withSource = (properties: Readonly<Record<string, unknown>>, more = {}): Change => ({
  source: { resource: known(resource(properties, more)) },
});
const authority = (value: string, smartProxyEnabled = false) => ({
  authenticationConfiguration: { authority: value, audience: 'https://old.azurehealthcareapis.com', smartProxyEnabled },
});

const capabilities: readonly Row[] = [
  {
    row: 'Settings: Local RBAC',
    id: 'access.localRbac',
    severity: 'action',
    when: withSource({ accessPolicies: [{ objectId: 'a' }, { objectId: 'b' }] }),
    says: /2 object ids/,
  },
  {
    row: 'Settings: SMART on FHIR Proxy',
    id: 'access.smartProxy',
    severity: 'action',
    when: withSource(authority('https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111', true)),
    says: /turned on/,
  },
  {
    row: 'Data storage Volume: more than 4 TB',
    id: 'data.volume',
    severity: 'action',
    when: { source: { metrics: known({ dataBytes: 2e12, requests: 1, iotMessages: undefined }) } },
    says: /2 TB; 3 times that is 6 TB/,
  },
  {
    row: 'Data storage Volume: more than 100 TB',
    id: 'data.volume',
    severity: 'blocker',
    when: { source: { metrics: known({ dataBytes: 40e12, requests: 1, iotMessages: undefined }) } },
    says: /120 TB/,
  },
  { row: 'Data Ingress', id: 'data.ingress', severity: 'information', says: /loaders/ },
  {
    row: 'Autoscaling',
    id: 'platform.autoscale',
    severity: 'check',
    when: withSource({ cosmosDbConfiguration: { offerThroughput: 1_000 } }),
    says: /1,000 RU/,
  },
  { row: 'Search Parameters: bundles', id: 'search.bundles', severity: 'information', says: /batch/ },
  { row: 'Search Parameters: include, iterate', id: 'search.include', severity: 'information', says: /iterate/ },
  { row: 'Search Parameters: sorting', id: 'search.sorting', severity: 'information', says: /birth date/ },
  { row: 'Search Parameters: selectable', id: 'search.selectable', severity: 'information', says: /turn single/ },
  { row: 'Chained search', id: 'search.chained', severity: 'check', says: /chains/ },
  { row: 'Events', id: 'integration.events', severity: 'information', says: /no events/ },
  {
    row: 'Infrastructure: Customer Managed Keys',
    id: 'platform.customerManagedKey',
    severity: 'action',
    when: withSource({ cosmosDbConfiguration: { keyVaultKeyUri: 'https://vault.example/keys/k' } }),
    says: /key of your own/,
  },
  { row: 'Infrastructure: AZ support', id: 'platform.zoneRedundancy', severity: 'check', says: /zone redundant/ },
  { row: 'Infrastructure: PITR', id: 'platform.pointInTimeRestore', severity: 'check', says: /restores/ },
  { row: 'Infrastructure: Cross Region DR', id: 'platform.crossRegionRecovery', severity: 'check', says: /region/ },
];

const architecture: readonly Row[] = [
  {
    row: 'SMART on FHIR proxy',
    id: 'access.smartProxy',
    severity: 'action',
    when: withSource(authority('https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111', true)),
    says: /turned on/,
  },
  {
    row: 'local RBAC',
    id: 'access.localRbac',
    severity: 'action',
    when: withSource({ accessPolicies: [{ objectId: 'a' }] }),
    says: /1 object ids/,
  },
  { row: 'Sync Agent', id: 'integration.syncAgent', severity: 'check', says: /cannot be seen/ },
  { row: 'FHIR Proxy', id: 'integration.fhirProxy', severity: 'check', says: /cannot be seen/ },
  {
    row: 'custom authority',
    id: 'access.customAuthority',
    severity: 'action',
    when: withSource(authority('https://login.example.com/other')),
    says: /not the tenant/,
  },
  {
    row: 'IoT Connector migration',
    id: 'integration.iotConnector',
    severity: 'action',
    when: { source: { metrics: known({ dataBytes: 1, requests: 1, iotMessages: 12 }) } },
    says: /12 device messages/,
  },
];

const preparation: readonly Row[] = [
  {
    row: 'deploy a new service',
    id: 'target.none',
    severity: 'action',
    when: { target: 'none' },
    says: /without a target/,
  },
  {
    row: 'autoscaling raises the bill of exports',
    id: 'platform.autoscale',
    severity: 'check',
    when: withSource({ cosmosDbConfiguration: { offerThroughput: 5_000 } }),
    says: /5,000 RU/,
  },
  { row: 'new URL', id: 'limitations.newAddress', severity: 'check', says: /another service/ },
  {
    row: 'configuration is not copied',
    id: 'limitations.configuration',
    severity: 'information',
    says: /resources only/,
  },
  { row: 'historical versions and soft deletes', id: 'limitations.history', severity: 'check', says: /support both/ },
  { row: 'hard deletes', id: 'limitations.hardDeletes', severity: 'check', says: /no export/ },
  { row: 'clean up data', id: 'limitations.cleanUp', severity: 'information', says: /owners/ },
  { row: 'cancel reindexing and large imports', id: 'limitations.jobs', severity: 'check', says: /outside/ },
  {
    row: 'a running reindex',
    id: 'target.sourceReindex',
    severity: 'action',
    when: { source: { reindex: known('running') } },
    says: /reindexing/,
  },
  {
    row: 'storage account for exports',
    id: 'staging.exportStorage',
    severity: 'blocker',
    when: withSource({ exportConfiguration: {} }),
    says: /no storage account/,
  },
  {
    row: 'Event Grid filter on the export account',
    id: 'staging.eventGrid',
    severity: 'action',
    when: { rest: { eventSubscriptions: known([{ name: 'feed', subjectBeginsWith: '', furtherFilters: false }]) } },
    says: /feed/,
  },
];

const applications: readonly Row[] = [
  {
    row: 'change the endpoints of applications',
    id: 'limitations.newAddress',
    severity: 'check',
    says: /another service/,
  },
  { row: 'set up permissions of applications again', id: 'access.clientRegistration', severity: 'check', says: /seen/ },
  { row: 'set up recurring jobs again', id: 'limitations.jobs', severity: 'check', says: /outside/ },
  {
    row: 'turn off pipelines, delete staged data, decommission',
    id: 'limitations.decommission',
    severity: 'information',
    says: /until somebody deletes/,
  },
];

const configuration: readonly Row[] = [
  {
    row: 'Location',
    id: 'configuration.location',
    severity: 'check',
    when: { target: { resource: known(targetResource({}, { location: 'North Europe' })) } },
    says: /westeurope; new: northeurope/,
  },
  {
    row: 'FHIR version',
    id: 'lifecycle.fhirVersion',
    severity: 'blocker',
    when: { target: { metadata: known(statement({ fhirVersion: '3.0.2' })) } },
    says: /4\.0\.1.*3\.0\.2/,
  },
  {
    row: 'Private Link',
    id: 'platform.privateLink',
    severity: 'action',
    when: withSource({ privateEndpointConnections: [{}] }),
    says: /1 private endpoints/,
  },
  {
    row: 'Private Link: setting',
    id: 'configuration.privateLink',
    severity: 'check',
    when: withSource({ privateEndpointConnections: [{}] }),
    says: /not set/,
  },
  {
    row: 'Authentication: Authority',
    id: 'configuration.authority',
    severity: 'check',
    when: withSource(authority('https://login.example.com/other')),
    says: /login\.example/,
  },
  { row: 'Authentication: Audience', id: 'access.audience', severity: 'check', says: /becomes/ },
  {
    row: 'Authentication: Allowed Object IDs',
    id: 'configuration.accessPolicies',
    severity: 'check',
    when: withSource({ accessPolicies: [{ objectId: 'a' }] }),
    says: /objectId/,
  },
  {
    row: 'RBAC and Custom Authority',
    id: 'access.roleAssignments',
    severity: 'action',
    when: { source: { roles: known([role('u', roleDefinitionIds.fhirDataReader, sourceId)]) } },
    says: /FHIR Data Reader/,
  },
  {
    row: 'SMART on FHIR',
    id: 'configuration.smartProxy',
    severity: 'check',
    when: withSource(authority('x', true)),
    says: /true/,
  },
  {
    row: 'Provisioned throughput',
    id: 'configuration.throughput',
    severity: 'information',
    when: withSource({ cosmosDbConfiguration: { offerThroughput: 400 } }),
    says: /400/,
  },
  {
    row: 'Customer Managed Key',
    id: 'configuration.customerManagedKey',
    severity: 'check',
    when: withSource({ cosmosDbConfiguration: { keyVaultKeyUri: 'https://v/k' } }),
    says: /not set/,
  },
  {
    row: 'Tags',
    id: 'configuration.tags',
    severity: 'check',
    when: withSource({}, { tags: { team: 'a' } }),
    says: /team/,
  },
  {
    row: 'Versioning Policy',
    id: 'versioning.historyDropped',
    severity: 'blocker',
    when: { target: { metadata: known(statement({ versioning: { Patient: 'no-version' } })) } },
    says: /no versions of Patient/,
  },
  {
    row: 'CORS',
    id: 'configuration.cors',
    severity: 'check',
    when: withSource({ corsConfiguration: { origins: ['https://a.example'] } }),
    says: /a\.example/,
  },
  {
    row: 'Managed Identity',
    id: 'configuration.identity',
    severity: 'check',
    when: { target: { resource: known(targetResource({}, { identity: { type: 'None' } })) } },
    says: /SystemAssigned; new: not set/,
  },
  {
    row: 'Storage account for export',
    id: 'configuration.exportStorage',
    severity: 'check',
    when: { target: { resource: known(targetResource({ exportConfiguration: {} })) } },
    says: /staging; new: not set/,
  },
  {
    row: 'ACR Container',
    id: 'configuration.containerRegistry',
    severity: 'check',
    when: withSource({ acrConfiguration: { loginServers: ['a.azurecr.io'] } }),
    says: /azurecr/,
  },
  {
    row: 'Profiles',
    id: 'configuration.profiles',
    severity: 'check',
    when: { source: { counts: known({ StructureDefinition: 3, SearchParameter: 0, Patient: 1, Observation: 1 }) } },
    says: /3 StructureDefinition/,
  },
  {
    row: 'Custom search parameters',
    id: 'configuration.searchParameters',
    severity: 'check',
    when: { source: { counts: known({ StructureDefinition: 0, SearchParameter: 2, Patient: 1, Observation: 1 }) } },
    says: /2 SearchParameter/,
  },
  { row: 'Client Registration', id: 'access.clientRegistration', severity: 'check', says: /cannot be seen/ },
  {
    row: 'Eventing',
    id: 'integration.eventsOn',
    severity: 'action',
    when: { target: { resource: known(targetResource({ eventState: 'Enabled' })) } },
    says: /Enabled/,
  },
  { row: 'Sync Agent for Dataverse', id: 'integration.syncAgent', severity: 'check', says: /Sync Agent/ },
];

describe('the rows of the migration guide', () => {
  const clean = findingsOf();
  for (const [table, rows] of Object.entries({ capabilities, architecture, preparation, applications, configuration }))
    for (const { row: name, id, severity, when, says } of rows)
      it(`${table} › ${name}`, () => {
        const found = findingsOf(when).get(id);
        assert.ok(found, `no finding ${id}`);
        assert.equal(found.known, true);
        assert.equal(found.severity, severity);
        assert.match(found.evidence.seen, says);
        assert.ok(found.guidance.length > 20 && found.documentation.startsWith('https://'));
        if (when !== undefined) assert.notDeepEqual(clean.get(id), found, 'the row must depend on what is seen');
      });

  it('names both ways of an IoT connector: moving its data, or replaying the messages', () => {
    const found = findingsOf({ source: { metrics: known({ dataBytes: 1, requests: 1, iotMessages: 12 }) } });
    assert.match(found.get('integration.iotConnector')?.guidance ?? '', /migration.*replaying/);
  });

  it('says what each allowed object id becomes, and what replaces the proxies', () => {
    const found = findingsOf(
      withSource({ ...authority('x', true), accessPolicies: [{ objectId: 'a' }, { objectId: 'b' }] }),
    );
    assert.match(found.get('access.localRbac')?.guidance ?? '', /FHIR Data Contributor.*each id/);
    assert.match(found.get('access.localRbac')?.evidence.seen ?? '', /by access policies: a, b\./);
    assert.match(found.get('access.smartProxy')?.guidance ?? '', /FHIR SMART User/);
    assert.match(found.get('integration.fhirProxy')?.guidance ?? '', /events.*Toolkit/);
    assert.match(found.get('integration.syncAgent')?.guidance ?? '', /Data integration toolkit/);
    assert.match(clean.get('platform.autoscale')?.guidance ?? '', /raises the bill/);
  });

  it('has no blocker, no action and nothing unknown for two services that are ready', () => {
    const bad = [...clean.values()].filter(
      (one) => !one.known || one.severity === 'blocker' || one.severity === 'action',
    );
    assert.deepEqual(bad, []);
  });

  it('says that Azure API for FHIR is retired, before and after that day', () => {
    assert.match(clean.get('lifecycle.retirement')?.evidence.seen ?? '', /121 days are left/);
    const later = findingsOf({ rest: { takenAt: Date.UTC(2026, 10, 1) } });
    assert.match(later.get('lifecycle.retirement')?.evidence.seen ?? '', /has passed/);
  });

  it('leaves out what only holds for Azure API for FHIR when the source is another product', () => {
    const ids = [...findingsOf({ source: { kind: 'ahds' } }).keys()];
    for (const id of [
      'lifecycle.retirement',
      'data.ingress',
      'search.include',
      'integration.fhirProxy',
      'platform.autoscale',
    ])
      assert.equal(ids.includes(id), false, id);
  });

  it('says unknown, with the reason, for each part that is missing, and never takes it for a pass', () => {
    const nothing = {
      resource: missing(),
      metadata: missing(),
      counts: missing(),
      metrics: missing(),
      roles: missing(),
      reindex: missing(),
    };
    const findings = findingsOf({
      source: nothing,
      target: nothing,
      rest: { staging: missing(), stagingRoles: missing(), eventSubscriptions: missing(), sample: missing() },
    });
    const needed = capabilities
      .concat(architecture, preparation, configuration)
      .filter(({ when }) => when !== undefined && when.target !== 'none');
    for (const { id } of needed) {
      if (id.startsWith('configuration.') && !/profiles|searchParameters/.test(id)) continue;
      const found = findings.get(id);
      assert.equal(found?.known, false, id);
      assert.match(found.evidence.seen, /^Unknown, because the server said no\./);
    }
    assert.equal(findings.get('configuration.settings')?.known, false);
    assert.equal(findings.get('lifecycle.sourceAnswers')?.severity, 'blocker');
  });
});
