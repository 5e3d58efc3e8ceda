import assert from 'node:assert/strict';
import { ArmRateLimits } from '../../sandbox/arm/rateLimits.ts';
import { ArmError } from '../../sandbox/arm/armError.ts';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { arm, errorCode, send, useSandbox } from './fixture.ts';

describe('metrics and settings beside a service', () => {
  const sandbox = useSandbox();

  async function metric(service: string, name: string): Promise<JsonObject[]> {
    const path = `${sandbox().resourceIdOf(service)}/providers/Microsoft.Insights/metrics?metricnames=${name}&interval=PT1M&timespan=PT1H`;
    const { json, text } = await arm(sandbox(), 'GET', path, { apiVersion: '2024-02-01' });
    assert.ok(Array.isArray(json.value) && isJsonObject(json.value[0]), text);
    const { timeseries } = json.value[0];
    assert.ok(Array.isArray(timeseries) && isJsonObject(timeseries[0]) && Array.isArray(timeseries[0].data));
    return timeseries[0].data.filter(isJsonObject);
  }

  const sum = (points: readonly JsonObject[]) => points.reduce((total, { total: one }) => total + Number(one), 0);

  it('count the requests and errors of the service', async () => {
    const endpoint = sandbox().endpointOf('contoso');
    const token = await sandbox().token(endpoint);
    const [requests, errors] = [
      sum(await metric('contoso', 'TotalRequests')),
      sum(await metric('contoso', 'TotalErrors')),
    ];
    await send(sandbox(), 'GET', `${endpoint}/metadata`);
    await send(sandbox(), 'GET', `${endpoint}/Patient/none`, { token });
    assert.equal(sum(await metric('contoso', 'TotalRequests')), requests + 2);
    assert.equal(sum(await metric('contoso', 'TotalErrors')), errors + 1);
    assert.ok((await metric('contoso', 'TotalLatency')).every((point) => Number(point.average) > 0));
  });

  it('grow with the stored data, by the name that each kind of service has for it', async () => {
    for (const [service, name] of [
      ['contoso', 'CosmosDbCollectionSize'],
      ['clinical', 'TotalDataSize'],
    ] as const) {
      const before = Number((await metric(service, name)).at(-1)?.total);
      const json = '{"resourceType":"Patient","id":"a"}';
      sandbox()
        .store(service)
        .put({ type: 'Patient', id: 'a', versionId: '1', lastUpdated: 0, deleted: false, method: 'PUT', json });
      assert.equal(Number((await metric(service, name)).at(-1)?.total), before + json.length);
    }
  });

  it('refuse a metric of the other kind, naming those that there are', async () => {
    const path = `${sandbox().resourceIdOf('clinical')}/providers/Microsoft.Insights/metrics?metricnames=CosmosDbCollectionSize`;
    const reply = await arm(sandbox(), 'GET', path, { apiVersion: '2024-02-01' });
    assert.equal(reply.status, 400);
    assert.match(reply.text, /Valid metrics: .*TotalDataSize/);
  });

  it('keep diagnostic settings per resource', async () => {
    const list = (service: string) =>
      `${sandbox().resourceIdOf(service)}/providers/Microsoft.Insights/diagnosticSettings`;
    const apiVersion = '2021-05-01-preview';
    const properties = { workspaceId: '/w', logs: [{ category: 'AuditLogs', enabled: true }] };
    const made = await arm(sandbox(), 'PUT', `${list('contoso')}/audit`, { apiVersion, body: { properties } });
    assert.equal(made.status, 201);
    const own = await arm(sandbox(), 'GET', list('contoso'), { apiVersion });
    assert.ok(Array.isArray(own.json.value) && isJsonObject(own.json.value[0]));
    assert.deepEqual(own.json.value[0].properties, properties);
    assert.deepEqual((await arm(sandbox(), 'GET', list('clinical'), { apiVersion })).json.value, []);
    const missing = await arm(sandbox(), 'GET', `${list('contoso')}/none`, { apiVersion });
    assert.equal(errorCode(missing), 'ResourceNotFound');
  });

  it('switch the events of a workspace with its first and last subscription, and keep the secrets of webhooks', async () => {
    const workspace = sandbox().resourceIdOf('clinical').split('/').slice(0, 9).join('/');
    const group = workspace.split('/').slice(0, 5).join('/');
    const apiVersion = '2022-06-15';
    const list = `${workspace}/providers/Microsoft.EventGrid/eventSubscriptions`;
    const state = async (): Promise<unknown> => {
      const { json } = await arm(sandbox(), 'GET', sandbox().resourceIdOf('clinical'));
      return isJsonObject(json.properties) ? json.properties.eventState : undefined;
    };
    const topics = async (): Promise<unknown> =>
      (await arm(sandbox(), 'GET', `${group}/providers/Microsoft.EventGrid/systemTopics`, { apiVersion })).json.value;
    const hook = { endpointType: 'WebHook', properties: { endpointUrl: 'https://hook.example.org/in?code=secret' } };
    const body = { properties: { destination: hook } };
    const made = await arm(sandbox(), 'PUT', `${list}/hook`, { apiVersion, body });
    assert.equal(made.status, 201);
    assert.ok(!made.text.includes('secret') && made.text.includes('"endpointBaseUrl":"https://hook.example.org/in"'));
    assert.equal(await state(), 'Updating');
    const refused = await arm(sandbox(), 'PATCH', sandbox().resourceIdOf('clinical'), { body: { tags: { a: 'b' } } });
    assert.equal(refused.status, 409);
    assert.deepEqual([await state(), await state(), await state()], ['Updating', 'Updating', 'Enabled']);
    assert.match(JSON.stringify(await topics()), /"topicType":"Microsoft\.HealthcareApis\.Workspaces"/);
    assert.equal((await arm(sandbox(), 'DELETE', `${list}/hook`, { apiVersion })).status, 200);
    await Promise.all([state(), state(), state()]);
    assert.equal(await state(), 'Disabled');
    assert.deepEqual(await topics(), []);
  });

  it('tell private endpoints and links apart by kind', async () => {
    const gen1 = await arm(sandbox(), 'GET', `${sandbox().resourceIdOf('contoso')}/privateLinkResources`);
    assert.match(gen1.text, /"privatelink\.azurehealthcareapis\.com"/);
    const workspace = sandbox().resourceIdOf('clinical').split('/').slice(0, 9).join('/');
    assert.match((await arm(sandbox(), 'GET', `${workspace}/privateLinkResources`)).text, /"healthcareworkspace"/);
    assert.deepEqual((await arm(sandbox(), 'GET', `${workspace}/privateEndpointConnections`)).json.value, []);
  });

  it('say with every answer what is left of the rate', async () => {
    const reply = await arm(sandbox(), 'GET', sandbox().resourceIdOf('contoso'));
    assert.match(reply.headers['x-ms-ratelimit-remaining-subscription-reads'] ?? '', /^2\d\d$/);
    const tenants = await arm(sandbox(), 'GET', '/tenants', { apiVersion: '2022-12-01' });
    assert.match(tenants.headers['x-ms-ratelimit-remaining-tenant-reads'] ?? '', /^2\d\d$/);
  });
});

describe("ARM's rate limits", () => {
  const scope = { kind: 'subscription', id: 's' } as const;

  it('let 250 reads through at once and 25 a second after that; asking too early starts a new wait', () => {
    const limits = new ArmRateLimits();
    for (let read = 0; read < 250; read += 1) limits.take(scope, 'me', 'reads', 0);
    const refused = (at: number) => {
      try {
        limits.take(scope, 'me', 'reads', at);
        return undefined;
      } catch (error) {
        assert.ok(error instanceof ArmError);
        return [error.status, error.headers['retry-after']];
      }
    };
    assert.deepEqual(refused(0), [429, '1']);
    assert.deepEqual(refused(900), [429, '1']);
    assert.deepEqual(refused(1_000), [429, '1']);
    assert.equal(refused(2_000), undefined);
    assert.equal(limits.take(scope, 'other', 'reads', 0)['x-ms-ratelimit-remaining-subscription-reads'], '249');
    assert.equal(limits.take(scope, 'me', 'writes', 0)['x-ms-ratelimit-remaining-subscription-writes'], '199');
  });
});
