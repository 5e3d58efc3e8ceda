import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from '@azure/core-rest-pipeline';
import type { TokenSource } from '../azure/tokens.ts';
import { FailureError } from '../failure/failure.ts';
import { claimsChallenge } from './challenge.ts';
import { factsOf } from './requestFacts.ts';
import { hostOf, insideService, type ServiceBase } from './serviceBase.ts';

export interface BearerOptions {
  readonly base: ServiceBase;
  readonly tokens: TokenSource;
  /** Ends in `/.default`. */
  readonly scope: string;
  readonly tenantId: string | undefined;
}

/** Signs every request that is not anonymous. */
export function bearerPolicy(options: BearerOptions): PipelinePolicy {
  return {
    name: 'bearer',
    sendRequest: (request, next) =>
      factsOf(request).anonymous
        ? next(request)
        : sendSigned(request, next, options, request.abortSignal as AbortSignal),
  };
}

/**
 * Signs a request to one service, and only such a one: a token never goes to another host, port or base path. A 401 is
 * answered once, with the server's claims challenge or with a token newer than the refused one. What else a challenge
 * says (another tenant, another audience) is ignored: it would let a server choose the tokens that it gets.
 */
export async function sendSigned(
  request: PipelineRequest,
  next: SendRequest,
  { base, tokens, scope, tenantId }: BearerOptions,
  signal: AbortSignal,
): Promise<PipelineResponse> {
  if (insideService(base, request.url) === undefined)
    throw new FailureError({
      kind: 'unexpectedAnswer',
      message: `A request for ${base.name} would have gone to ${hostOf(request.url)}; nothing was sent.`,
      service: base.name,
    });
  const about = { scope, ...(tenantId === undefined ? {} : { tenantId }) };
  const first = await tokens.getToken(about, signal);
  request.headers.set('authorization', `Bearer ${first.token}`);
  const answer = await next(request);
  if (answer.status !== 401) return answer;

  const claims = claimsChallenge(answer.headers.get('www-authenticate'));
  const second = await tokens.getToken(
    { ...about, refused: first.token, ...(claims === undefined ? {} : { claims }) },
    signal,
  );
  if (second.token === first.token) return answer;
  request.headers.set('authorization', `Bearer ${second.token}`);
  return next(request);
}
