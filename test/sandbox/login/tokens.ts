import { randomUUID } from 'node:crypto';
import { decodeJwt, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose';

/** What a token says that the sandbox goes by. */
export interface TokenClaims {
  readonly audience: string;
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientId: string;
  /** Seconds since 1970 UTC. */
  readonly expires: number;
  /** Counts the tokens of this issuer. */
  readonly serial: number;
}

export type TokenCheck =
  | { readonly outcome: 'valid'; readonly claims: TokenClaims }
  | { readonly outcome: 'expired'; readonly claims: TokenClaims }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'invalid' };

export interface TokenIssue {
  readonly audience: string;
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientId: string;
}

/** Signs access tokens and checks them, with a key made anew at every start. Times are real time. */
export interface TokenIssuer {
  readonly keys: JSONWebKeySet;
  readonly lifetimeSeconds: number;
  issue(request: TokenIssue): Promise<string>;
  /** Checks a value of an Authorization header. Whose audience it must be is the caller's business. */
  check(authorization: string | undefined): Promise<TokenCheck>;
  /** From now on every token issued so far counts as expired. */
  expireAll(): void;
}

export async function createTokenIssuer(lifetimeSeconds: number): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomUUID();
  const publicJwk = await exportJWK(publicKey);
  const known = new Map<string, TokenClaims>();
  let issued = 0;
  let revokedUpTo = 0;

  const verify = async (token: string): Promise<TokenClaims | undefined> => {
    const cached = known.get(token);
    if (cached !== undefined) return cached;
    try {
      // An expired token has to be told apart from a forged one, so the date is looked at later.
      const { payload } = await jwtVerify(token, publicKey, { currentDate: issuedAt(token) });
      const { aud, tid, oid, appid, exp, aio } = payload;
      if (typeof aud !== 'string' || typeof tid !== 'string' || typeof oid !== 'string') return undefined;
      if (typeof appid !== 'string' || typeof aio !== 'string' || exp === undefined) return undefined;
      const claims = {
        audience: aud,
        tenantId: tid,
        objectId: oid,
        clientId: appid,
        expires: exp,
        serial: Number(aio),
      };
      if (known.size > 10_000) known.clear();
      known.set(token, claims);
      return claims;
    } catch {
      return undefined;
    }
  };

  return {
    keys: { keys: [{ ...publicJwk, kid, use: 'sig', alg: 'RS256' }] },
    lifetimeSeconds,
    async issue({ audience, tenantId, objectId, clientId }) {
      const now = Math.floor(Date.now() / 1000);
      const serial = (issued += 1);
      const token = await new SignJWT({
        oid: objectId,
        tid: tenantId,
        appid: clientId,
        appidacr: '1',
        idtyp: 'app',
        uti: randomUUID(),
        // Opaque to clients, as the claim of that name is in Entra's own tokens.
        aio: String(serial),
        ver: '1.0',
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .setAudience(audience)
        // The issuer of tokens for Azure's own resources, which are of version 1.0; Azurite looks at it too.
        .setIssuer(`https://sts.windows.net/${tenantId}/`)
        .setSubject(objectId)
        .setIssuedAt(now)
        .setNotBefore(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(privateKey);
      return token;
    },
    async check(authorization) {
      if (authorization === undefined) return { outcome: 'missing' };
      const token = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization)?.[1];
      const claims = token === undefined ? undefined : await verify(token);
      if (token === undefined || claims === undefined) return { outcome: 'invalid' };
      const valid = claims.expires > Date.now() / 1000 && claims.serial > revokedUpTo;
      return { outcome: valid ? 'valid' : 'expired', claims };
    },
    expireAll() {
      revokedUpTo = issued;
    },
  };
}

function issuedAt(token: string): Date {
  return new Date((decodeJwt(token).iat ?? 0) * 1000);
}
