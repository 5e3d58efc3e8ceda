import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { FailureError } from '../failure/failure.ts';
import { type BearerOptions, sendSigned } from './bearerPolicy.ts';
import type { HttpClock } from './clock.ts';
import type { HttpLog } from './log.ts';
import { hostOf, insideService } from './serviceBase.ts';

export interface FenceOptions {
  readonly transport: HttpClient;
  /** How requests are signed; the SDK itself gets no token, because it would give one to whom a challenge names. */
  readonly auth: BearerOptions;
  readonly log: HttpLog;
  readonly clock: HttpClock;
  /** Largest body of an answer that the SDK reads as a whole. */
  readonly maxBytes: number;
  /** For one attempt up to its headers, and for a whole body that is not streamed. */
  readonly deadlineMs: number;
}

/**
 * An HTTP client for SDKs whose own pipelines follow links and redirects: it sends nothing to any address outside the
 * service, signs, counts bytes, keeps deadlines and logs one line for each request.
 */
export function fencedClient(options: FenceOptions): HttpClient {
  const { log, clock, auth } = options;
  const { base } = auth;
  return {
    async sendRequest(request) {
      if (insideService(base, request.url) === undefined)
        throw new FailureError({
          kind: 'unexpectedAnswer',
          message: `${base.name} points to ${hostOf(request.url)}, outside ${hostOf(base.endpoint)}; nothing was sent there.`,
          service: base.name,
        });
      const started = clock.now();
      const line = (outcome: Readonly<Record<string, unknown>>) =>
        log.debug('Request', {
          service: base.name,
          method: request.method,
          ...outcome,
          ms: clock.now() - started,
          correlationId: request.headers.get('x-ms-client-request-id') ?? request.requestId,
        });
      try {
        const signal = callerSignal(request);
        return await sendSigned(
          request,
          async () => {
            const response = await sendWithDeadline(request, options);
            line({ status: response.status });
            return response;
          },
          auth,
          signal,
        );
      } catch (error) {
        line({ failed: error instanceof Error ? error.name : typeof error });
        throw error;
      }
    },
  };
}

function callerSignal({ abortSignal }: PipelineRequest): AbortSignal {
  return abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal;
}

async function sendWithDeadline(request: PipelineRequest, options: FenceOptions): Promise<PipelineResponse> {
  const { auth, transport, deadlineMs } = options;
  const { base } = auth;
  const wanted = request.streamResponseStatusCodes;
  const caller = request.abortSignal;
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  const release = () => caller?.removeEventListener('abort', stop);
  const isLeft = () => caller?.aborted === true;
  if (isLeft()) throw new FailureError({ kind: 'cancelled', message: 'Cancelled.', service: base.name });
  const deadline = AbortSignal.timeout(deadlineMs);
  deadline.addEventListener('abort', stop, { once: true });
  caller?.addEventListener('abort', stop);
  request.abortSignal = attempt.signal;
  request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
  let open = true;
  try {
    const response = await transport.sendRequest(request);
    if (response.status >= 300 && response.status < 400 && response.status !== 304)
      throw new FailureError({
        kind: 'unexpectedAnswer',
        message: `${hostOf(request.url)} wanted to redirect; redirects are not followed, nothing was sent elsewhere.`,
        service: base.name,
        status: response.status,
      });
    if (wanted?.has(response.status) === true || wanted?.has(Number.POSITIVE_INFINITY) === true) {
      open = false;
      // The body is still to come: stopping must reach it until it is closed.
      response.readableStreamBody?.once('close', release);
      return response;
    }
    const bodyAsText = await readText(response, options);
    open = false;
    release();
    return { request, status: response.status, headers: createHttpHeaders(response.headers.toJSON()), bodyAsText };
  } catch (error) {
    if (deadline.aborted && !isLeft())
      throw new FailureError({
        kind: 'network',
        code: 'DEADLINE',
        message: `${hostOf(request.url)} did not answer within ${Math.round(deadlineMs / 1_000)} seconds.`,
        service: base.name,
      });
    throw error;
  } finally {
    deadline.removeEventListener('abort', stop);
    if (open) {
      release();
      stop();
    }
    restore(request, caller, wanted);
  }
}

/** A retry of the SDK sends the same object again. */
function restore(
  request: PipelineRequest,
  caller: PipelineRequest['abortSignal'],
  wanted: Set<number> | undefined,
): void {
  if (caller === undefined) delete request.abortSignal;
  else request.abortSignal = caller;
  if (wanted === undefined) delete request.streamResponseStatusCodes;
  else request.streamResponseStatusCodes = wanted;
}

async function readText(response: PipelineResponse, { auth: { base }, maxBytes }: FenceOptions): Promise<string> {
  if (response.readableStreamBody === undefined) return response.bodyAsText ?? '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.readableStreamBody) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += buffer.length;
    if (bytes > maxBytes)
      throw new FailureError({
        kind: 'unexpectedAnswer',
        message: `${base.name} sent an answer that is larger than the limit of ${Math.round(maxBytes / 1_048_576)} MB.`,
        service: base.name,
        status: response.status,
      });
    chunks.push(buffer);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}
