import { formatInstant } from './instant.ts';

/** Codes of issues that the services use. */
export type IssueCode =
  | 'invalid'
  | 'structure'
  | 'required'
  | 'login'
  | 'forbidden'
  | 'not-supported'
  | 'not-found'
  | 'conflict'
  | 'processing'
  | 'exception'
  | 'timeout'
  | 'throttled'
  | 'too-costly'
  | 'too-long'
  | 'unknown'
  | 'business-rule'
  | 'informational'
  | 'incomplete';

export interface Issue {
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly code: IssueCode;
  readonly diagnostics?: string;
}

/** Thrown anywhere while a request is handled: becomes an answer with that status and an OperationOutcome. */
export class FhirError extends Error {
  readonly status: number;
  readonly issues: readonly Issue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, issues: readonly Issue[], headers: Readonly<Record<string, string>> = {}) {
    super(issues[0]?.diagnostics ?? `HTTP ${status}`);
    this.name = 'FhirError';
    this.status = status;
    this.issues = issues;
    this.headers = headers;
  }
}

/** A FhirError with one issue of severity error. */
export function fhirError(status: number, code: IssueCode, diagnostics: string): FhirError {
  return new FhirError(status, [{ severity: 'error', code, diagnostics }]);
}

/** 400, code `invalid`. */
export function badRequest(diagnostics: string): FhirError {
  return fhirError(400, 'invalid', diagnostics);
}

/**
 * The body of almost every failure.
 * @param id correlation id of the request
 * @param now milliseconds of the service's clock
 */
export function operationOutcome(id: string, now: number, issues: readonly Issue[]): object {
  return {
    resourceType: 'OperationOutcome',
    id,
    meta: { lastUpdated: formatInstant(now) },
    ...(issues.length > 0 ? { issue: issues } : {}),
  };
}
