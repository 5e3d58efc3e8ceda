/**
 * The closed set of ways in which something outside this program can fail.
 *
 * - `notSignedIn`: no token could be had; `forbidden`: 403, a role is missing; `notFound`: 404
 * - `retired`: the 410 of a deprecated Azure API for FHIR, or a host name that no longer exists
 * - `throttled`: 429; `unavailable`: 408, 502, 503, 504; `network`: no HTTP answer at all
 * - `locked`: 423, initial import mode; `conflict`: 409 or 412; `tooLarge`: 413 or an out-of-memory text
 * - `rejected`: any other 4xx or a failed operation; `serverError`: any other 5xx
 * - `unexpectedAnswer`: an answer that does not fit its schema, its size limit or its allowed hosts
 * - `invalidInput`: what the user gave cannot be used; `journal`: the journal is damaged, foreign or taken by another driver
 * - `diskFull`: nothing more can be written locally; `cancelled`: the user stopped it; `bug`: everything else
 */
export type FailureKind =
  | 'notSignedIn'
  | 'forbidden'
  | 'notFound'
  | 'retired'
  | 'throttled'
  | 'unavailable'
  | 'network'
  | 'locked'
  | 'conflict'
  | 'tooLarge'
  | 'rejected'
  | 'serverError'
  | 'unexpectedAnswer'
  | 'invalidInput'
  | 'journal'
  | 'diskFull'
  | 'cancelled'
  | 'bug';

/**
 * What went wrong, as plain data that may be journalled, logged and shown.
 * Nothing in it may hold resource content, a resource id, a token or a query string.
 */
export interface Failure {
  readonly kind: FailureKind;
  /** One sentence: what was tried and how it ended. */
  readonly message: string;
  /** Name or endpoint of the service that it happened on. */
  readonly service?: string;
  /** HTTP method and path template, for example `GET /_operations/export/{id}`. */
  readonly request?: string;
  readonly status?: number;
  /** The server's own words, redacted (see redact.ts), at most a few hundred characters each. */
  readonly diagnostics?: readonly string[];
  /** Error code of the server, for example `AuthorizationFailed`. */
  readonly code?: string;
  readonly requestId?: string;
  /** Milliseconds that the server asks to wait before the next attempt. */
  readonly retryAfterMs?: number;
  /** One sentence: what the user can do next. */
  readonly nextStep?: string;
}

/** The one error class for failures that users are told about; everything else thrown is a bug. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: { readonly cause?: unknown }) {
    super(failure.message, options);
    this.failure = failure;
  }

  /** Works across bundles, where `instanceof` does not. */
  static is(error: unknown, kind?: FailureKind): error is FailureError {
    if (!(error instanceof Error) || error.name !== 'FailureError' || !('failure' in error)) return false;
    return kind === undefined || (error as FailureError).failure.kind === kind;
  }
}

const transientKinds: ReadonlySet<FailureKind> = new Set(['throttled', 'unavailable', 'network', 'serverError']);

/** True when the same request may succeed later without anybody doing anything. */
export function isTransient(failure: Failure): boolean {
  return transientKinds.has(failure.kind);
}

/** Names of errors that say that nobody waits any more: those of the platform, and those of VS Code's own calls. */
const cancellations: ReadonlySet<string> = new Set(['AbortError', 'Canceled']);

/** Turns anything thrown into a failure: a FailureError gives its own, an abort becomes `cancelled`, the rest `bug`. */
export function toFailure(error: unknown): Failure {
  if (FailureError.is(error)) return error.failure;
  if (error instanceof Error && cancellations.has(error.name)) return { kind: 'cancelled', message: 'Cancelled.' };
  const name = error instanceof Error ? error.name : typeof error;
  return { kind: 'bug', message: `Unexpected ${name}: ${error instanceof Error ? error.message : String(error)}` };
}
