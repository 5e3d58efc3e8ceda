import assert from 'node:assert/strict';
import { parseCloud } from '../../../src/azure/parseCloud.ts';
import { azureCliTokens, clientSecretTokens } from '../../../src/azure/identityTokens.ts';
import { signInFailure } from '../../../src/azure/signInFailure.ts';
import { failureOf, fakeHttp, never } from '../http/fakeHttp.ts';

const cloud = parseCloud({ name: 'custom', resourceManager: 'https://arm.local', loginHost: 'https://login.local' });
const tenantId = '00000000-0000-0000-0000-000000000001';
const otherTenant = '00000000-0000-0000-0000-000000000002';
const principal = { tenantId, clientId: 'client', secret: 'canary-secret' };

/** A token endpoint that finds its own configuration below any tenant. */
function login(token: (tenant: string, form: URLSearchParams) => { status?: number; json: unknown }) {
  return fakeHttp((sent) => {
    const [, tenant = ''] = sent.url.pathname.split('/');
    if (sent.url.pathname.endsWith('/.well-known/openid-configuration'))
      return {
        json: {
          jwks_uri: 'https://login.local/keys',
          issuer: `https://login.local/${tenant}/v2.0`,
          token_endpoint: `https://login.local/${tenant}/oauth2/v2.0/token`,
          authorization_endpoint: `https://login.local/${tenant}/oauth2/v2.0/authorize`,
          end_session_endpoint: `https://login.local/${tenant}/oauth2/v2.0/logout`,
        },
      };
    return { headers: { 'content-type': 'application/json' }, ...token(tenant, new URLSearchParams(sent.body ?? '')) };
  });
}

describe('A service principal', function () {
  this.timeout(30_000);

  it('signs in at the login host of its cloud, in the tenant that is asked for', async () => {
    const http = login((tenant, form) => ({
      json: { token_type: 'Bearer', expires_in: 3_600, access_token: `${tenant}|${form.get('scope') ?? ''}` },
    }));
    const tokens = clientSecretTokens(cloud, principal, http);
    const scope = 'https://contoso.azurehealthcareapis.com/.default';
    const own = await tokens.getToken({ scope }, never);
    assert.ok(own.token.startsWith(`${tenantId}|${scope}`), own.token);
    assert.ok(own.expiresAt > Date.now());
    assert.ok((await tokens.getToken({ scope, tenantId: otherTenant }, never)).token.startsWith(`${otherTenant}|`));
    assert.ok(http.sent.every(({ url }) => url.origin === 'https://login.local'));
  });

  it('asks anew after a token was refused', async () => {
    let number = 0;
    const http = login(() => ({
      json: { token_type: 'Bearer', expires_in: 3_600, access_token: `token-${(number += 1)}` },
    }));
    const tokens = clientSecretTokens(cloud, principal, http);
    const first = await tokens.getToken({ scope: 'https://x/.default' }, never);
    assert.equal((await tokens.getToken({ scope: 'https://x/.default' }, never)).token, first.token);
    const second = await tokens.getToken({ scope: 'https://x/.default', refused: first.token }, never);
    assert.notEqual(second.token, first.token);
  });

  it('is told why it may not, and its secret is not repeated', async () => {
    const http = login(() => ({
      status: 401,
      json: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' },
    }));
    const failure = await failureOf(
      clientSecretTokens(cloud, principal, http).getToken({ scope: 'https://x/.default' }, never),
    );
    assert.equal(failure.kind, 'notSignedIn');
    assert.match(JSON.stringify(failure), /AADSTS7000215/);
    assert.match(failure.nextStep ?? '', /secret/);
    assert.doesNotMatch(JSON.stringify(failure), /canary/);
  });
});

describe('A token endpoint that cannot be reached', function () {
  this.timeout(60_000);

  it('is a fault of the network, which passes, and not a missing sign-in', async () => {
    const http = fakeHttp([{ error: 'ENETUNREACH' }]);
    const work = clientSecretTokens(cloud, principal, http).getToken({ scope: 'https://x/.default' }, never);
    assert.equal((await failureOf(work)).kind, 'network');
  });

  it('is told from a refusal in the words of the Azure CLI, too', () => {
    const kindOf = (message: string) =>
      signInFailure(new Error(message), { by: 'the Azure CLI', tenantId, hint: 'x', cancelled: false }).failure.kind;
    assert.equal(
      kindOf("HTTPSConnectionPool(host='login.local', port=443): Max retries exceeded with url: /x"),
      'network',
    );
    assert.equal(kindOf('AADSTS700082: The refresh token has expired due to inactivity.'), 'notSignedIn');
    assert.equal(kindOf('Azure CLI could not be found.'), 'notSignedIn');
  });
});

describe('The Azure CLI', function () {
  this.timeout(30_000);

  it('that is not there or not signed in is told with the command that helps', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      const failure = await failureOf(
        azureCliTokens(cloud).getToken({ scope: 'https://x.local/.default', tenantId }, never),
      );
      assert.equal(failure.kind, 'notSignedIn');
      assert.match(failure.nextStep ?? '', new RegExp(`az login --tenant ${tenantId}`));
    } finally {
      process.env.PATH = path;
    }
  });
});
