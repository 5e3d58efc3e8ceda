/** Where a token is asked for. The scope always ends in `/.default`. */
export interface TokenRequest {
  readonly scope: string;
  readonly tenantId?: string;
  /** Base64 claims challenge of a 401, passed on once. */
  readonly claims?: string;
  /** The token that a service has just answered with 401: it must not be given again from a cache. */
  readonly refused?: string;
}

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970 UTC. */
  readonly expiresAt: number;
}

/** How a host gets tokens. Throws FailureError `notSignedIn` when it cannot. */
export interface TokenSource {
  getToken(request: TokenRequest, signal: AbortSignal): Promise<AccessToken>;
}
