import assert from 'node:assert/strict';
import { Agent, get } from 'node:https';
import type { Fault } from '../../sandbox/contract.ts';
import { send, useSandbox } from './fixture.ts';

describe('faults by route', () => {
  const sandbox = useSandbox();
  const metadata = () => `${sandbox().endpointOf('contoso')}/metadata`;
  const ask = (url = metadata()) => send(sandbox(), 'GET', url);
  const arm = (effect: Fault['effect'], more: Partial<Fault> = {}) =>
    sandbox().addFault({ service: 'contoso', path: '^/metadata', count: 1, effect, ...more });
  afterEach(() => sandbox().clearFaults());

  it('answer with a status, headers and a body of their own, after letting some through, until used up', async () => {
    const effect = { kind: 'status', status: 429, headers: { 'retry-after': '7' }, body: '{"busy":true}' } as const;
    arm(effect, { skip: 1, count: 2 });
    const statuses: number[] = [];
    for (let request = 0; request < 4; request += 1) statuses.push((await ask()).status);
    assert.deepEqual(statuses, [200, 429, 429, 200]);
    arm(effect);
    const { headers, text } = await ask();
    assert.equal(headers['retry-after'], '7');
    assert.equal(text, '{"busy":true}');
  });

  it('meet only the service, method and path that they are for', async () => {
    const effect = { kind: 'status', status: 503 } as const;
    arm(effect, { service: 'clinical' });
    arm(effect, { method: 'POST' });
    arm(effect, { path: '^/metadata\\?mode=full' });
    assert.equal((await ask()).status, 200);
    assert.equal((await ask(`${metadata()}?mode=full`)).status, 503);
    assert.equal((await ask(`${sandbox().endpointOf('clinical')}/metadata`)).status, 503);
    sandbox().addFault({ service: '*', path: '.', count: 1, effect });
    assert.equal((await ask()).status, 503);
    sandbox().addFault({ service: 'arm', path: '/subscriptions', count: 1, effect });
    assert.equal((await ask(`${sandbox().armEndpoint}//subscriptions?api-version=2022-12-01`)).status, 503);
    sandbox().addFault({ service: 'login', path: 'openid-configuration', count: 1, effect });
    const configuration = `${sandbox().loginEndpoint}/${sandbox().tenantId}/v2.0/.well-known/openid-configuration`;
    assert.equal((await ask(configuration)).status, 503);
    assert.equal((await ask(configuration)).status, 200);
  });

  async function createPatient(): Promise<number> {
    const url = `${sandbox().endpointOf('contoso')}/Patient`;
    const token = await sandbox().token(sandbox().endpointOf('contoso'));
    const headers = { 'content-type': 'application/fhir+json' };
    return (await send(sandbox(), 'POST', url, { token, headers, body: { resourceType: 'Patient' } })).status;
  }

  it('drop a request before it is handled, and lose the reply of one that was', async () => {
    const size = () => sandbox().store('contoso').size.current;
    arm({ kind: 'drop' }, { path: '^/Patient' });
    await assert.rejects(createPatient());
    assert.equal(size(), 0);
    arm({ kind: 'lostReply' }, { path: '^/Patient' });
    await assert.rejects(createPatient());
    assert.equal(size(), 1);
    assert.equal(await createPatient(), 201);
    assert.equal(size(), 2);
  });

  it('break an answer off half-way', async () => {
    const whole = (await ask()).text.length;
    arm({ kind: 'truncate' });
    const received = await new Promise<number>((resolve, reject) => {
      get(metadata(), { ca: sandbox().certificateAuthority, agent: false }, (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.once('end', () => reject(new Error('The answer came to an end.')));
        response.once('error', () => resolve(bytes));
      }).once('error', reject);
    });
    assert.ok(received > 0 && received < whole, `${received} of ${whole}`);
  });

  it('send the second half of an answer later, and all of it', async () => {
    const { text } = await ask();
    arm({ kind: 'slow', ms: 50 });
    assert.equal((await ask()).text.length, text.length);
  });

  it('send a client elsewhere', async () => {
    arm({ kind: 'redirect', location: 'https://elsewhere.example/metadata', status: 307 });
    const { status, headers } = await ask();
    assert.deepEqual([status, headers.location], [307, 'https://elsewhere.example/metadata']);
  });

  it('stream as many bytes as wanted, and stop when the client goes away', async () => {
    arm({ kind: 'hugeBody', bytes: 3_000_000 });
    assert.equal((await ask()).text.length, 3_000_000);
    arm({ kind: 'hugeBody', bytes: 1e15 });
    await new Promise<void>((resolve, reject) => {
      const request = get(metadata(), { ca: sandbox().certificateAuthority, agent: false }, (response) => {
        response.once('data', () => {
          request.destroy();
          resolve();
        });
      });
      request.once('error', reject);
    });
    assert.equal((await ask()).status, 200);
  });

  it('leave a connection that is kept open in order', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: sandbox().certificateAuthority });
    const ports = new Set<number | undefined>();
    try {
      for (let request = 0; request < 3; request += 1) {
        await new Promise<void>((resolve, reject) => {
          get(metadata(), { agent }, (response) => {
            ports.add(response.socket.localPort);
            response.resume().once('end', resolve);
          }).once('error', reject);
        });
      }
    } finally {
      agent.destroy();
    }
    assert.equal(ports.size, 1);
  });
});

describe('the server', () => {
  const sandbox = useSandbox({ clockFactor: 0, startAt: Date.UTC(2026, 4, 4, 10, 11, 12) });

  it('counts requests by kind and service, and forgets them on request', async () => {
    sandbox().resetCounters();
    const endpoint = sandbox().endpointOf('contoso');
    const token = await sandbox().token(endpoint);
    const paths = [
      '/metadata',
      '/metadata',
      '/Patient?_summary=count',
      '/Patient/a',
      '/_history?_count=1',
      '/_operations/export/1',
    ];
    for (const path of paths) await send(sandbox(), 'GET', `${endpoint}${path}`, { token });
    await send(sandbox(), 'GET', `${endpoint}/$export`, { token });
    await send(sandbox(), 'GET', `${sandbox().armEndpoint}/tenants?api-version=2022-12-01`);
    assert.deepEqual(sandbox().counters('contoso'), {
      'GET metadata': 2,
      'GET count': 1,
      'GET read': 1,
      'GET history': 1,
      'GET export status': 1,
      'GET $export': 1,
    });
    assert.deepEqual(sandbox().counters('arm'), { 'ARM GET': 1 });
    assert.equal(sandbox().counters()['ARM GET'], 1);
    sandbox().resetCounters();
    assert.deepEqual(sandbox().counters(), {});
  });

  it("shows the sandbox's time in Date and a new id with every answer", async () => {
    const ask = () => send(sandbox(), 'GET', `${sandbox().endpointOf('contoso')}/metadata`);
    const [one, two] = [await ask(), await ask()];
    assert.equal(one.headers.date, 'Mon, 04 May 2026 10:11:12 GMT');
    assert.match(one.headers['x-request-id'] ?? '', /^[0-9a-f-]{36}$/);
    assert.notEqual(one.headers['x-request-id'], two.headers['x-request-id']);
    sandbox().clock.advance(60_000);
    assert.equal((await ask()).headers.date, 'Mon, 04 May 2026 10:12:12 GMT');
  });

  it('answers 404 where nothing is, 413 to a body beyond its limit, and goes on', async () => {
    assert.equal((await send(sandbox(), 'GET', `${sandbox().origin}/nothing`)).status, 404);
    assert.equal((await send(sandbox(), 'GET', `${sandbox().origin}/fhir/nobody/metadata`)).status, 404);
    const token = await sandbox().token(sandbox().endpointOf('contoso'));
    const body = { resourceType: 'Patient', text: 'x'.repeat(65 * 1024 * 1024) };
    const url = `${sandbox().endpointOf('contoso')}/Patient`;
    assert.equal((await send(sandbox(), 'POST', url, { token, body })).status, 413);
    assert.equal((await send(sandbox(), 'GET', `${sandbox().endpointOf('contoso')}/metadata`)).status, 200);
  });
});
