/** Any JSON value, as parsed. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** A request as the parts of the sandbox see it, below the route that they serve. */
export interface HttpRequest {
  readonly method: string;
  /** Below the base of the route, begins with `/`, percent-encoded as it came. */
  readonly path: string;
  /** With its question mark, percent-encoded as it came; empty without a query. */
  readonly search: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** The whole body. Throws BodyTooLargeError. */
  body(): Promise<Buffer>;
}

export type HttpBody = string | Uint8Array | AsyncIterable<Uint8Array | string>;

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpBody;
}

/** A request's body is over the limit of the server. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** A JSON answer as ARM and Entra send it. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** Narrows a JSON value to an object that is not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as JSON, or undefined when it is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
