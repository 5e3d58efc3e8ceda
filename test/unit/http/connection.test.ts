import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type Connection, createConnection, type HttpRequest } from '../../../src/http/connection.ts';
import {
  type FakeAnswer,
  failureOf,
  fakeClock,
  type FakeHttp,
  fakeHttp,
  fakeLog,
  fakeTokens,
  never,
} from './fakeHttp.ts';

const get: HttpRequest = { method: 'GET', path: '/Patient/p1', template: '/{type}/{id}', retry: 'idempotent' };

function connect(
  answers: Parameters<typeof fakeHttp>[0],
  more: {
    readonly endpoint?: string;
    readonly attempts?: number;
    readonly patienceMs?: number;
    readonly names?: boolean;
  } = {},
): {
  connection: Connection;
  http: FakeHttp;
  clock: ReturnType<typeof fakeClock>;
  tokens: ReturnType<typeof fakeTokens>;
  log: ReturnType<typeof fakeLog>;
} {
  const http = fakeHttp(answers);
  const clock = fakeClock();
  const tokens = fakeTokens();
  const log = fakeLog();
  const connection = createConnection({
    name: 'contoso',
    endpoint: more.endpoint ?? 'https://contoso.azurehealthcareapis.com',
    auth: { tokens, audience: 'https://contoso.azurehealthcareapis.com/', tenantId: 'tenant-1' },
    userAgent: 'agent/1.0',
    correlationHeader: 'x-correlation-id',
    httpClient: http,
    clock,
    random: () => 0,
    log,
    nameProbe: (host) => Promise.resolve(more.names === true && host.startsWith('login.')),
    attempts: more.attempts,
    patienceMs: more.patienceMs,
  });
  return { connection, http, clock, tokens, log };
}

describe('A connection to a service', () => {
  it('signs, names itself and carries a correlation id', async () => {
    const { connection, http, tokens } = connect([{ body: 'hello', headers: { 'x-request-id': 'r-7' } }]);
    const answer = await connection.send({ ...get, query: [['_lastUpdated', 'ge2026-01-01T00:00:00.000Z']] }, never);
    assert.equal(answer.text, 'hello');
    assert.equal(answer.requestId, 'r-7');
    assert.deepEqual(tokens.asked, [
      { scope: 'https://contoso.azurehealthcareapis.com/.default', tenantId: 'tenant-1' },
    ]);
    const [sent] = http.sent;
    assert.equal(sent?.headers.authorization, 'Bearer token-1');
    assert.equal(sent.headers['user-agent'], 'agent/1.0');
    assert.equal(sent.headers['accept-encoding'], 'identity');
    assert.match(sent.headers['x-correlation-id'] ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(sent.url.searchParams.get('_lastUpdated'), 'ge2026-01-01T00:00:00.000Z');
  });

  it('sends no token where none is wanted', async () => {
    const { connection, http, tokens } = connect([{}]);
    await connection.send({ ...get, anonymous: true }, never);
    assert.equal(http.sent[0]?.headers.authorization, undefined);
    assert.equal(tokens.asked.length, 0);
  });

  it('writes one debug line for each attempt, without query, ids or tokens', async () => {
    const { connection, log } = connect([{ status: 503 }, { body: '12345' }]);
    await connection.send({ ...get, query: [['name', 'Canary']] }, never);
    const lines = log.lines.filter(({ level }) => level === 'debug');
    assert.deepEqual(
      lines.map(({ fields: { status, attempt, path, bytes } }) => ({ status, attempt, path, bytes })),
      [
        { status: 503, attempt: 1, path: '/{type}/{id}', bytes: 0 },
        { status: 200, attempt: 2, path: '/{type}/{id}', bytes: 5 },
      ],
    );
    assert.doesNotMatch(JSON.stringify(log.lines), /Canary|p1|token-/);
  });

  it('tells of the load that every attempt shows, to whoever watches', async () => {
    const busy = { status: 429, headers: { 'x-ms-retry-after-ms': '250' } };
    const { connection } = connect([busy, { headers: { 'x-ms-request-charge': '12.5' } }, {}]);
    const seen: unknown[] = [];
    const stop = connection.watchLoad(({ request, throttled, retryAfterMs, charge }) =>
      seen.push({ request, throttled, retryAfterMs, charge }),
    );
    await connection.send(get, never);
    stop();
    await connection.send(get, never);
    const request = 'GET /{type}/{id}';
    assert.deepEqual(seen, [
      { request, throttled: true, retryAfterMs: 250, charge: undefined },
      { request, throttled: false, retryAfterMs: undefined, charge: 12.5 },
    ]);
  });

  describe('repeats', () => {
    const waiting: readonly (readonly [string, FakeAnswer, number])[] = [
      ['429 with milliseconds', { status: 429, headers: { 'x-ms-retry-after-ms': '250', 'retry-after': '9' } }, 250],
      ['429 with seconds', { status: 429, headers: { 'retry-after': '9' } }, 9_000],
      ['429 with a date', { status: 429, headers: { 'retry-after': 'Mon, 23 Nov 2026 10:00:20 GMT' } }, 20_000],
      ['429 with garbage', { status: 429, headers: { 'retry-after': 'soon' } }, 500],
      ['503 without advice', { status: 503 }, 500],
      ['a request timeout', { status: 408 }, 500],
      ['an inner error', { status: 500 }, 500],
      ['a bad gateway', { status: 502 }, 500],
      ['a gateway timeout', { status: 504 }, 500],
      ['a lost connection', { error: 'ECONNRESET' }, 500],
      ['an answer that ends half-way', { body: Readable.from(halfWay()) }, 500],
    ];
    for (const [name, first, wait] of waiting)
      it(name, async () => {
        const { connection, http, clock } = connect([first, { body: 'ok' }]);
        assert.equal((await connection.send(get, never)).text, 'ok');
        assert.deepEqual(clock.waits, [wait]);
        assert.equal(http.sent.length, 2);
      });

    for (const status of [400, 401, 403, 404, 405, 409, 410, 412, 413, 423, 424, 501])
      it(`but not ${status}`, async () => {
        const { connection, clock } = connect([{ status }]);
        assert.equal((await connection.send(get, never)).status, status);
        assert.deepEqual(clock.waits, []);
      });

    it('a few times only, and gives the last answer', async () => {
      const { connection, http } = connect([{ status: 503, body: 'busy' }]);
      const answer = await connection.send(get, never);
      assert.deepEqual([answer.status, answer.text, http.sent.length], [503, 'busy', 4]);
    });

    it('no longer than its patience, and then tells what the server asked', async () => {
      const { connection, http } = connect([{ status: 429, headers: { 'retry-after': '40' } }], { patienceMs: 60_000 });
      const answer = await connection.send(get, never);
      assert.deepEqual([answer.retryAfterMs, http.sent.length], [40_000, 2]);
    });

    it('not an answer that is final', async () => {
      const { connection, http } = connect([{ status: 500, body: 'export operation failed for reason: x' }]);
      await connection.send({ ...get, isFinal: ({ text }) => text.includes('failed for reason') }, never);
      assert.equal(http.sent.length, 1);
    });

    it('what is not idempotent only when it was refused or never sent', async () => {
      for (const [answer, sent] of [
        [{ status: 429 }, 4],
        [{ status: 503 }, 1],
        [{ error: 'ECONNREFUSED' }, 4],
        [{ error: 'ECONNRESET' }, 1],
      ] as const) {
        const { connection, http } = connect([answer]);
        await connection.send({ ...get, retry: 'ifRefused' }, never).catch(() => undefined);
        assert.equal(http.sent.length, sent, JSON.stringify(answer));
      }
    });

    it('what makes a new job each time only when it was never sent', async () => {
      for (const [answer, sent] of [
        [{ status: 429 }, 1],
        [{ status: 503 }, 1],
        [{ error: 'ECONNRESET' }, 1],
        [{ error: 'EPIPE' }, 1],
        [{ error: 'ETIMEDOUT' }, 1],
        [{ error: 'ECONNREFUSED' }, 4],
        [{ error: 'EAI_AGAIN' }, 4],
      ] as const) {
        const { connection, http } = connect([answer]);
        await connection.send({ ...get, retry: 'ifUnsent' }, never).catch(() => undefined);
        assert.equal(http.sent.length, sent, JSON.stringify(answer));
      }
    });
  });

  describe('after a 401', () => {
    it('asks once for another token and goes on', async () => {
      const { connection, http, tokens } = connect([{ status: 401 }, { body: 'ok' }]);
      assert.equal((await connection.send(get, never)).text, 'ok');
      assert.deepEqual(tokens.asked[1]?.refused, 'token-1');
      assert.deepEqual(
        http.sent.map(({ headers }) => headers.authorization),
        ['Bearer token-1', 'Bearer token-2'],
      );
    });

    it('passes a claims challenge on once', async () => {
      const challenge = 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="';
      const { connection, http, tokens } = connect([{ status: 401, headers: { 'www-authenticate': challenge } }]);
      assert.equal((await connection.send(get, never)).status, 401);
      assert.equal(http.sent.length, 2);
      assert.deepEqual(
        tokens.asked.map(({ claims }) => claims),
        [undefined, 'eyJhY2Nlc3NfdG9rZW4iOnt9fQ=='],
      );
    });

    it('passes on nothing that is no challenge', async () => {
      for (const challenge of [
        'Bearer error="invalid_token", claims="eyJhIjp7fX0="',
        'Bearer error="insufficient_claims", claims="not base64!"',
        `Bearer error="insufficient_claims", claims="${'A'.repeat(20_000)}"`,
      ]) {
        const { connection, tokens } = connect([{ status: 401, headers: { 'www-authenticate': challenge } }]);
        await connection.send(get, never);
        assert.deepEqual(
          tokens.asked.map(({ claims }) => claims),
          [undefined, undefined],
        );
      }
    });

    it('is not sent again with the same token', async () => {
      const http = fakeHttp([{ status: 401 }]);
      const connection = createConnection({
        name: 'contoso',
        endpoint: 'https://contoso.example',
        auth: {
          tokens: { getToken: () => Promise.resolve({ token: 'same', expiresAt: 0 }) },
          audience: 'https://contoso.example',
        },
        userAgent: 'a',
        correlationHeader: 'c',
        httpClient: http,
      });
      assert.equal((await connection.send(get, never)).status, 401);
      assert.equal(http.sent.length, 1);
    });
  });

  describe('stays with its service', () => {
    for (const status of [301, 302, 303, 307, 308])
      it(`and does not follow a ${status}`, async () => {
        const { connection, http } = connect([{ status, headers: { location: 'https://evil.example/Patient' } }]);
        const failure = await failureOf(connection.send({ ...get, method: 'POST', body: 'secret body' }, never));
        assert.equal(failure.kind, 'unexpectedAnswer');
        assert.match(failure.message, /contoso\.azurehealthcareapis\.com.*evil\.example/);
        assert.deepEqual(
          http.sent.map(({ url }) => url.host),
          ['contoso.azurehealthcareapis.com'],
        );
      });

    it('and does not follow a redirect to itself either', async () => {
      const { connection, http } = connect([{ status: 302, headers: { location: '/elsewhere' } }]);
      assert.equal((await failureOf(connection.send(get, never))).kind, 'unexpectedAnswer');
      assert.equal(http.sent.length, 1);
    });

    const base = 'https://host.example/fhir/one';
    for (const address of [
      'https://evil.example/fhir/one/Patient',
      'https://host.example.evil.example/fhir/one/Patient',
      'https://host.example@evil.example/fhir/one/Patient',
      'https://user:pass@host.example/fhir/one/Patient',
      'https://host.example:8443/fhir/one/Patient',
      'http://host.example/fhir/one/Patient',
      'https://host.example/fhir/two/Patient',
      'https://host.example/fhir/onemore/Patient',
      'https://host.example/fhir/one/../two/Patient',
      'https://host.example/fhir/one/%2e%2e/two/Patient',
      'https://host.example/fhir/one/..%2ftwo/Patient',
      'https://host.example/fhir/one/..%5Ctwo/Patient',
      'https://127.0.0.1/fhir/one/Patient',
      'file:///etc/passwd',
      'data:text/plain,hello',
    ])
      it(`and sends nothing, no token, to ${address}`, async () => {
        const { connection, http, tokens } = connect([{}], { endpoint: base });
        assert.equal((await failureOf(connection.send({ ...get, path: address }, never))).kind, 'unexpectedAnswer');
        assert.equal(http.sent.length, 0);
        assert.equal(tokens.asked.length, 0);
      });

    it('and takes an address below its base path', async () => {
      const { connection, http } = connect([{}], { endpoint: base });
      await connection.send({ ...get, path: 'https://host.example/fhir/one?ct=abc%3D' }, never);
      assert.equal(http.sent[0]?.url.href, 'https://host.example/fhir/one?ct=abc%3D');
    });

    for (const endpoint of [
      'http://host.example',
      'https://host.example?x=1',
      'https://u:p@host.example',
      'host',
      'https://host.example#x',
      '',
    ])
      it(`and takes no address like "${endpoint}" for one`, () => {
        assert.throws(() => connect([{}], { endpoint }), { name: 'FailureError' });
      });
  });

  describe('keeps limits', () => {
    it('of announced sizes before reading', async () => {
      const { connection } = connect([{ headers: { 'content-length': '99999999999' }, body: 'x' }]);
      assert.match((await failureOf(connection.send(get, never))).message, /limit of 64 MB/);
    });

    it('of endless bodies while reading, in little memory', async () => {
      let produced = 0;
      const endless = new Readable({
        read() {
          produced += 1_048_576;
          this.push(Buffer.alloc(1_048_576, 120));
        },
      });
      const { connection } = connect([{ body: endless }]);
      const failure = await failureOf(connection.send({ ...get, maxBytes: 8 * 1_048_576 }, never));
      assert.equal(failure.kind, 'unexpectedAnswer');
      assert.ok(produced <= 16 * 1_048_576, `${produced} bytes were read`);
      assert.ok(endless.destroyed);
    });

    it('and refuses compression that was not asked for', async () => {
      const { connection } = connect([{ headers: { 'content-encoding': 'gzip' }, body: 'bomb' }]);
      assert.match((await failureOf(connection.send(get, never))).message, /compressed/);
    });

    it('of time for the headers', async () => {
      const { connection } = connect(() => new Promise(() => undefined), { attempts: 1 });
      const failure = await failureOf(connection.send({ ...get, deadlineMs: 20 }, never));
      assert.deepEqual([failure.kind, failure.code], ['network', 'DEADLINE']);
    });

    it('of time only for what does not move: a slow body is read to its end', async () => {
      async function* slow(): AsyncGenerator<Buffer> {
        for (let n = 0; n < 30; n += 1) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          yield Buffer.from('x');
        }
      }
      const { connection } = connect([{ body: Readable.from(slow()) }], { attempts: 1 });
      assert.equal((await connection.send({ ...get, deadlineMs: 200 }, never)).text.length, 30);
    });

    it('of time for the body', async () => {
      const { connection } = connect([{ body: new Readable({ read: () => undefined }) }], { attempts: 1 });
      assert.equal((await failureOf(connection.send({ ...get, deadlineMs: 20 }, never))).code, 'DEADLINE');
    });
  });

  describe('can be stopped', () => {
    it('before it sends', async () => {
      const { connection, http } = connect([{}]);
      assert.equal((await failureOf(connection.send(get, AbortSignal.abort()))).kind, 'cancelled');
      assert.equal(http.sent.length, 0);
    });

    it('while it waits for an answer', async () => {
      const stop = new AbortController();
      const { connection } = connect(() => {
        stop.abort();
        return new Promise(() => undefined);
      });
      assert.equal((await failureOf(connection.send(get, stop.signal))).kind, 'cancelled');
    });

    it('while it waits to try again', async () => {
      const stop = new AbortController();
      const { connection, http } = connect(() => {
        queueMicrotask(() => stop.abort());
        return { status: 503 };
      });
      assert.equal((await failureOf(connection.send(get, stop.signal))).kind, 'cancelled');
      assert.equal(http.sent.length, 1);
    });
  });

  describe('explains the network', () => {
    const cases: readonly (readonly [string, string, boolean, string, RegExp])[] = [
      ['a refused connection', 'ECONNREFUSED', false, 'network', /refused the connection/],
      ['an unknown name while offline', 'ENOTFOUND', false, 'network', /could not be resolved/],
      ['an unknown name of a retired service', 'ENOTFOUND', true, 'retired', /no longer exists/],
      ['an untrusted certificate', 'SELF_SIGNED_CERT_IN_CHAIN', false, 'network', /certificate/],
      ['headers without end', 'HPE_HEADER_OVERFLOW', false, 'unexpectedAnswer', /headers/],
    ];
    for (const [name, error, names, kind, words] of cases)
      it(name, async () => {
        const { connection } = connect([{ error }], { names, attempts: 1 });
        const failure = await failureOf(connection.send(get, never));
        assert.equal(failure.kind, kind);
        assert.match(failure.message, words);
        assert.doesNotMatch(JSON.stringify(failure), /p1/);
      });

    it('and takes a missing name elsewhere for what it is', async () => {
      const { connection } = connect([{ error: 'ENOTFOUND' }], {
        names: true,
        attempts: 1,
        endpoint: 'https://fhir.example.org',
      });
      assert.equal((await failureOf(connection.send(get, never))).kind, 'network');
    });

    it('and does not repeat an untrusted certificate', async () => {
      const { connection, http } = connect([{ error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }]);
      await failureOf(connection.send(get, never));
      assert.equal(http.sent.length, 1);
    });
  });
});

function* halfWay(): Generator<Buffer> {
  yield Buffer.from('{"resourceType":');
  throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}
