import { Readable } from 'node:stream';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { AccessToken, TokenRequest, TokenSource } from '../../../src/azure/tokens.ts';
import { type Failure, FailureError } from '../../../src/failure/failure.ts';
import type { HttpClock } from '../../../src/http/clock.ts';
import type { HttpLog } from '../../../src/http/log.ts';

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly bytes?: Buffer;
  /** JSON body. */
  readonly json?: unknown;
  /** Fails before any answer, with this code of Node. */
  readonly error?: string;
}

export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface FakeHttp extends HttpClient {
  readonly sent: SentRequest[];
}

type Handler = (request: SentRequest, index: number) => FakeAnswer | Promise<FakeAnswer>;

/** A transport that answers from a list (the last one again and again) or a function, and remembers what it was sent. */
export function fakeHttp(answers: readonly FakeAnswer[] | Handler): FakeHttp {
  const sent: SentRequest[] = [];
  return {
    sent,
    async sendRequest(request) {
      const record = recordOf(request);
      sent.push(record);
      const index = sent.length - 1;
      const answer =
        typeof answers === 'function' ? await answers(record, index) : (answers[index] ?? answers.at(-1) ?? {});
      if (answer.error !== undefined) throw new RestError(`failed at ${request.url}`, { code: answer.error, request });
      return responseOf(request, answer);
    },
  };
}

function recordOf(request: PipelineRequest): SentRequest {
  return {
    method: request.method,
    url: new URL(request.url),
    headers: request.headers.toJSON(),
    body: typeof request.body === 'string' ? request.body : undefined,
  };
}

function responseOf(request: PipelineRequest, answer: FakeAnswer): PipelineResponse {
  const text = answer.json === undefined ? answer.body : JSON.stringify(answer.json);
  const head = {
    request,
    status: answer.status ?? 200,
    headers: createHttpHeaders({ date: 'Mon, 23 Nov 2026 10:00:00 GMT', ...answer.headers }),
  };
  // As the real transport does for clients that ask for no stream.
  if (request.streamResponseStatusCodes === undefined && typeof text !== 'object')
    return { ...head, bodyAsText: text ?? '' };
  return {
    ...head,
    readableStreamBody: typeof text === 'object' ? text : Readable.from(bodyOf(text, answer.bytes)),
  };
}

function bodyOf(text: string | undefined, bytes: Buffer | undefined): readonly Buffer[] {
  if (bytes !== undefined) return [bytes];
  return text === undefined ? [] : [Buffer.from(text)];
}

/** A clock that jumps: sleeping takes no time and is remembered. */
export function fakeClock(start = Date.parse('2026-11-23T10:00:00Z')): HttpClock & { readonly waits: number[] } {
  let now = start;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    sleep: (ms) => {
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
}

/** Tokens `token-1`, `token-2`, …; what was asked is remembered. A refused token is followed by the next. */
export function fakeTokens(): TokenSource & { readonly asked: TokenRequest[] } {
  const asked: TokenRequest[] = [];
  let number = 1;
  return {
    asked,
    getToken(request): Promise<AccessToken> {
      asked.push(request);
      if (request.refused !== undefined || request.claims !== undefined) number += 1;
      return Promise.resolve({ token: `token-${number}`, expiresAt: Number.MAX_SAFE_INTEGER });
    },
  };
}

export interface FakeLog extends HttpLog {
  readonly lines: {
    readonly level: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
}

export function fakeLog(): FakeLog {
  const lines: FakeLog['lines'] = [];
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
      void lines.push({ level, message, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn') };
}

/** The failure that a call ends with. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (FailureError.is(error)) return error.failure;
    throw error;
  }
  throw new Error('It did not fail.');
}

export const never = new AbortController().signal;
