/** Who calls, as the server in front made out from the bearer token. Whether it suffices is decided per request. */
export interface Caller {
  /** A valid, unexpired token of the sandbox's authority was sent. */
  readonly authenticated: boolean;
  /** The token's audience is this service. */
  readonly audienceOk: boolean;
  /** Names of Azure roles on the service, for example `FHIR Data Reader`. */
  readonly roles: ReadonlySet<string>;
}

/** A request as it reaches a FHIR service, below its base address. */
export interface FhirHttpRequest {
  readonly method: string;
  /** Path below the base, percent-decoded, beginning with `/`, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The address as the client sent it, absolute, with its query as written. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly caller: Caller;
}

export type FhirHttpBody = string | Buffer | AsyncIterable<string | Uint8Array>;

/** An answer. Header names are written as the services write them. */
export interface FhirHttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FhirHttpBody;
}

/** Media type of every FHIR answer. */
export const fhirJson = 'application/fhir+json; charset=utf-8';

/** An answer with a FHIR body: an object, or JSON text that is sent as it is. */
export function fhirAnswer(
  status: number,
  body: object | string,
  headers: Record<string, string> = {},
): FhirHttpResponse {
  return {
    status,
    headers: { 'Content-Type': fhirJson, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** An answer without a body. */
export function emptyAnswer(status: number, headers: Record<string, string> = {}): FhirHttpResponse {
  return { status, headers, body: '' };
}

/** 202 of an accepted long-running operation: empty, with the absolute address of its status. */
export function accepted(statusUrl: string): FhirHttpResponse {
  return emptyAnswer(202, { 'Content-Location': statusUrl });
}
