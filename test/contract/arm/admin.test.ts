import assert from 'node:assert/strict';
import { isJsonObject } from '../../sandbox/http.ts';
import { admin, arm, send, useSandbox } from './fixture.ts';

describe('the admin endpoint', () => {
  const sandbox = useSandbox({ clockFactor: 0, startAt: Date.UTC(2026, 4, 4) });

  it('sets faults, shows what is left of them, and clears them', async () => {
    const fault = { service: 'contoso', path: '^/metadata', count: 2, effect: { kind: 'status', status: 503 } };
    assert.equal((await admin(sandbox(), 'POST', '/faults', fault)).status, 204);
    const ask = () => send(sandbox(), 'GET', `${sandbox().endpointOf('contoso')}/metadata`);
    assert.equal((await ask()).status, 503);
    assert.deepEqual(JSON.parse((await admin(sandbox(), 'GET', '/faults')).text), [{ ...fault, left: 1 }]);
    await admin(sandbox(), 'DELETE', '/faults');
    assert.equal((await ask()).status, 200);
  });

  it('takes job faults, moves the clock, and shows jobs and counters', async () => {
    const effect = { kind: 'fail', status: 500, reason: 'Unknown Error.' };
    const fault = { service: 'contoso', operation: 'export', count: 1, effect };
    assert.equal((await admin(sandbox(), 'POST', '/job-faults', fault)).status, 204);
    const timing = { exportTiming: { fixedMs: 60_000 } };
    assert.equal((await admin(sandbox(), 'POST', '/services/contoso', timing)).status, 204);
    const endpoint = sandbox().endpointOf('contoso');
    const token = await sandbox().token(endpoint);
    const headers = { prefer: 'respond-async', accept: 'application/fhir+json' };
    const started = await send(sandbox(), 'GET', `${endpoint}/$export`, { token, headers });
    const status = () => send(sandbox(), 'GET', started.headers['content-location'] ?? '', { token });
    assert.equal((await status()).status, 202);
    const before = (await admin(sandbox(), 'GET', '/clock')).json.now;
    assert.equal(before, Date.UTC(2026, 4, 4));
    const moved = await admin(sandbox(), 'POST', '/clock', { advanceMs: 3_600_000 });
    assert.equal(moved.json.now, Date.UTC(2026, 4, 4, 1));
    let ended = await status();
    while (ended.status === 202) ended = await status();
    assert.equal(ended.status, 500);
    const { contoso } = (await admin(sandbox(), 'GET', '/jobs?service=contoso')).json;
    assert.ok(Array.isArray(contoso) && isJsonObject(contoso[0]));
    assert.deepEqual([contoso.length, contoso[0].operation], [1, 'export']);
    assert.equal((await admin(sandbox(), 'GET', '/counters?service=contoso')).json['GET $export'], 1);
    await admin(sandbox(), 'DELETE', '/counters');
    assert.deepEqual((await admin(sandbox(), 'GET', '/counters')).json, {});
  });

  it('changes a service while it runs', async () => {
    const read = async () => {
      const endpoint = sandbox().endpointOf('contoso');
      return (await send(sandbox(), 'GET', `${endpoint}/Patient/a`, { token: await sandbox().token(endpoint) })).status;
    };
    assert.equal(await read(), 404);
    await admin(sandbox(), 'POST', '/services/clinical', { importEnabled: false });
    const { json } = await arm(sandbox(), 'GET', sandbox().resourceIdOf('clinical'));
    assert.ok(isJsonObject(json.properties) && isJsonObject(json.properties.importConfiguration));
    assert.equal(json.properties.importConfiguration.enabled, false);
  });

  it('tells the state of everything', async () => {
    const { json } = await admin(sandbox(), 'GET', '/state');
    assert.ok(Array.isArray(json.services) && isJsonObject(json.services[0]));
    assert.equal(json.services[0].endpoint, sandbox().endpointOf('contoso'));
    assert.deepEqual(json.services[0].size, { current: 0, versions: 0 });
  });

  it('makes principals with roles, and expires tokens', async () => {
    const roles = [{ role: 'Reader', at: 'contoso' }];
    const { json } = await admin(sandbox(), 'POST', '/principals', { roles });
    assert.equal(typeof json.clientSecret, 'string');
    const token = await sandbox().token(sandbox().armEndpoint);
    const read = () => arm(sandbox(), 'GET', sandbox().resourceIdOf('contoso'), { token });
    assert.equal((await read()).status, 200);
    assert.equal((await admin(sandbox(), 'DELETE', '/tokens')).status, 204);
    assert.equal((await read()).status, 401);
  });

  for (const [method, path, body] of [
    ['POST', '/faults', { service: 'contoso', path: '(', count: 1, effect: { kind: 'drop' } }],
    ['POST', '/faults', { service: 'contoso', path: '.', count: 1, effect: { kind: 'explode' } }],
    ['POST', '/job-faults', { service: 'contoso', operation: 'export', count: 0, effect: { kind: 'stuck' } }],
    ['POST', '/services/nobody', { deprecated: true }],
    ['POST', '/services/contoso', { flavour: 'ahds' }],
    ['POST', '/clock', { advanceMs: -1 }],
    ['POST', '/principals', { roles: [{ role: 'King', at: 'contoso' }] }],
    ['POST', '/resources', { id: '/nowhere', change: {} }],
  ] as const) {
    it(`refuses ${method} ${path} ${JSON.stringify(body)}`, async () => {
      const reply = await admin(sandbox(), method, path, body);
      assert.equal(reply.status, 400);
      assert.equal(typeof reply.json.error, 'string');
    });
  }

  it('takes nothing but JSON, so that no web page can post to it unasked', async () => {
    const reply = await send(sandbox(), 'POST', `${sandbox().adminEndpoint}/clock`, {
      body: { advanceMs: 1 },
      headers: { 'content-type': 'text/plain' },
    });
    assert.equal(reply.status, 400);
  });
});
