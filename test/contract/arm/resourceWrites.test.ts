import assert from 'node:assert/strict';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { admin, arm, errorCode, follow, send, useSandbox, type Reply } from './fixture.ts';

function below(json: JsonObject, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), json);
}

/** What a careful client sends back: the document without what is read-only. */
function writable({ json }: Reply, change: JsonObject = {}): JsonObject {
  const { id, name, type, systemData, etag, ...rest } = json;
  assert.ok(isJsonObject(rest.properties));
  assert.ok([id, name, type, systemData, etag].every((value) => value !== undefined));
  return { ...rest, properties: { ...rest.properties, ...change } };
}

describe('writing Microsoft.HealthcareApis at 2024-03-31', () => {
  const sandbox = useSandbox({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir' },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    arm(sandbox(), method, path, body === undefined ? { headers } : { body, headers });
  const target = () => sandbox().resourceIdOf('clinical');
  const source = () => sandbox().resourceIdOf('contoso');
  const workspace = () => target().split('/').slice(0, 9).join('/');

  it('PATCH on a FHIR service takes tags and identity and nothing else', async () => {
    const before = await call('GET', target());
    const reply = await call('PATCH', target(), { tags: { team: 'a' } });
    assert.equal(reply.status, 202);
    assert.equal(below(reply.json, 'properties', 'provisioningState'), 'Accepted');
    assert.deepEqual(await follow(sandbox(), reply), ['Requested', 'Running', 'Succeeded']);
    const after = await call('GET', target());
    assert.deepEqual(after.json.tags, { team: 'a' });
    assert.deepEqual(after.json.properties, before.json.properties);

    for (const body of [
      { properties: { corsConfiguration: { origins: ['*'] } } },
      { properties: { publicNetworkAccess: 'Disabled' } },
      { location: 'northeurope' },
      { kind: 'fhir-R4' },
    ]) {
      const refused = await call('PATCH', target(), body);
      assert.equal(refused.status, 400, JSON.stringify(body));
      assert.equal(errorCode(refused), 'InvalidRequestContent');
    }
    assert.deepEqual((await call('GET', target())).json.tags, { team: 'a' });
  });

  it('PATCH on an Azure API for FHIR takes tags and publicNetworkAccess and nothing else', async () => {
    const body = { tags: { team: 'b' }, properties: { publicNetworkAccess: 'Disabled' } };
    const reply = await call('PATCH', source(), body);
    assert.equal(reply.status, 200);
    await follow(sandbox(), reply);
    const { json } = await call('GET', source());
    assert.deepEqual(json.tags, { team: 'b' });
    assert.equal(below(json, 'properties', 'publicNetworkAccess'), 'Disabled');
    assert.equal((await call('PATCH', source(), { identity: { type: 'None' } })).status, 400);
    assert.equal((await call('PATCH', source(), { properties: { corsConfiguration: {} } })).status, 400);
  });

  it('PUT replaces settings, resets what is left out, keeps what it does not know, and leaves read-only ones', async () => {
    const before = await call('GET', target());
    const first = await call(
      'PUT',
      target(),
      writable(before, {
        corsConfiguration: { origins: ['https://app.example'], headers: [], methods: ['GET'], maxAge: 600 },
        keyOfTheFuture: { deep: [1] },
        provisioningState: 'Failed',
        eventState: 'Enabled',
        publicNetworkAccess: 'Disabled',
      }),
    );
    assert.equal(first.status, 202);
    assert.deepEqual(await follow(sandbox(), first), ['Requested', 'Running', 'Succeeded']);
    const changed = await call('GET', target());
    assert.deepEqual(below(changed.json, 'properties', 'keyOfTheFuture'), { deep: [1] });
    assert.equal(below(changed.json, 'properties', 'corsConfiguration', 'maxAge'), 600);
    assert.equal(below(changed.json, 'properties', 'provisioningState'), 'Succeeded');
    assert.equal(below(changed.json, 'properties', 'eventState'), 'Disabled');
    assert.equal(below(changed.json, 'properties', 'publicNetworkAccess'), 'Enabled');
    assert.deepEqual(changed.json.identity, before.json.identity);

    const bare = await call('PUT', target(), { location: 'West Europe', kind: 'fhir-R4', properties: {} });
    await follow(sandbox(), bare);
    const reset = await call('GET', target());
    assert.equal(below(reset.json, 'properties', 'keyOfTheFuture'), undefined);
    assert.deepEqual(below(reset.json, 'properties', 'corsConfiguration', 'origins'), []);
    assert.equal(below(reset.json, 'properties', 'corsConfiguration', 'maxAge'), null);
    await follow(sandbox(), await call('PUT', target(), writable(before)));
  });

  it('carries import and export settings to the service itself', async () => {
    const startImport = async () =>
      send(sandbox(), 'POST', `${sandbox().endpointOf('clinical')}/$import`, {
        token: await sandbox().token(sandbox().endpointOf('clinical')),
        body: {},
        headers: { prefer: 'respond-async', accept: 'application/fhir+json', 'content-type': 'application/fhir+json' },
      });
    const create = async () =>
      send(sandbox(), 'POST', `${sandbox().endpointOf('clinical')}/Patient`, {
        token: await sandbox().token(sandbox().endpointOf('clinical')),
        body: { resourceType: 'Patient' },
        headers: { 'content-type': 'application/fhir+json' },
      });
    const before = await call('GET', target());
    const importing = { enabled: true, initialImportMode: true, integrationDataStore: 'contosostaging' };
    await follow(sandbox(), await call('PUT', target(), writable(before, { importConfiguration: importing })));
    assert.equal((await create()).status, 423);

    await follow(sandbox(), await call('PUT', target(), writable(before, { importConfiguration: { enabled: false } })));
    assert.notEqual((await create()).status, 423);
    assert.match((await startImport()).text, /The requested \\"import\\" operation is not enabled/);
    await follow(sandbox(), await call('PUT', target(), writable(before)));
    assert.doesNotMatch((await startImport()).text, /not enabled/);
  });

  it('shows what was configured on the running service, and leaves the etag when nothing of it shows', async () => {
    const read = async () => (await call('GET', target())).json;
    const mode = async () => below(await read(), 'properties', 'importConfiguration', 'initialImportMode');
    sandbox().configure('clinical', { initialImportMode: true });
    assert.equal(await mode(), true);
    sandbox().configure('clinical', { initialImportMode: false });
    assert.equal(await mode(), false);
    const { etag } = await read();
    sandbox().configure('clinical', { importTiming: { fixedMs: 1 } });
    assert.equal((await read()).etag, etag);
  });

  it('takes tokens for the audience that the settings name, and for no other', async () => {
    const before = await call('GET', target());
    const own = sandbox().endpointOf('clinical');
    const custom = 'https://fhir.contoso.example';
    const authenticationConfiguration = { authority: 'https://login.example', audience: custom };
    const read = async (audience: string) =>
      (await send(sandbox(), 'GET', `${own}/Patient/a`, { token: await sandbox().token(audience) })).status;
    const ownToken = await sandbox().token(own);
    await follow(sandbox(), await call('PUT', target(), writable(before, { authenticationConfiguration })));
    assert.equal(await read(custom), 404);
    assert.equal((await send(sandbox(), 'GET', `${own}/Patient/a`, { token: ownToken })).status, 401);
    await follow(sandbox(), await call('PUT', target(), writable(before)));
    assert.equal(await read(own), 404);
  });

  it('refuses a write while another one runs, and while events are being switched', async () => {
    const running = await call('PATCH', target(), { tags: {} });
    const second = await call('PATCH', target(), { tags: { late: 'yes' } });
    assert.equal(second.status, 409);
    assert.equal(errorCode(second), 'Conflict');
    assert.equal((await call('DELETE', target())).status, 409);
    await follow(sandbox(), running);

    await admin(sandbox(), 'POST', '/resources', { id: target(), change: { properties: { eventState: 'Updating' } } });
    const refused = await call('PUT', target(), writable(await call('GET', target())));
    assert.equal(refused.status, 409);
    assert.match(refused.text, /eventing/);
    await admin(sandbox(), 'POST', '/resources', { id: target(), change: { properties: { eventState: 'Disabled' } } });
  });

  it('refuses what does not match the etag, in header and in body', async () => {
    const read = await call('GET', target());
    assert.ok(typeof read.json.etag === 'string');
    const stale = await call('PATCH', target(), { tags: {} }, { 'if-match': '"other"' });
    assert.equal(stale.status, 412);
    assert.equal(errorCode(stale), 'PreconditionFailed');
    assert.equal((await call('PUT', target(), { ...writable(read), etag: '"other"' })).status, 412);
    assert.equal((await call('PUT', target(), writable(read), { 'if-none-match': '*' })).status, 412);
    const right = await call('PATCH', target(), { tags: {} }, { 'if-match': read.json.etag });
    assert.equal(right.status, 202);
    await follow(sandbox(), right);
    assert.notEqual((await call('GET', target())).json.etag, read.json.etag);
  });

  it('gives a new principal with a new system-assigned identity, and takes its roles along when it goes', async () => {
    const before = below((await call('GET', target())).json, 'identity', 'principalId');
    const account = sandbox().resourceIdOf('contosostaging');
    const assigned = async () =>
      (
        await arm(sandbox(), 'GET', `${account}/providers/Microsoft.Authorization/roleAssignments`, {
          apiVersion: '2022-04-01',
        })
      ).text;
    assert.ok((await assigned()).includes(String(before)));
    await follow(sandbox(), await call('PATCH', target(), { identity: { type: 'None' } }));
    assert.ok(!(await assigned()).includes(String(before)));
    await follow(sandbox(), await call('PATCH', target(), { identity: { type: 'SystemAssigned' } }));
    const after = below((await call('GET', target())).json, 'identity', 'principalId');
    assert.match(String(after), /^[0-9a-f-]{36}$/);
    assert.notEqual(after, before);
    assert.equal(errorCode(await call('PATCH', target(), { identity: { type: 'Everything' } })), 'InvalidIdentityType');
  });

  it('makes a workspace and a FHIR service in it, and deletes them in order', async () => {
    const group = target().split('/').slice(0, 5).join('/');
    const made = `${group}/providers/Microsoft.HealthcareApis/workspaces/fresh`;
    const service = `${made}/fhirservices/fresh-fhir`;
    const body = { location: 'westeurope', kind: 'fhir-R4', properties: {} };
    assert.equal(errorCode(await call('PUT', service, body)), 'ParentResourceNotFound');
    const space = await call('PUT', made, { location: 'westeurope', properties: {} });
    assert.equal(space.status, 201);
    assert.equal(below(space.json, 'properties', 'provisioningState'), 'Creating');
    await follow(sandbox(), space);
    const created = await call('PUT', service, body);
    assert.equal(created.status, 201);
    await follow(sandbox(), created);
    const endpoint = sandbox().endpointOf('fresh-fhir');
    assert.equal((await send(sandbox(), 'GET', `${endpoint}/metadata`)).status, 200);

    assert.equal(errorCode(await call('DELETE', made)), 'CannotDeleteResource');
    const gone = await call('DELETE', service);
    assert.equal(gone.status, 202);
    assert.equal(below((await call('GET', service)).json, 'properties', 'provisioningState'), 'Deleting');
    await follow(sandbox(), gone);
    assert.equal((await call('GET', service)).status, 404);
    assert.equal((await call('DELETE', service)).status, 204);
    assert.equal((await send(sandbox(), 'GET', `${endpoint}/metadata`)).status, 404);
    await follow(sandbox(), await call('DELETE', made));
  });

  it('refuses bodies that break the schema', async () => {
    const good = writable(await call('GET', target()));
    const cases: readonly (readonly [unknown, number, string])[] = [
      [{ ...good, location: 'northeurope' }, 409, 'InvalidResourceLocation'],
      [{ ...good, kind: 'fhir-Stu3' }, 409, 'Conflict'],
      [{ ...good, kind: 'fhir-R6' }, 400, 'BadRequest'],
      [{ kind: 'fhir-R4' }, 400, 'LocationRequired'],
      [{ ...good, surprise: 1 }, 400, 'InvalidRequestContent'],
      [{ ...good, properties: { corsConfiguration: { maxAge: 100_000 } } }, 400, 'BadRequest'],
      [[], 400, 'InvalidRequestContent'],
    ];
    for (const [body, status, code] of cases) {
      const reply = await call('PUT', target(), body);
      assert.deepEqual([reply.status, errorCode(reply)], [status, code], JSON.stringify(body));
    }
    const newGen1 = source().replace(/contoso$/, 'another');
    assert.equal((await call('PUT', newGen1, { location: 'westeurope', kind: 'fhir-R4' })).status, 400);
  });

  it('obeys locks: ReadOnly forbids writes and deletes, CanNotDelete only deletes', async () => {
    const lock = `${workspace()}/providers/Microsoft.Authorization/locks/keep`;
    const set = (level: string) =>
      arm(sandbox(), 'PUT', lock, { body: { properties: { level } }, apiVersion: '2020-05-01' });
    assert.equal((await set('ReadOnly')).status, 201);
    assert.equal(errorCode(await call('PATCH', target(), { tags: {} })), 'ScopeLocked');
    assert.equal((await set('CanNotDelete')).status, 200);
    assert.equal(errorCode(await call('DELETE', target())), 'ScopeLocked');
    await follow(sandbox(), await call('PATCH', target(), { tags: {} }));
    const listed = await arm(sandbox(), 'GET', `${target()}/providers/Microsoft.Authorization/locks`, {
      apiVersion: '2020-05-01',
    });
    assert.match(listed.text, /"CanNotDelete"/);
    assert.equal((await arm(sandbox(), 'DELETE', lock, { apiVersion: '2020-05-01' })).status, 200);
  });

  it('wants an api-version that it has, and ignores case and doubled slashes', async () => {
    assert.equal(errorCode(await arm(sandbox(), 'GET', target(), { apiVersion: '' })), 'MissingApiVersionParameter');
    assert.equal(
      errorCode(await arm(sandbox(), 'GET', target(), { apiVersion: '2031-01-01' })),
      'NoRegisteredProviderFound',
    );
    const odd = `/${target().toUpperCase().replace('/PROVIDERS/', '//providers/')}`;
    const { status, json } = await call('GET', odd);
    assert.equal(status, 200);
    assert.equal(json.id, target());
  });
});
