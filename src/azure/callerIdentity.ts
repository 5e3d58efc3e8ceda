import * as v from 'valibot';
import { scopeOf } from '../http/connection.ts';
import type { Cloud } from './cloud.ts';
import type { TokenSource } from './tokens.ts';

/** Who is signed in, as a role assignment names it. */
export interface CallerIdentity {
  readonly principalId: string;
  readonly principalType: 'User' | 'ServicePrincipal';
}

const claimsSchema = v.object({
  oid: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)),
  /** Only tokens of people carry delegated permissions. */
  scp: v.optional(v.string()),
});

/**
 * Object id of the signed-in account in a tenant, as the token for Resource Manager names it; undefined when the token
 * does not tell. Good for saying to whom a role would go: nothing is trusted because of it.
 * @throws FailureError `notSignedIn` when no token can be had
 */
export async function callerIdentity(
  cloud: Cloud,
  tokens: TokenSource,
  tenantId: string | undefined,
  signal: AbortSignal,
): Promise<CallerIdentity | undefined> {
  const scope = scopeOf(cloud.resourceManagerAudience);
  const { token } = await tokens.getToken({ scope, ...(tenantId === undefined ? {} : { tenantId }) }, signal);
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const read = v.safeParse(claimsSchema, claims);
  if (!read.success) return undefined;
  return { principalId: read.output.oid, principalType: read.output.scp === undefined ? 'ServicePrincipal' : 'User' };
}
