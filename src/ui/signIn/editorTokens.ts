import * as vscode from 'vscode';
import type { AccessToken, TokenRequest, TokenSource } from '../../azure/tokens.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';

/** A token is asked for again when the editor did not tell how long it lives. */
const assumedLifetimeMs = 5 * 60_000;

/** Why a session is asked for from the user. */
export interface InteractiveRequest extends TokenRequest {
  readonly otherAccount?: boolean;
}

/**
 * Tokens of the Microsoft account that the editor knows. Asking is silent: the user is asked only through
 * {@link signIn}, which runs when the user did something. What was refused last is kept, so that one "Sign In" button
 * knows what is missing.
 */
export class EditorTokens implements TokenSource {
  readonly #provider: string;
  #refused: TokenRequest | undefined;
  #account: string | undefined;

  constructor(provider: string) {
    this.#provider = provider;
  }

  /** What could not be had silently; undefined when nothing was refused since the last sign-in. */
  get refused(): TokenRequest | undefined {
    return this.#refused;
  }

  /** Name of the account that the last token was for. */
  get account(): string | undefined {
    return this.#account;
  }

  async getToken(request: TokenRequest, signal: AbortSignal): Promise<AccessToken> {
    signal.throwIfAborted();
    const session = await this.#silently(request);
    signal.throwIfAborted();
    if (session === undefined) {
      this.#refused = request;
      throw notSignedIn(request);
    }
    return { token: session.accessToken, expiresAt: expiryOf(session.accessToken, Date.now()) };
  }

  /** True when somebody is signed in. Asks nobody. */
  async isSignedIn(scope: string): Promise<boolean> {
    return (await this.#silently({ scope })) !== undefined;
  }

  /** Asks the user. Rejects when the user declines. */
  async signIn(request: InteractiveRequest): Promise<vscode.AuthenticationSession> {
    const session = await vscode.authentication.getSession(this.#provider, sessionRequest(request), {
      createIfNone: true,
      clearSessionPreference: request.otherAccount ?? false,
    });
    this.#refused = undefined;
    this.#account = session.account.label;
    return session;
  }

  async #silently(request: TokenRequest): Promise<vscode.AuthenticationSession | undefined> {
    try {
      const session = await vscode.authentication.getSession(this.#provider, sessionRequest(request), { silent: true });
      if (session !== undefined) this.#account = session.account.label;
      return session;
    } catch (cause) {
      // Nobody is asked here, so nobody declined: the window closes.
      const failure = toFailure(cause);
      if (failure.kind === 'cancelled') throw new FailureError(failure, { cause });
      this.#refused = request;
      throw notSignedIn(request, cause);
    }
  }
}

/** One session covers one resource in one tenant: the tenant is named by a scope that is not sent. */
function sessionRequest({
  scope,
  tenantId,
  claims,
}: TokenRequest): readonly string[] | vscode.AuthenticationWwwAuthenticateRequest {
  const scopes = tenantId === undefined ? [scope] : [scope, `VSCODE_TENANT:${tenantId}`];
  return claims === undefined ? scopes : { wwwAuthenticate: `Bearer claims="${claims}"`, fallbackScopes: scopes };
}

function notSignedIn({ scope, tenantId }: TokenRequest, cause?: unknown): FailureError {
  const audience = scope.replace(/\/\.default$/, '');
  const message =
    tenantId === undefined
      ? `Nobody is signed in for ${audience}.`
      : `Tenant ${tenantId} needs you to sign in for ${audience}.`;
  return new FailureError({ kind: 'notSignedIn', message, nextStep: 'Sign in, then try again.' }, { cause });
}

/** When a token ends, from its own `exp`; milliseconds since 1970 UTC. The token is not verified: its server does that. */
function expiryOf(token: string, now: number): number {
  const [, payload] = token.split('.');
  if (payload === undefined) return now + assumedLifetimeMs;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
    return typeof exp === 'number' ? exp * 1000 : now + assumedLifetimeMs;
  } catch {
    return now + assumedLifetimeMs;
  }
}
