import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { HttpClock } from '../http/clock.ts';
import { type Connection, createConnection, type HttpRequest, type TransportOptions } from '../http/connection.ts';
import { armFailure } from './armFailure.ts';
import type { Cloud } from './cloud.ts';
import type { TokenSource } from './tokens.ts';

/** Newest stable api-version of Microsoft.HealthcareApis; older models lose settings. */
export const healthcareApiVersion = '2024-03-31';

export interface ArmOptions extends TransportOptions {
  readonly cloud: Cloud;
  readonly tokens: TokenSource;
}

/** A request to ARM: raw JSON, nothing lost on the way. */
export interface ArmRequest {
  /** Starts with `/`, without query. */
  readonly path: string;
  readonly apiVersion: string;
  readonly query?: readonly (readonly [string, string])[];
  /** Path with placeholders, for messages and the log. */
  readonly template: string;
  /** What is tried, as the start of a sentence. */
  readonly tried: string;
  /** Absent: the account's own tenant. */
  readonly tenantId: string | undefined;
}

/** A write to ARM. */
export interface ArmWrite {
  readonly method: 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** Refuse the write unless the resource still has this etag. */
  readonly ifMatch?: string | undefined;
}

/** An answer that means success; `json` is undefined where it has no body. */
export interface ArmAnswer {
  readonly json: unknown;
  readonly answer: HttpAnswer;
}

/** Azure Resource Manager: raw JSON, nothing lost on the way, one pipeline for each tenant. */
export interface ArmClient {
  readonly cloud: Cloud;
  get(request: ArmRequest, signal: AbortSignal): Promise<unknown>;
  /** A read that takes a body, such as a Resource Graph query; may be repeated. Gives the answer's headers too. */
  query(request: ArmRequest, body: unknown, signal: AbortSignal): Promise<{ json: unknown; answer: HttpAnswer }>;
  /** Rows of a list, page by page. */
  pages(request: ArmRequest, signal: AbortSignal): AsyncGenerator<readonly unknown[], void>;
  /** A write. It is sent again only after a 429: any other outcome that is not clear is the caller's to look into. */
  write(request: ArmRequest, write: ArmWrite, signal: AbortSignal): Promise<ArmAnswer>;
  /** Asks an address that ARM itself gave, such as that of an operation. It must lie inside ARM. */
  follow(request: ArmRequest, address: string, signal: AbortSignal): Promise<ArmAnswer>;
  readonly clock: HttpClock;
}

const written: ReadonlySet<number> = new Set([200, 201, 202, 204]);
const pageSchema = v.object({ value: v.array(v.unknown()), nextLink: v.optional(v.nullable(v.string())) });
const maxPages = 1_000;

/** Makes the client of one cloud's Resource Manager. */
export function createArmClient(options: ArmOptions): ArmClient {
  const { cloud } = options;
  const connections = new Map<string, Connection>();
  const connectionFor = (tenantId: string | undefined): Connection => {
    const key = tenantId ?? '';
    const existing = connections.get(key);
    if (existing !== undefined) return existing;
    const made = createConnection({
      ...options,
      name: 'Azure Resource Manager',
      endpoint: cloud.resourceManager,
      correlationHeader: 'x-ms-client-request-id',
      auth: { tokens: options.tokens, audience: cloud.resourceManagerAudience, tenantId },
    });
    connections.set(key, made);
    return made;
  };
  const send = async (
    request: ArmRequest,
    rest: Pick<HttpRequest, 'method' | 'path' | 'query' | 'body'>,
    signal: AbortSignal,
  ): Promise<{ json: unknown; answer: HttpAnswer }> => {
    const answer = await connectionFor(request.tenantId).send(
      {
        ...rest,
        headers: {
          accept: 'application/json',
          ...(rest.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        template: request.template,
        retry: 'idempotent',
        deadlineMs: 60_000,
      },
      signal,
    );
    if (answer.status !== 200) throw armFailure(answer, request.tried);
    return { json: parse(answer, request), answer };
  };
  const change = async (
    request: ArmRequest,
    rest: Pick<HttpRequest, 'method' | 'path' | 'query' | 'body' | 'retry'>,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<ArmAnswer> => {
    const answer = await connectionFor(request.tenantId).send(
      {
        ...rest,
        headers: { accept: 'application/json', ...headers },
        template: request.template,
        deadlineMs: 60_000,
      },
      signal,
    );
    if (!written.has(answer.status)) throw armFailure(answer, request.tried);
    return { json: answer.text.trim() === '' ? undefined : parse(answer, request), answer };
  };
  const withVersion = (request: ArmRequest) => [['api-version', request.apiVersion] as const, ...(request.query ?? [])];

  return {
    cloud,
    clock: connectionFor(undefined).clock,
    get: async (request, signal) => {
      const { json } = await send(request, { method: 'GET', path: request.path, query: withVersion(request) }, signal);
      return json;
    },
    query: (request, body, signal) =>
      send(
        request,
        { method: 'POST', path: request.path, query: withVersion(request), body: JSON.stringify(body) },
        signal,
      ),
    write: (request, { method, body, ifMatch }, signal) =>
      change(
        request,
        {
          method,
          path: request.path,
          query: withVersion(request),
          retry: 'ifRefused',
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        },
        {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        signal,
      ),
    follow: (request, address, signal) =>
      change(request, { method: 'GET', path: address, retry: 'idempotent' }, {}, signal),
    async *pages(request, signal) {
      const followed = new Set<string>();
      let next: string | undefined;
      do {
        const { json, answer } = await send(
          request,
          next === undefined
            ? { method: 'GET', path: request.path, query: withVersion(request) }
            : { method: 'GET', path: next },
          signal,
        );
        const page = v.safeParse(pageSchema, json);
        if (!page.success) throw unusable(answer, request, 'it is not a list');
        yield page.output.value;
        next = page.output.nextLink ?? undefined;
        if (next === '') next = undefined;
        if (next === undefined) continue;
        if (!/^https:/i.test(next)) throw unusable(answer, request, 'the address of the next page is not one');
        if (followed.has(next) || followed.size > maxPages)
          throw unusable(answer, request, 'its pages do not come to an end');
        followed.add(next);
      } while (next !== undefined);
    },
  };
}

function parse(answer: HttpAnswer, request: ArmRequest): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    throw unusable(answer, request, 'it is not JSON');
  }
}

function unusable(answer: HttpAnswer, request: ArmRequest, why: string): FailureError {
  return new FailureError({
    kind: 'unexpectedAnswer',
    message: `${request.tried}: Azure Resource Manager gave an answer that cannot be used: ${why}.`,
    service: answer.service,
    request: answer.request,
    status: answer.status,
    ...(answer.requestId === undefined ? {} : { requestId: answer.requestId }),
    nextStep: 'Check the endpoints of the cloud, and whether a proxy or a sign-in page of the network is in the way.',
  });
}
