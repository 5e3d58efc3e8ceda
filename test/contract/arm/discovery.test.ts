import assert from 'node:assert/strict';
import { ArmError } from '../../sandbox/arm/armError.ts';
import { GraphQuota } from '../../sandbox/arm/graphQuota.ts';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { arm, errorCode, send, useSandbox, type Reply } from './fixture.ts';

const subscriptionsVersion = '2022-12-01';

function rows(reply: Reply, key: 'value' | 'data' = 'value'): JsonObject[] {
  const list = reply.json[key];
  assert.ok(Array.isArray(list), reply.text);
  return list.filter(isJsonObject);
}

describe('tenants and subscriptions', () => {
  const sandbox = useSandbox({
    subscriptions: 200,
    forbiddenSubscriptions: [7],
    services: [
      ...Array.from({ length: 30 }, (_, index) => ({ name: `ahds${index}`, flavour: 'ahds' as const })),
      { name: 'guest', flavour: 'azureApiForFhir', place: { tenant: 'second' } },
      { name: 'oss', flavour: 'fhirServer' },
    ],
  });

  it('are listed page by page, with links on the same base', async () => {
    const token = await sandbox().token(sandbox().armEndpoint);
    const names: unknown[] = [];
    let url: string | undefined = `${sandbox().armEndpoint}/subscriptions?api-version=${subscriptionsVersion}`;
    let pages = 0;
    while (url !== undefined) {
      const reply: Reply = await send(sandbox(), 'GET', url, { token });
      assert.ok(url.startsWith(`${sandbox().armEndpoint}/`));
      names.push(...rows(reply).map((subscription) => subscription.displayName));
      url = typeof reply.json.nextLink === 'string' ? reply.json.nextLink : undefined;
      pages += 1;
    }
    assert.equal(pages, 2);
    assert.equal(new Set(names).size, 200);
    const tenants = await arm(sandbox(), 'GET', '/tenants', { apiVersion: subscriptionsVersion });
    assert.deepEqual(
      rows(tenants).map((tenant) => tenant.tenantId),
      [sandbox().tenantId, sandbox().secondTenantId],
    );
  });

  it('are those of the token: another tenant needs another token, a principal sees only its own', async () => {
    const one = sandbox().addPrincipal([{ role: 'FHIR Data Reader', at: 'ahds3' }]);
    const reply = await arm(sandbox(), 'GET', '/subscriptions', { apiVersion: subscriptionsVersion, as: one });
    assert.deepEqual(
      rows(reply).map((subscription) => subscription.displayName),
      ['Contoso 4'],
    );
    const tenants = await arm(sandbox(), 'GET', '/tenants', { apiVersion: subscriptionsVersion, as: one });
    assert.equal(rows(tenants).length, 1);
    const elsewhere = await arm(sandbox(), 'GET', sandbox().resourceIdOf('guest'));
    assert.equal(elsewhere.status, 401);
    assert.equal(errorCode(elsewhere), 'InvalidAuthenticationTokenTenant');
    assert.throws(() => sandbox().resourceIdOf('oss'), RangeError);
  });

  it('that are forbidden are listed and refuse to be looked into', async () => {
    const seventh = sandbox().resourceIdOf('ahds6').split('/').slice(0, 3).join('/');
    const list = await arm(sandbox(), 'GET', `${seventh}/providers/Microsoft.HealthcareApis/services`);
    assert.deepEqual([list.status, errorCode(list)], [403, 'AuthorizationFailed']);
    assert.equal((await arm(sandbox(), 'GET', seventh, { apiVersion: subscriptionsVersion })).status, 200);
    const unknown = await arm(sandbox(), 'GET', '/subscriptions/00000000-0000-4000-8000-00000000ffff/resourceGroups', {
      apiVersion: '2021-04-01',
    });
    assert.deepEqual([unknown.status, errorCode(unknown)], [404, 'SubscriptionNotFound']);
    const noGroup = await arm(
      sandbox(),
      'GET',
      `${sandbox().resourceIdOf('ahds0').split('/').slice(0, 3).join('/')}/resourceGroups/none/providers/Microsoft.HealthcareApis/services`,
    );
    assert.equal(errorCode(noGroup), 'ResourceGroupNotFound');
  });

  it('are asked all at once by Resource Graph, in pages that do not grow with them', async () => {
    const found: unknown[] = [];
    let token: string | undefined;
    let requests = 0;
    do {
      const reply: Reply = await graph({
        query: `Resources | where type =~ 'microsoft.healthcareapis/workspaces/fhirservices' | project id | order by id asc`,
        options: { resultFormat: 'objectArray', $top: 20, ...(token === undefined ? {} : { $skipToken: token }) },
      });
      found.push(...rows(reply, 'data').map((row) => row.id));
      token = typeof reply.json.$skipToken === 'string' ? reply.json.$skipToken : undefined;
      requests += 1;
    } while (token !== undefined);
    assert.equal(requests, 2);
    // The one in the forbidden subscription is missing.
    assert.equal(found.length, 29);
    assert.ok(!found.includes(sandbox().resourceIdOf('ahds6')));
  });

  function graph(body: object): Promise<Reply> {
    return arm(sandbox(), 'POST', '/providers/Microsoft.ResourceGraph/resources', { body, apiVersion: '2024-04-01' });
  }
});

describe('Resource Graph', () => {
  const sandbox = useSandbox({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir' },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  /** A principal for each test, since the quota is per user. */
  async function ask(query: string, options: object = {}, more: object = {}): Promise<Reply> {
    return arm(sandbox(), 'POST', '/providers/Microsoft.ResourceGraph/resources', {
      apiVersion: '2024-04-01',
      body: { query, options: { resultFormat: 'objectArray', ...options }, ...more },
      as: sandbox().addPrincipal([{ role: 'Reader', at: '/' }]),
    });
  }

  it('answers the discovery query with types in lower case, joined names and identities', async () => {
    const reply = await ask(`Resources
      | where type in~ ('Microsoft.HealthcareApis/services', 'microsoft.healthcareapis/workspaces', 'microsoft.healthcareapis/workspaces/fhirservices')
      | project id, name, type, kind, location, resourceGroup, subscriptionId, tenantId, tags, identity, properties
      | order by id asc`);
    assert.equal(reply.json.totalRecords, 3);
    assert.equal(reply.json.resultTruncated, 'false');
    assert.deepEqual(
      rows(reply, 'data').map(({ name, type, resourceGroup }) => [name, type, resourceGroup]),
      [
        ['contoso', 'microsoft.healthcareapis/services', 'contoso-fhir'],
        ['contoso-health', 'microsoft.healthcareapis/workspaces', 'contoso-fhir'],
        ['contoso-health/clinical', 'microsoft.healthcareapis/workspaces/fhirservices', 'contoso-fhir'],
      ],
    );
    const [service] = rows(reply, 'data');
    assert.ok(isJsonObject(service?.identity) && isJsonObject(service.properties));
    assert.equal(service.identity.type, 'SystemAssigned');
    // The index does not hold everything: import settings have to be read from the resource.
    assert.equal(service.properties.importConfiguration, undefined);
  });

  for (const [query, names] of [
    [
      `Resources | where type =~ 'microsoft.storage/storageaccounts' and name =~ 'CONTOSOSTAGING' | project id, name`,
      ['contosostaging'],
    ],
    [`Resources | where name == 'CONTOSO' | project id, name`, []],
    [
      `Resources | where properties.exportConfiguration.storageAccountName == 'contosostaging' | project id, name | order by name desc`,
      ['contoso-health/clinical', 'contoso'],
    ],
    [
      `Resources | where type startswith 'microsoft.healthcareapis' | where isempty(kind) | project id, name`,
      ['contoso-health'],
    ],
    [
      `Resources | where not(name contains 'contoso') or (tolower(kind) == 'fhir-r4' and type !in~ ('microsoft.healthcareapis/services')) | project id, name`,
      ['contoso-health/clinical'],
    ],
    [
      `Resources | where type has 'healthcareapis' | order by id asc | take 1 | extend label = name | project id, name = label`,
      ['contoso'],
    ],
    [
      `ResourceContainers | where type == 'microsoft.resources/subscriptions' | project id, name | order by name asc`,
      ['Contoso 1', 'Contoso 2'],
    ],
  ] as const) {
    it(`evaluates ${query}`, async () => {
      assert.deepEqual(
        rows(await ask(query), 'data').map((row) => row.name),
        names,
      );
    });
  }

  it('counts, gives tables, and keeps to the subscriptions that are named', async () => {
    const counted = await ask(`Resources | summarize services = count() by type | where services > 0`);
    assert.equal(rows(counted, 'data').length, 4);
    const table = await ask('Resources | project name | order by name asc', { resultFormat: 'table' });
    assert.ok(isJsonObject(table.json.data));
    assert.deepEqual(table.json.data.columns, [{ name: 'name', type: 'string' }]);
    assert.deepEqual(table.json.data.rows, [
      ['contoso'],
      ['contoso-health'],
      ['contoso-health/clinical'],
      ['contosostaging'],
    ]);
    const second = '00000000-0000-4000-8000-000000000002';
    assert.equal((await ask('Resources', {}, { subscriptions: [second] })).json.totalRecords, 0);
    const unknown = await ask('Resources', {}, { subscriptions: ['00000000-0000-4000-8000-00000000ffff'] });
    assert.equal(unknown.status, 403);
  });

  it('gives no further page without an id, and none to a token of another query', async () => {
    const truncated = await ask('Resources | project name', { $top: 2 });
    assert.equal(truncated.json.resultTruncated, 'true');
    assert.equal(truncated.json.$skipToken, undefined);
    const first = await ask('Resources | project id | order by id asc', { $top: 2 });
    assert.equal(typeof first.json.$skipToken, 'string');
    const other = await ask('Resources | project id | order by id desc', {
      $top: 2,
      $skipToken: first.json.$skipToken,
    });
    assert.equal(other.status, 400);
  });

  it('refuses what it does not understand with details', async () => {
    const reply = await ask('Resources | where name ~~ 1');
    assert.equal(reply.status, 400);
    assert.match(reply.text, /InvalidQuery.*ParserFailure/);
    assert.match((await ask('Nothing | project id')).text, /InvalidTableName/);
  });

  it('tells with every answer what is left of the quota', async () => {
    const { headers } = await ask('Resources | count');
    assert.equal(headers['x-ms-user-quota-remaining'], '14');
    assert.match(headers['x-ms-user-quota-resets-after'] ?? '', /^00:00:0[1-5]$/);
  });

  it('throttles a user after 15 queries within 5 seconds, and nobody else', () => {
    const quota = new GraphQuota();
    for (let left = 14; left >= 0; left -= 1) {
      assert.equal(quota.take('me', 0)['x-ms-user-quota-remaining'], String(left));
    }
    assert.throws(
      () => quota.take('me', 1_500),
      (error) => error instanceof ArmError && error.status === 429 && error.headers['retry-after'] === '4',
    );
    assert.equal(quota.take('other', 1_500)['x-ms-user-quota-remaining'], '14');
    assert.equal(quota.take('me', 5_000)['x-ms-user-quota-remaining'], '14');
  });
});
