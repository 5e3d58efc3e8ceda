import { request } from 'node:https';

/** Where the sandbox gives tokens, and the principal that it gives them to. */
export interface SandboxLogin {
  readonly loginEndpoint: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly certificateAuthority: string;
}

/** The environment variable through which the extension host learns it, as JSON. */
export const sandboxLoginVariable = 'FHIR_MIGRATION_SANDBOX_LOGIN';

/** A token of the sandbox for a scope such as `https://management.azure.com/.default`. */
export async function requestToken(login: SandboxLogin, scope: string, tenantId: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: login.clientId,
    client_secret: login.clientSecret,
    scope,
  }).toString();
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(
      `${login.loginEndpoint}/${tenantId}/oauth2/v2.0/token`,
      {
        method: 'POST',
        ca: login.certificateAuthority,
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve(Buffer.concat(parts).toString()));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
  const { access_token: token } = JSON.parse(text) as { access_token?: string };
  if (token === undefined) throw new Error(`The sandbox gives no token for ${scope}: ${text}`);
  return token;
}
