import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { HttpClock } from './clock.ts';
import { factsOf } from './requestFacts.ts';
import { retryAfterMs } from './retryAfter.ts';

/** What one attempt of a request told of the load of the service. */
export interface ServiceLoad {
  /** When the answer was there. */
  readonly at: number;
  /** Method and path template. */
  readonly request: string;
  readonly ms: number;
  /** Refused for the number of requests (429). */
  readonly throttled: boolean;
  readonly retryAfterMs?: number;
  /** Request units that it cost (fhir-server: CosmosDbHeaders, `x-ms-request-charge`). */
  readonly charge?: number;
}

/** Tells of every answer, attempt by attempt; what was not answered says nothing of a service's load. */
export function loadPolicy(clock: HttpClock, tell: (load: ServiceLoad) => void): PipelinePolicy {
  return {
    name: 'load',
    async sendRequest(request, next) {
      const started = clock.now();
      const response = await next(request);
      const at = clock.now();
      const charge = Number.parseFloat(response.headers.get('x-ms-request-charge') ?? '');
      const advised = retryAfterMs(response.headers, at);
      tell({
        at,
        request: `${request.method} ${factsOf(request).template}`,
        ms: at - started,
        throttled: response.status === 429,
        ...(advised === undefined ? {} : { retryAfterMs: advised }),
        ...(Number.isFinite(charge) && charge >= 0 ? { charge } : {}),
      });
      return response;
    },
  };
}
