import { jsonAnswer, type HttpAnswer, type HttpRequest } from '../http.ts';
import type { Directory, Tenant } from './directory.ts';
import type { TokenIssuer } from './tokens.ts';
import { refuseToken } from './tokenErrors.ts';

export interface LoginOptions {
  /** Where this endpoint is reached, for example https://127.0.0.1:40123 */
  readonly endpoint: () => string;
  readonly directory: Directory;
  readonly issuer: TokenIssuer;
  /** True when the tenant knows a resource by this application ID URI. */
  readonly knowsAudience: (audience: string, tenantId: string) => boolean;
}

/**
 * The parts of Microsoft Entra ID that a client-credentials sign-in asks: OpenID configuration, signing keys and the v2.0
 * token endpoint (Microsoft Learn, entra: v2-oauth2-client-creds-grant-flow).
 */
export function createLogin(options: LoginOptions): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const [tenantName = '', ...rest] = request.path.split('/').slice(1);
    const tenant = options.directory.tenant(decodeURIComponent(tenantName));
    if (tenant === undefined) {
      return refuseToken(
        'unknownTenant',
        `Tenant '${tenantName}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
      );
    }
    switch (`${request.method} ${rest.join('/')}`) {
      case 'GET v2.0/.well-known/openid-configuration':
        return jsonAnswer(200, openIdConfiguration(`${options.endpoint()}/${tenantName}`));
      case 'GET discovery/v2.0/keys':
        return jsonAnswer(200, options.issuer.keys);
      case 'POST oauth2/v2.0/token':
        return token(options, tenant, request);
      default:
        return jsonAnswer(404, { error: 'not_found' });
    }
  };
}

function openIdConfiguration(base: string): object {
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    tenant_region_scope: 'EU',
  };
}

async function token(options: LoginOptions, tenant: Tenant, request: HttpRequest): Promise<HttpAnswer> {
  const form = new URLSearchParams((await request.body()).toString('utf8'));
  const correlationId = form.get('client-request-id') ?? undefined;
  const given = credentials(form, request.headers.authorization);
  for (const name of ['grant_type', 'scope']) {
    if (form.get(name) === null) {
      return refuseToken(
        'missingParameter',
        `The request body must contain the following parameter: '${name}'.`,
        correlationId,
      );
    }
  }
  const grant = form.get('grant_type') ?? '';
  if (grant !== 'client_credentials') {
    return refuseToken(
      'unsupportedGrant',
      `The app requested an unsupported grant type '${grant}'. Contact the app vendor.`,
      correlationId,
    );
  }
  const principal = options.directory.byClientId(given.clientId);
  const objectId = principal?.objectIds.get(tenant.tenantId);
  if (principal === undefined || objectId === undefined) {
    return refuseToken(
      'unknownClient',
      `Application with identifier '${given.clientId}' was not found in the directory '${tenant.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
      correlationId,
    );
  }
  if (principal.clientSecret === undefined || principal.clientSecret !== given.secret) {
    return refuseToken(
      'wrongSecret',
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${given.clientId}'.`,
      correlationId,
    );
  }
  const scope = form.get('scope') ?? '';
  const audience = audienceOf(scope);
  if (audience === undefined) {
    return refuseToken(
      'scopeNotDefault',
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
      correlationId,
    );
  }
  if (!options.knowsAudience(audience, tenant.tenantId)) {
    return refuseToken(
      'unknownResource',
      `The resource principal named ${audience} was not found in the tenant named ${tenant.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
      correlationId,
    );
  }
  const lifetime = options.issuer.lifetimeSeconds;
  return jsonAnswer(200, {
    token_type: 'Bearer',
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: await options.issuer.issue({
      audience,
      tenantId: tenant.tenantId,
      objectId,
      clientId: principal.clientId,
    }),
  });
}

/** The resource of a `…/.default` scope; only the last `/.default` is cut off, as Entra does. */
function audienceOf(scope: string): string | undefined {
  const resources = scope.split(' ').filter((part) => part.endsWith('/.default'));
  const [only] = resources;
  return resources.length === 1 && only !== undefined ? only.slice(0, -'/.default'.length) : undefined;
}

function credentials(form: URLSearchParams, authorization: string | undefined): { clientId: string; secret: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return { clientId: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' };
  const [clientId = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  return { clientId, secret };
}
