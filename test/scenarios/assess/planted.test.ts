import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { silentLog } from '../../../src/http/log.ts';
import { createServices } from '../../../src/services/services.ts';
import { arm, send } from '../../contract/arm/fixture.ts';
import type { FhirServiceSpec } from '../../sandbox/contract.ts';
import { never, useClients } from '../clients/fixture.ts';

const services: readonly FhirServiceSpec[] = [
  {
    name: 'planted',
    flavour: 'azureApiForFhir',
    data: [{ kind: 'patients', count: 2 }, { kind: 'customDefinitions' }],
  },
  {
    name: 'laden',
    flavour: 'ahds',
    data: [{ kind: 'patients', count: 1 }],
    reindexTiming: { fixedMs: 3_600_000 },
    place: { workspace: 'contoso-health', location: 'northeurope' },
  },
];

/** What is changed at Azure before the assessment, and which findings speak of it. */
const atSource = {
  tags: { owner: 'clinic' },
  properties: {
    accessPolicies: [{ objectId: randomUUID() }, { objectId: randomUUID() }],
    authenticationConfiguration: {
      authority: 'https://login.example.com/other',
      audience: 'https://planted.azurehealthcareapis.com',
      smartProxyEnabled: true,
    },
    cosmosDbConfiguration: { offerThroughput: 4_000, keyVaultKeyUri: 'https://vault.example/keys/k' },
    corsConfiguration: { origins: ['https://app.example'], headers: [], methods: ['GET'] },
    acrConfiguration: { loginServers: ['contoso.azurecr.io'] },
    privateEndpointConnections: [{ id: 'one' }],
    publicNetworkAccess: 'Disabled',
  },
};
const atTarget = { properties: { eventState: 'Enabled' } };
const planted: Readonly<Record<string, RegExp>> = {
  'access.localRbac': /2 object ids/,
  'access.customAuthority': /login\.example\.com/,
  'access.smartProxy': /turned on/,
  'access.roleAssignments': /1 assignments: FHIR Data Reader/,
  'platform.customerManagedKey': /key of your own/,
  'platform.privateLink': /1 private endpoints/,
  'platform.publicNetworkAccess': /disabled on planted/,
  'platform.autoscale': /4,000 RU/,
  'configuration.cors': /app\.example/,
  'configuration.containerRegistry': /azurecr/,
  'configuration.tags': /clinic/,
  'configuration.location': /northeurope/,
  'configuration.profiles': /StructureDefinition/,
  'configuration.searchParameters': /SearchParameter/,
  'search.parametersMissing': /\d/,
  'integration.eventsOn': /Enabled/,
  'data.targetNotEmpty': /laden holds/,
  'target.targetReindex': /reindexing/,
  'staging.firewall': /no rule for planted and laden/,
  'staging.hierarchicalNamespace': /plain account/,
  'staging.eventGrid': /Subscriptions: feed/,
  'staging.sourceIdentity': /planted has no managed identity/,
};

describe('Settings planted in a sandbox', () => {
  const clients = useClients({ services, accounts: ['contosostaging'] });

  it('are each found by an assessment, with the value that was seen', async () => {
    const { sandbox, cloud, tokens } = clients();
    const [source, target, staging] = ['planted', 'laden', 'contosostaging'].map((name) => sandbox.resourceIdOf(name));
    assert.ok(source !== undefined && target !== undefined && staging !== undefined);
    const change = async (id: string, body: object): Promise<void> => {
      const { status, text } = await send(sandbox, 'POST', `${sandbox.adminEndpoint}/resources`, {
        body: { id, change: body },
      });
      assert.ok(status < 300, text);
    };
    await change(source, { ...atSource, identity: { type: 'None' } });
    await change(target, atTarget);
    await change(staging, {
      properties: { isHnsEnabled: false, networkAcls: { defaultAction: 'Deny', bypass: 'None' } },
    });
    const properties = { destination: { endpointType: 'StorageQueue' }, filter: { subjectBeginsWith: '' } };
    const feed = `${staging}/providers/Microsoft.EventGrid/eventSubscriptions/feed`;
    const subscribed = await arm(sandbox, 'PUT', feed, { apiVersion: '2022-06-15', body: { properties } });
    assert.equal(subscribed.status, 201, subscribed.text);
    sandbox.addPrincipal([{ role: 'FHIR Data Reader', at: 'planted' }]);
    const endpoint = sandbox.endpointOf('laden');
    const reindex = await send(sandbox, 'POST', `${endpoint}/$reindex`, {
      token: await sandbox.token(endpoint),
      body: { resourceType: 'Parameters', parameter: [] },
    });
    assert.equal(reindex.status, 201, reindex.text);

    const log = { ...silentLog, error: () => undefined };
    const all = createServices({ cloud, tokens, journalFolder: '/nowhere', log, userAgent: 'tests' });
    const found = new Map((await all.assess({ source, target }, never)).findings.map((one) => [one.id as string, one]));
    const missed = Object.entries(planted).filter(([id, seen]) => {
      const finding = found.get(id);
      return finding?.known !== true || !seen.test(finding.evidence.seen);
    });
    assert.deepEqual(
      missed.map(([id]) => `${id}: ${found.get(id)?.evidence.seen ?? 'not found'}`),
      [],
    );
  });
});
