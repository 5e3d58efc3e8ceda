import type { TokenCredential } from '@azure/core-auth';
import { FailureError } from '../failure/failure.ts';
import type { TokenSource } from './tokens.ts';

/**
 * Gives an Azure SDK tokens for one scope and no other: their pipelines ask for whatever scope a server's challenge
 * names.
 */
export function sdkCredential(tokens: TokenSource, scope: string, tenantId: string | undefined): TokenCredential {
  return {
    async getToken(scopes, options) {
      const [asked] = typeof scopes === 'string' ? [scopes] : scopes;
      if (asked !== scope)
        throw new FailureError({
          kind: 'unexpectedAnswer',
          message: 'A service asked for a token of another audience; it was not given.',
        });
      const tenant = tenantId ?? options?.tenantId;
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : new AbortController().signal;
      const { token, expiresAt } = await tokens.getToken(
        {
          scope,
          ...(tenant === undefined ? {} : { tenantId: tenant }),
          ...(options?.claims === undefined ? {} : { claims: Buffer.from(options.claims).toString('base64') }),
        },
        signal,
      );
      return { token, expiresOnTimestamp: expiresAt };
    },
  };
}
