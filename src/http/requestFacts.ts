import type { PipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpAnswer } from './answer.ts';

/**
 * What may be repeated. `idempotent`: anything transient, lost answers included. `ifRefused`: a request that was never
 * sent, or refused with 429. `ifUnsent`: only one that never reached the server.
 */
export type RetryMode = 'idempotent' | 'ifRefused' | 'ifUnsent';

/** What the policies must know of a request beyond what travels. */
export interface RequestFacts {
  /** Path with placeholders for the log and for messages, for example `/_operations/export/{id}`. */
  readonly template: string;
  readonly retry: RetryMode;
  /** No token is sent. */
  readonly anonymous: boolean;
  readonly maxBytes: number;
  /** For the headers of one attempt; the body then has to keep moving. */
  readonly deadlineMs: number;
  /** True for an answer with a transient status that repeating cannot change, such as a failed job. */
  readonly isFinal: ((answer: Pick<HttpAnswer, 'status' | 'text'>) => boolean) | undefined;
  attempt: number;
}

const facts = new WeakMap<PipelineRequest, RequestFacts>();

export function setFacts(request: PipelineRequest, of: RequestFacts): void {
  facts.set(request, of);
}

/** Throws when a request did not come through `createConnection`: it would travel without limits. */
export function factsOf(request: PipelineRequest): RequestFacts {
  const found = facts.get(request);
  if (found === undefined) throw new Error('A request without facts reached the pipeline.');
  return found;
}
