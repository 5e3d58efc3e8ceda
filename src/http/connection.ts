import { randomUUID } from 'node:crypto';
import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  proxyPolicy,
} from '@azure/core-rest-pipeline';
import type { TokenSource } from '../azure/tokens.ts';
import { FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from './answer.ts';
import { bearerPolicy } from './bearerPolicy.ts';
import { bodyPolicy } from './bodyPolicy.ts';
import { type HttpClock, systemClock } from './clock.ts';
import { type HttpLog, silentLog } from './log.ts';
import { loadPolicy, type ServiceLoad } from './loadPolicy.ts';
import { logPolicy } from './logPolicy.ts';
import { type NameProbe, resolvesName } from './networkFailure.ts';
import { redirectPolicy } from './redirectPolicy.ts';
import { type RequestFacts, type RetryMode, setFacts } from './requestFacts.ts';
import { retryAfterMs } from './retryAfter.ts';
import { retryPolicy } from './retryPolicy.ts';
import { hostOf, insideService, type ServiceBase, serviceBase } from './serviceBase.ts';
import { createTransport } from './transport.ts';

/** 64 MB: a full page of 1,000 resources of the largest common size fits, a runaway answer does not. */
const defaultMaxBytes = 64 * 1_048_576;
const defaultDeadlineMs = 100_000;

/** What every client of a service can be given, most of it for tests. */
export interface TransportOptions {
  readonly userAgent: string;
  readonly httpClient?: HttpClient | undefined;
  readonly clock?: HttpClock | undefined;
  readonly random?: (() => number) | undefined;
  readonly log?: HttpLog | undefined;
  readonly nameProbe?: NameProbe | undefined;
  /** Attempts of one request, the first included. Default 4. */
  readonly attempts?: number | undefined;
  /** Longest time that one request may spend waiting between attempts, milliseconds. Default 5 minutes. */
  readonly patienceMs?: number | undefined;
}

export interface ConnectionOptions extends TransportOptions {
  /** Name of the service in messages and in the log. */
  readonly name: string;
  readonly endpoint: string;
  /** Absent: nothing is signed. */
  readonly auth?: { readonly tokens: TokenSource; readonly audience: string; readonly tenantId?: string | undefined };
  /** Header that carries the correlation id of a request. */
  readonly correlationHeader: string;
}

export interface HttpRequest {
  readonly method: HttpMethods;
  /** Below the service's base, starting with `/`; or a whole address, which must lie inside the service. */
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Path with placeholders, for messages and the log. */
  readonly template: string;
  readonly retry: RetryMode;
  readonly anonymous?: boolean;
  readonly maxBytes?: number;
  /** For the headers of one attempt; the body then has to keep moving. Default 100 seconds. */
  readonly deadlineMs?: number;
  readonly isFinal?: RequestFacts['isFinal'];
}

/** The one way to one service. */
export interface Connection {
  readonly base: ServiceBase;
  readonly clock: HttpClock;
  readonly random: () => number;
  readonly log: HttpLog;
  /** Resolves with any answer but a redirect; throws FailureError when there is none, or when it breaks a limit. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Calls back after every answer of the service, refused attempts included; returns the way to stop. */
  watchLoad(listener: (load: ServiceLoad) => void): () => void;
}

/** Builds the pipeline of one service: retries, signing, limits, deadlines, log, and no way to any other host. */
export function createConnection(options: ConnectionOptions): Connection {
  const base = serviceBase(options.name, options.endpoint);
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLog;
  const random = options.random ?? Math.random;
  const httpClient = options.httpClient ?? createTransport();
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(
    retryPolicy({
      service: base.name,
      clock,
      random,
      log,
      attempts: options.attempts ?? 4,
      patienceMs: options.patienceMs ?? 300_000,
    }),
  );
  if (options.auth !== undefined)
    pipeline.addPolicy(
      bearerPolicy({
        base,
        tokens: options.auth.tokens,
        scope: scopeOf(options.auth.audience),
        tenantId: options.auth.tenantId,
      }),
    );
  const watching = new Set<(load: ServiceLoad) => void>();
  pipeline.addPolicy(
    loadPolicy(clock, (load) => {
      for (const listener of watching) listener(load);
    }),
  );
  pipeline.addPolicy(logPolicy(base.name, log, clock));
  pipeline.addPolicy(bodyPolicy(base.name, options.nameProbe ?? resolvesName));
  pipeline.addPolicy(redirectPolicy(base));
  pipeline.addPolicy(proxyPolicy());

  return {
    base,
    clock,
    random,
    log,
    watchLoad: (listener) => {
      watching.add(listener);
      return () => watching.delete(listener);
    },
    async send(request, signal) {
      const url = addressOf(base, request);
      const pipelineRequest = createPipelineRequest({
        url,
        method: request.method,
        headers: createHttpHeaders(request.headers),
        abortSignal: signal,
        requestId: randomUUID(),
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      pipelineRequest.headers.set('user-agent', options.userAgent);
      pipelineRequest.headers.set('accept-encoding', 'identity');
      pipelineRequest.headers.set(options.correlationHeader, pipelineRequest.requestId);
      setFacts(pipelineRequest, {
        template: request.template,
        retry: request.retry,
        anonymous: request.anonymous ?? false,
        maxBytes: request.maxBytes ?? defaultMaxBytes,
        deadlineMs: request.deadlineMs ?? defaultDeadlineMs,
        isFinal: request.isFinal,
        attempt: 0,
      });
      const response = await pipeline.sendRequest(httpClient, pipelineRequest);
      return {
        status: response.status,
        header: (name) => response.headers.get(name),
        text: response.bodyAsText ?? '',
        service: base.name,
        request: `${request.method} ${request.template}`,
        requestId:
          response.headers.get('x-request-id') ?? response.headers.get('x-ms-request-id') ?? pipelineRequest.requestId,
        retryAfterMs: retryAfterMs(response.headers, clock.now()),
      };
    },
  };
}

/** Scope of an audience; a trailing slash would name another resource. */
export function scopeOf(audience: string): string {
  return `${audience.replace(/\/+$/, '')}/.default`;
}

function addressOf(base: ServiceBase, request: HttpRequest): string {
  const address = new URL(request.path.startsWith('/') ? `${base.endpoint}${request.path}` : request.path);
  // Appended by hand: URLSearchParams would write a blank as `+`, which FHIR servers take for a plus sign in dates.
  const query = (request.query ?? []).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (query.length > 0)
    address.search = [...(address.search === '' ? [] : [address.search.slice(1)]), ...query].join('&');
  if (insideService(base, address.href) === undefined)
    throw new FailureError({
      kind: 'unexpectedAnswer',
      message: `A request for ${base.name} would have gone to ${hostOf(address.href)}; nothing was sent.`,
      service: base.name,
      request: `${request.method} ${request.template}`,
    });
  return address.href;
}
