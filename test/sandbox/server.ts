import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Fault } from './contract.ts';
import { answerInstead, endlessJson } from './faults.ts';
import { BodyTooLargeError, jsonAnswer, type HttpAnswer, type HttpBody, type HttpRequest } from './http.ts';
import type { ServerCertificate } from './tls/certificates.ts';

/** What one request meets on its way. */
export interface Route {
  /** Below the base of the route. */
  readonly path: string;
  handle(request: HttpRequest): Promise<HttpAnswer>;
  /** Called once when the request arrives, before it is handled. */
  arrived?(): Fault['effect'] | undefined;
  /** Called when an answer was chosen. */
  answered?(status: number, milliseconds: number): void;
  /** Delay before the request is handled, real milliseconds. */
  readonly latencyMs?: number;
  /** The server's clock for the Date header, milliseconds since 1970 UTC. */
  now(): number;
}

export interface SandboxServer {
  /** For example https://127.0.0.1:40123 */
  readonly origin: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly certificate: ServerCertificate;
  readonly port: number;
  /** Most bytes of a request's body. */
  readonly bodyLimit: number;
  /** Where a request goes; undefined: 404. The path begins with `/` and is percent-encoded, `search` with `?`. */
  route(method: string, path: string, search: string): Route | undefined;
  readonly log: (line: string) => void;
}

/** Starts the one https server of the sandbox on 127.0.0.1. */
export async function startServer(options: ServerOptions): Promise<SandboxServer> {
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      key: options.certificate.key,
      cert: options.certificate.certificate,
      keepAlive: true,
      keepAliveTimeout: 60_000,
      requestTimeout: 0,
    },
    (incoming, response) => {
      serve(options, incoming, response).catch((error: unknown) => {
        options.log(
          `sandbox: ${incoming.method ?? ''} failed: ${error instanceof Error ? error.stack : String(error)}`,
        );
        response.destroy();
      });
    },
  );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function serve(options: ServerOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now();
  const { path, search } = splitTarget(incoming.url ?? '/');
  const requestId = randomUUID();
  const route = options.route(incoming.method ?? 'GET', path, search);
  response.setHeader('x-request-id', requestId);
  if (route === undefined) {
    await send(response, jsonAnswer(404, { error: { code: 'NotFound', message: `Nothing is served at ${path}.` } }));
    return;
  }
  const effect = route.arrived?.();
  if (effect?.kind === 'drop') {
    response.destroy();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  if (route.latencyMs !== undefined && route.latencyMs > 0) await wait(route.latencyMs, gone.signal);
  const request: HttpRequest = {
    method: incoming.method ?? 'GET',
    path: route.path,
    search,
    headers: plainHeaders(incoming),
    requestId,
    signal: gone.signal,
    body: bodyReader(incoming, options.bodyLimit),
  };
  const instead = effect === undefined ? undefined : answerInstead(effect);
  const answer = instead ?? (await handleSafely(options, route, request));
  route.answered?.(answer.status, performance.now() - started);
  if (effect?.kind === 'lostReply') {
    response.destroy();
    return;
  }
  response.setHeader('date', new Date(route.now()).toUTCString());
  await sendWithFault(response, answer, request, effect);
}

async function handleSafely(options: ServerOptions, route: Route, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await route.handle(request);
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      return jsonAnswer(413, { error: { code: 'RequestContentTooLarge', message: error.message } });
    }
    options.log(`sandbox: ${request.method} ${request.path}: ${error instanceof Error ? error.stack : String(error)}`);
    return jsonAnswer(500, {
      error: { code: 'InternalServerError', message: 'The sandbox itself failed; see its log.' },
    });
  }
}

async function sendWithFault(
  response: ServerResponse,
  answer: HttpAnswer,
  request: HttpRequest,
  effect: Fault['effect'] | undefined,
): Promise<void> {
  if (effect?.kind === 'hugeBody') {
    await send(response, { ...answer, body: endlessJson(effect.bytes) });
    return;
  }
  if (effect?.kind !== 'truncate' && effect?.kind !== 'slow') {
    await send(response, answer);
    return;
  }
  const body = await collect(answer.body);
  const half = body.subarray(0, Math.ceil(body.length / 2));
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.flushHeaders();
  if (effect.kind === 'truncate') {
    // Half of the promised bytes have to be on the wire before the end, or it would be a dropped connection instead.
    response.write(half, () => response.destroy());
    return;
  }
  response.write(half);
  await wait(effect.ms, request.signal);
  response.end(body.subarray(half.length));
}

async function send(response: ServerResponse, answer: HttpAnswer): Promise<void> {
  const { body } = answer;
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? Buffer.alloc(0));
    const noBody = answer.status === 204 || answer.status === 304;
    response.writeHead(answer.status, { ...answer.headers, ...(noBody ? {} : { 'content-length': bytes.length }) });
    response.end(bytes);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  for await (const chunk of body) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

async function collect(body: HttpBody | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Path and query as they came: a URL object would resolve `..` and hide what the client really sent. */
function splitTarget(target: string): { path: string; search: string } {
  const question = target.indexOf('?');
  return question < 0
    ? { path: target, search: '' }
    : { path: target.slice(0, question), search: target.slice(question) };
}

function plainHeaders(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function bodyReader(incoming: IncomingMessage, limit: number): () => Promise<Buffer> {
  let read: Promise<Buffer> | undefined;
  return () => (read ??= readBody(incoming, limit));
}

async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  // The rest was read and thrown away, so that the client gets its answer and not a reset connection.
  if (size > limit) throw new BodyTooLargeError(`The request's body is over ${limit} bytes.`);
  return Buffer.concat(chunks);
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
