/**
 * The claims challenge of a `WWW-Authenticate` header (continuous access evaluation), as base64; undefined when there
 * is none. Comes from a server, so only bounded base64 is passed on.
 */
export function claimsChallenge(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 16_384 || !/\berror="?insufficient_claims\b/i.test(header))
    return undefined;
  const claims = /\bclaims="([A-Za-z0-9+/=_-]{4,8192})"/.exec(header)?.[1];
  return claims;
}
