import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { createTransport } from '../http/transport.ts';
import type { Cloud } from './cloud.ts';
import { signInFailure } from './signInFailure.ts';
import { cacheTokens } from './tokenCache.ts';
import { separateAudiences } from './tokenAudience.ts';
import type { TokenSource } from './tokens.ts';

/** A service principal as the user gave it. */
export interface ClientSecret {
  readonly tenantId: string;
  readonly clientId: string;
  readonly secret: string;
}

/** Tokens of the account that the Azure CLI is signed in with. */
export function azureCliTokens(cloud: Cloud): TokenSource {
  return fromCredential(cloud, 'the Azure CLI', cliHint, async () => {
    const { AzureCliCredential } = await import('@azure/identity');
    return new AzureCliCredential({ additionallyAllowedTenants: ['*'], processTimeoutInMs: 60_000 });
  });
}

/**
 * Tokens of a service principal. They always come from its own tenant, unless a request names another one in which the
 * application is known too.
 */
export function clientSecretTokens(
  cloud: Cloud,
  { tenantId, clientId, secret }: ClientSecret,
  httpClient?: HttpClient,
): TokenSource {
  return fromCredential(cloud, 'the client secret', secretHint, async () => {
    const { ClientSecretCredential } = await import('@azure/identity');
    return new ClientSecretCredential(tenantId, clientId, secret, {
      additionallyAllowedTenants: ['*'],
      ...identityOptions(cloud, httpClient),
    });
  });
}

/** Tokens of whatever the environment offers: variables, workload or managed identity, developer tools. */
export function defaultTokens(cloud: Cloud, httpClient?: HttpClient): TokenSource {
  return fromCredential(cloud, 'the environment', environmentHint, async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential({ additionallyAllowedTenants: ['*'], ...identityOptions(cloud, httpClient) });
  });
}

const cliHint = (tenantId: string | undefined) =>
  `Run "az login${tenantId === undefined ? '' : ` --tenant ${tenantId}`}" in a terminal, then try again.`;
const secretHint = () =>
  'Check tenant, client id and secret of the service principal, and that the secret has not expired.';
const environmentHint = () =>
  'Sign in with the Azure CLI, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.';

function identityOptions(cloud: Cloud, httpClient: HttpClient | undefined) {
  return {
    authorityHost: cloud.loginHost,
    httpClient: httpClient ?? createTransport(cloud.certificateAuthority),
    // Only the public authority knows the list of authorities, and a custom one is not on it.
    disableInstanceDiscovery: cloud.name === 'custom',
  };
}

function fromCredential(
  cloud: Cloud,
  by: string,
  hint: (tenantId: string | undefined) => string,
  make: () => Promise<TokenCredential>,
): TokenSource {
  let credential: Promise<TokenCredential> | undefined;
  const source: TokenSource = {
    async getToken({ scope, tenantId, claims, refused }, signal) {
      // Credentials keep tokens of their own; a new one has none to repeat.
      if (refused !== undefined) credential = undefined;
      credential ??= make();
      try {
        const token = await (
          await credential
        ).getToken(scope, {
          abortSignal: signal,
          ...(tenantId === undefined ? {} : { tenantId }),
          ...(claims === undefined ? {} : { claims: Buffer.from(claims, 'base64').toString('utf8') }),
        });
        if (token === null) throw new Error('no token');
        return { token: token.token, expiresAt: token.expiresOnTimestamp };
      } catch (error) {
        throw signInFailure(error, { by, tenantId, hint: hint(tenantId), cancelled: signal.aborted });
      }
    },
  };
  return cacheTokens(separateAudiences(cloud, source));
}
