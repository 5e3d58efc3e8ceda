import assert from 'node:assert/strict';
import { publicCloud, usGovernmentCloud } from '../../../src/azure/clouds.ts';
import { commandTokens } from '../../../src/azure/commandTokens.ts';
import { openStaging } from '../../../src/azure/staging.ts';
import { audiencesOf, separateAudiences } from '../../../src/azure/tokenAudience.ts';
import { cacheTokens } from '../../../src/azure/tokenCache.ts';
import type { AccessToken, TokenRequest, TokenSource } from '../../../src/azure/tokens.ts';
import { createFhirClient } from '../../../src/fhir/fhirClient.ts';
import { count } from '../../../src/fhir/count.ts';
import { failureOf, fakeClock, fakeHttp, never } from '../http/fakeHttp.ts';

const jwt = (claims: object) => `${base64({ alg: 'none' })}.${base64(claims)}.c2lnbmF0dXJl`;
const base64 = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
const storage = { scope: 'https://storage.azure.com/.default', tenantId: 't1' };
const arm = { scope: 'https://management.core.windows.net/.default', tenantId: 't1' };
const fixed = (token: string): TokenSource => ({ getToken: () => Promise.resolve({ token, expiresAt: 9e15 }) });

/** A source whose answers are given one by one. */
function manual(): {
  source: TokenSource;
  asked: TokenRequest[];
  give: (token: string, expiresAt: number) => void;
  fail: () => void;
} {
  const asked: TokenRequest[] = [];
  const open: { resolve: (token: AccessToken) => void; reject: (error: Error) => void }[] = [];
  return {
    asked,
    source: {
      getToken(request) {
        asked.push(request);
        return new Promise((resolve, reject) => open.push({ resolve, reject }));
      },
    },
    give: (token, expiresAt) => open.shift()?.resolve({ token, expiresAt }),
    fail: () => open.shift()?.reject(new Error('no')),
  };
}

describe('Kept tokens', () => {
  const hour = 3_600_000;

  it('are asked for once by many at the same time, and kept for each tenant and audience', async () => {
    const clock = fakeClock();
    const { source, asked, give } = manual();
    const cached = cacheTokens(source, clock);
    const all = [cached.getToken(storage, never), cached.getToken(storage, never), cached.getToken(storage, never)];
    give('one', clock.now() + hour);
    assert.deepEqual(
      (await Promise.all(all)).map(({ token }) => token),
      ['one', 'one', 'one'],
    );
    assert.equal(asked.length, 1);
    const other = cached.getToken({ ...storage, tenantId: 't2' }, never);
    give('two', clock.now() + hour);
    assert.equal((await other).token, 'two');
    assert.equal((await cached.getToken(storage, never)).token, 'one');
    assert.equal(asked.length, 2);
  });

  it('are renewed before they expire', async () => {
    const clock = fakeClock();
    const { source, asked, give } = manual();
    const cached = cacheTokens(source, clock);
    const first = cached.getToken(storage, never);
    give('one', clock.now() + hour);
    await first;
    await clock.sleep(hour - 6 * 60_000, never);
    assert.equal((await cached.getToken(storage, never)).token, 'one');
    await clock.sleep(2 * 60_000, never);
    const second = cached.getToken(storage, never);
    give('two', clock.now() + hour);
    assert.equal((await second).token, 'two');
    assert.equal(asked.length, 2);
  });

  it('are used for a while even when they live only a minute', async () => {
    const clock = fakeClock();
    const { source, give } = manual();
    const cached = cacheTokens(source, clock);
    const first = cached.getToken(storage, never);
    give('short', clock.now() + 60_000);
    await first;
    assert.equal((await cached.getToken(storage, never)).token, 'short');
  });

  it('are not given again once refused, and one renewal serves all', async () => {
    const clock = fakeClock();
    const { source, asked, give } = manual();
    const cached = cacheTokens(source, clock);
    const first = cached.getToken(storage, never);
    give('one', clock.now() + hour);
    await first;
    const again = [
      cached.getToken({ ...storage, refused: 'one' }, never),
      cached.getToken({ ...storage, refused: 'one' }, never),
    ];
    give('two', clock.now() + hour);
    assert.deepEqual(
      (await Promise.all(again)).map(({ token }) => token),
      ['two', 'two'],
    );
    assert.equal((await cached.getToken({ ...storage, refused: 'one' }, never)).token, 'two');
    assert.equal(asked.length, 2);
  });

  it('are always asked for with a claims challenge', async () => {
    const { source, asked, give } = manual();
    const cached = cacheTokens(source);
    const first = cached.getToken(storage, never);
    give('one', Date.now() + hour);
    await first;
    const second = cached.getToken({ ...storage, claims: 'e30=' }, never);
    give('two', Date.now() + hour);
    assert.equal((await second).token, 'two');
    assert.equal(asked[1]?.claims, 'e30=');
  });

  it('are not spoiled by a failure, nor by one caller that leaves', async () => {
    const { source, give, fail } = manual();
    const cached = cacheTokens(source);
    const first = cached.getToken(storage, never);
    fail();
    await assert.rejects(first);
    const stop = new AbortController();
    const leaving = cached.getToken(storage, stop.signal);
    const staying = cached.getToken(storage, never);
    stop.abort();
    assert.equal((await failureOf(leaving)).kind, 'cancelled');
    give('one', Date.now() + hour);
    assert.equal((await staying).token, 'one');
  });
});

describe('A token of Azure Resource Manager', () => {
  it('is given to ARM', async () => {
    const token = jwt({ aud: 'https://management.core.windows.net/' });
    assert.equal((await separateAudiences(publicCloud, fixed(token)).getToken(arm, never)).token, token);
  });

  it('is given to nobody else, whatever a sign-in library answers', async () => {
    for (const aud of [
      'https://management.azure.com',
      'https://management.azure.com/',
      'https://management.core.windows.net/',
      '797f4846-ba00-4fd7-ba43-dac1f8f63013',
      ['x', 'https://management.usgovcloudapi.net'],
      'HTTPS://MANAGEMENT.AZURE.COM',
    ])
      for (const cloud of [publicCloud, usGovernmentCloud])
        assert.equal(
          (await failureOf(separateAudiences(cloud, fixed(jwt({ aud }))).getToken(storage, never))).kind,
          'notSignedIn',
        );
  });

  it('is recognised also when it cannot be read', async () => {
    const tokens = separateAudiences(publicCloud, fixed('opaque-token'));
    await tokens.getToken(arm, never);
    assert.equal((await failureOf(tokens.getToken(storage, never))).kind, 'notSignedIn');
  });

  it('never reaches a FHIR service', async () => {
    const http = fakeHttp([{}]);
    const tokens = fixed(jwt({ aud: 'https://management.azure.com' }));
    const client = createFhirClient({
      name: 'contoso',
      endpoint: 'https://contoso.azurehealthcareapis.com',
      kind: 'ahds',
      tokens,
      userAgent: 'a',
      httpClient: http,
    });
    assert.equal((await failureOf(count(client, { of: 'current' }, never))).kind, 'notSignedIn');
    assert.equal(http.sent.length, 0);
  });

  it('never reaches a storage account', async () => {
    const http = fakeHttp([{}]);
    const staging = openStaging({
      cloud: publicCloud,
      accountName: 'contoso',
      blobEndpoint: 'https://contoso.blob.core.windows.net',
      container: 'migration',
      tokens: fixed(jwt({ aud: 'https://management.core.windows.net/' })),
      userAgent: 'a',
      httpClient: http,
    });
    assert.equal((await failureOf(staging.exportFolders(0, never))).kind, 'notSignedIn');
    assert.equal(http.sent.length, 0);
  });

  it('is told from tokens of others', async () => {
    for (const token of [jwt({ aud: 'https://storage.azure.com' }), jwt({}), 'opaque', 'a.b.c', ''])
      assert.equal((await separateAudiences(publicCloud, fixed(token)).getToken(storage, never)).token, token);
    assert.deepEqual(audiencesOf(`x.${'A'.repeat(200_000)}.y`), []);
  });
});

describe('A command that prints a token', function () {
  this.timeout(30_000);
  const ask = (command: string) => commandTokens(publicCloud, command).getToken(storage, never);
  const quoted = (text: string) => `'${text}'`;

  it('may print it bare, as JSON of the Azure CLI, or as OAuth does', async () => {
    const token = jwt({ aud: 'https://storage.azure.com', exp: 1_900_000_000 });
    assert.deepEqual(await ask(`echo ${token}`), { token, expiresAt: 1_900_000_000_000 });
    assert.deepEqual(await ask(`echo ${quoted(JSON.stringify({ accessToken: token, expires_on: 1_800_000_000 }))}`), {
      token,
      expiresAt: 1_800_000_000_000,
    });
    assert.equal((await ask(`echo ${quoted(JSON.stringify({ access_token: token, expires_in: '60' }))}`)).token, token);
  });

  it('is told what is wanted', async () => {
    const { token } = await ask('printf %s "$TOKEN_RESOURCE|$TOKEN_SCOPE|$TOKEN_TENANT"');
    assert.equal(token, 'https://storage.azure.com|https://storage.azure.com/.default|t1');
  });

  it('fails in words that hold nothing of what it wrote', async () => {
    for (const command of [
      'echo canary-secret-canary >&2; exit 3',
      'echo canary',
      'true',
      `echo ${quoted('{"canary": 1}')}`,
      `echo ${quoted('{"accessToken": "canary')}`,
      'no-such-command-canary-x',
      'printf "canary canary canary canary"',
    ]) {
      const failure = await failureOf(ask(command));
      assert.equal(failure.kind, 'notSignedIn', command);
      assert.doesNotMatch(JSON.stringify(failure), /canary/);
    }
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    const work = failureOf(commandTokens(publicCloud, 'sleep 20').getToken(storage, stop.signal));
    stop.abort();
    assert.equal((await work).kind, 'cancelled');
  });
});
