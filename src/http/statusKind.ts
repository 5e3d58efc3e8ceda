import type { FailureKind } from '../failure/failure.ts';

/** The kind of failure that a status stands for when the body says nothing better. */
export function kindOfStatus(status: number): FailureKind {
  switch (status) {
    case 401:
      return 'notSignedIn';
    case 403:
      return 'forbidden';
    case 404:
    case 410:
      return 'notFound';
    case 408:
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    case 409:
    case 412:
      return 'conflict';
    case 413:
      return 'tooLarge';
    case 423:
      return 'locked';
    case 429:
      return 'throttled';
    default:
      if (status >= 500) return 'serverError';
      return status >= 400 ? 'rejected' : 'unexpectedAnswer';
  }
}
