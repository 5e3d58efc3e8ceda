import assert from 'node:assert/strict';
import { ClientSecretCredential, type ClientSecretCredentialOptions } from '@azure/identity';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { arm, errorCode, send, useSandbox, type Reply } from './fixture.ts';

describe('the token endpoint', () => {
  const sandbox = useSandbox({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir' },
      { name: 'fabrikam', flavour: 'azureApiForFhir', place: { tenant: 'second' } },
    ],
  });

  function credential(change: { tenantId?: string; clientId?: string; secret?: string } = {}): ClientSecretCredential {
    const { tenantId, clientId, clientSecret, loginEndpoint, certificateAuthority } = sandbox();
    const options: ClientSecretCredentialOptions = {
      authorityHost: loginEndpoint,
      disableInstanceDiscovery: true,
      additionallyAllowedTenants: ['*'],
      tlsOptions: { ca: certificateAuthority },
    };
    return new ClientSecretCredential(
      change.tenantId ?? tenantId,
      change.clientId ?? clientId,
      change.secret ?? clientSecret,
      options,
    );
  }

  async function refuses(
    code: number,
    change: { tenantId?: string; clientId?: string; secret?: string },
    scope?: string,
  ) {
    await assert.rejects(credential(change).getToken(scope ?? `${sandbox().armEndpoint}/.default`), (error: Error) => {
      assert.match(error.message, new RegExp(`AADSTS${code}: `));
      return true;
    });
  }

  it('signs in @azure/identity with a client secret, over https', async () => {
    const audience = sandbox().endpointOf('contoso');
    const { token, expiresOnTimestamp } = await credential().getToken(`${audience}/.default`);
    const claims = decodeJwt(token);
    assert.equal(claims.aud, audience);
    assert.equal(claims.tid, sandbox().tenantId);
    assert.equal(claims.appid, sandbox().clientId);
    assert.equal(typeof claims.oid, 'string');
    assert.ok(Math.abs(expiresOnTimestamp - Date.now() - 3_600_000) < 60_000);
  });

  it('signs its tokens with the key that its key set shows', async () => {
    const configuration = `${sandbox().loginEndpoint}/${sandbox().tenantId}/v2.0/.well-known/openid-configuration`;
    const { json } = await send(sandbox(), 'GET', configuration);
    assert.ok(typeof json.jwks_uri === 'string');
    const keys = (await send(sandbox(), 'GET', json.jwks_uri)).json as unknown as JSONWebKeySet;
    const { token } = await credential().getToken(`${sandbox().armEndpoint}/.default`);
    const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), { audience: sandbox().armEndpoint });
    assert.equal(protectedHeader.alg, 'RS256');
  });

  it('keeps tokens of two tenants and of two audiences apart, also inside one credential', async () => {
    const one = credential();
    const scope = `${sandbox().armEndpoint}/.default`;
    const home = decodeJwt((await one.getToken(scope)).token);
    const other = decodeJwt((await one.getToken(scope, { tenantId: sandbox().secondTenantId })).token);
    const storage = decodeJwt((await one.getToken('https://storage.azure.com/.default')).token);
    assert.equal(home.tid, sandbox().tenantId);
    assert.equal(other.tid, sandbox().secondTenantId);
    assert.notEqual(home.oid, other.oid);
    assert.equal(storage.aud, 'https://storage.azure.com');
  });

  it('refuses an application that is not in the tenant with AADSTS700016', async () => {
    await refuses(700016, { clientId: '00000000-0000-4000-9000-000000000000' });
    const { clientId, clientSecret } = sandbox().addPrincipal([]);
    await refuses(700016, { tenantId: sandbox().secondTenantId, clientId, secret: clientSecret });
  });

  it('refuses a resource that the tenant does not know with AADSTS500011', async () => {
    await refuses(500011, {}, 'https://elsewhere.azurehealthcareapis.com/.default');
  });

  function tokenRequest(form: Record<string, string>, tenant = sandbox().tenantId): Promise<Reply> {
    return send(sandbox(), 'POST', `${sandbox().loginEndpoint}/${tenant}/oauth2/v2.0/token`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      form: { client_id: sandbox().clientId, client_secret: sandbox().clientSecret, ...form },
    });
  }

  for (const [what, form, code] of [
    ['without a grant type', { scope: 'x/.default' }, 900144],
    ['with another grant', { scope: 'x/.default', grant_type: 'password' }, 70003],
    ['with a scope that is not .default', { scope: 'x/user_impersonation', grant_type: 'client_credentials' }, 1002012],
  ] as const) {
    it(`refuses a request ${what} with AADSTS${code}`, async () => {
      const reply = await tokenRequest(form);
      assert.equal(reply.status, 400);
      assert.deepEqual(reply.json.error_codes, [code]);
    });
  }

  it('refuses a wrong secret with AADSTS7000215 in the shape of Entra', async () => {
    await refuses(7000215, { secret: 'wrong' });
    const form = {
      client_secret: 'wrong',
      grant_type: 'client_credentials',
      scope: 'https://storage.azure.com/.default',
    };
    const { status, json } = await tokenRequest(form);
    assert.equal(status, 401);
    assert.equal(json.error, 'invalid_client');
    assert.deepEqual(json.error_codes, [7000215]);
    assert.ok(typeof json.error_description === 'string');
    assert.match(
      json.error_description,
      /^AADSTS7000215: Invalid client secret provided\. .* Trace ID: \S+ Correlation ID: \S+ Timestamp: /,
    );
    for (const key of ['timestamp', 'trace_id', 'correlation_id', 'error_uri'])
      assert.equal(typeof json[key], 'string');
  });

  it('refuses a tenant that does not exist with AADSTS90002', async () => {
    const reply = await tokenRequest({}, 'nowhere');
    assert.deepEqual(reply.json.error_codes, [90002]);
  });

  it('gives tokens that ARM and a FHIR service check: missing, forged, for another audience, from another tenant, expired', async () => {
    const { armEndpoint } = sandbox();
    const fhir = sandbox().endpointOf('contoso');
    const patient = (token?: string) =>
      send(sandbox(), 'GET', `${fhir}/Patient/a`, token === undefined ? {} : { token });
    const armToken = await sandbox().token(armEndpoint);
    const fhirToken = await sandbox().token(fhir);

    assert.equal((await patient(fhirToken)).status, 404);
    assert.equal((await patient(armToken)).status, 401);
    assert.equal((await patient(`${fhirToken.slice(0, -8)}AAAAAAAA`)).status, 401);
    assert.equal((await patient(await sandbox().token(sandbox().endpointOf('fabrikam')))).status, 401);
    const missing = await patient();
    assert.equal(missing.status, 401);
    assert.equal(
      missing.headers['www-authenticate'],
      `Bearer authorization_uri="${sandbox().loginEndpoint}/${sandbox().tenantId}", resource_id="${fhir}", realm="${fhir}"`,
    );

    const subscriptions = (token: string) =>
      arm(sandbox(), 'GET', '/subscriptions', { apiVersion: '2022-12-01', token });
    assert.equal((await subscriptions(armToken)).status, 200);
    assert.equal(errorCode(await subscriptions(fhirToken)), 'InvalidAuthenticationTokenAudience');
    assert.equal(errorCode(await subscriptions('abc')), 'InvalidAuthenticationToken');
    const foreign = await arm(sandbox(), 'GET', sandbox().resourceIdOf('fabrikam'), { token: armToken });
    assert.equal(errorCode(foreign), 'InvalidAuthenticationTokenTenant');
    assert.match(foreign.headers['www-authenticate'] ?? '', new RegExp(`/${sandbox().secondTenantId}"`));

    sandbox().expireTokens();
    const expired = await subscriptions(armToken);
    assert.equal(expired.status, 401);
    assert.equal(errorCode(expired), 'ExpiredAuthenticationToken');
    assert.equal((await patient(fhirToken)).status, 401);
    assert.equal((await patient(await sandbox().token(fhir))).status, 404);
  });
});
