import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { type Failure, FailureError, toFailure } from '../failure/failure.ts';
import { backOffMs } from './backOff.ts';
import type { HttpClock } from './clock.ts';
import type { HttpLog } from './log.ts';
import { isUntrusted, wasNeverSent } from './networkFailure.ts';
import { factsOf, type RequestFacts } from './requestFacts.ts';
import { retryAfterMs } from './retryAfter.ts';

const transientStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

export interface RetryOptions {
  readonly service: string;
  readonly clock: HttpClock;
  readonly random: () => number;
  readonly log: HttpLog;
  /** Attempts of one request, the first included. */
  readonly attempts: number;
  /** Longest time that one request may spend waiting, all its waits together; beyond it the caller decides. */
  readonly patienceMs: number;
}

/** Repeats what may be repeated, waiting as the server asks or else longer each time. */
export function retryPolicy(options: RetryOptions): PipelinePolicy {
  return {
    name: 'retry',
    async sendRequest(request, next) {
      const facts = factsOf(request);
      const signal = request.abortSignal as AbortSignal;
      let waited = 0;
      for (;;) {
        facts.attempt += 1;
        let response: PipelineResponse | undefined;
        let error: unknown;
        try {
          response = await next(request);
        } catch (thrown) {
          error = thrown;
        }
        const again =
          facts.attempt < options.attempts &&
          (response === undefined ? mayRepeatError(facts, toFailure(error)) : mayRepeatStatus(facts, response));
        if (again) {
          const advised = response === undefined ? undefined : retryAfterMs(response.headers, options.clock.now());
          const wait = advised ?? backOffMs(facts.attempt, options.random);
          if (waited + wait <= options.patienceMs) {
            waited += wait;
            options.log.info('Waiting before the next attempt', {
              service: options.service,
              request: `${request.method} ${facts.template}`,
              status: response?.status,
              attempt: facts.attempt,
              waitMs: wait,
            });
            await options.clock.sleep(wait, signal);
            if (signal.aborted) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.' });
            continue;
          }
        }
        if (response === undefined) throw error;
        return response;
      }
    },
  };
}

function mayRepeatError(facts: RequestFacts, failure: Failure): boolean {
  if (failure.kind !== 'network' || isUntrusted(failure)) return false;
  return facts.retry === 'idempotent' || wasNeverSent(failure);
}

function mayRepeatStatus(facts: RequestFacts, response: PipelineResponse): boolean {
  switch (facts.retry) {
    case 'ifUnsent':
      return false;
    case 'ifRefused':
      return response.status === 429;
    case 'idempotent':
      return (
        transientStatuses.has(response.status) &&
        facts.isFinal?.({ status: response.status, text: response.bodyAsText ?? '' }) !== true
      );
  }
}
