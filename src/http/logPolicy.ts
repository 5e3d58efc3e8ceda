import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { toFailure } from '../failure/failure.ts';
import type { HttpClock } from './clock.ts';
import type { HttpLog } from './log.ts';
import { factsOf } from './requestFacts.ts';

/** One debug line for every attempt: path template, never the address, its query or anything of the body. */
export function logPolicy(service: string, log: HttpLog, clock: HttpClock): PipelinePolicy {
  return {
    name: 'log',
    async sendRequest(request, next) {
      const facts = factsOf(request);
      const started = clock.now();
      const line = (outcome: Readonly<Record<string, unknown>>) =>
        log.debug('Request', {
          service,
          method: request.method,
          path: facts.template,
          ...outcome,
          ms: clock.now() - started,
          attempt: facts.attempt,
          correlationId: request.requestId,
        });
      try {
        const response = await next(request);
        line({ status: response.status, bytes: Buffer.byteLength(response.bodyAsText ?? '') });
        return response;
      } catch (error) {
        const failure = toFailure(error);
        line({ failed: failure.kind, code: failure.code });
        throw error;
      }
    },
  };
}
