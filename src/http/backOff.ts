import { longestWaitMs } from './retryAfter.ts';

const firstMs = 1_000;

/**
 * Milliseconds to wait after a failed attempt when the server gives no advice: doubling from one second, at most five
 * minutes, half of it random so that clients that failed together do not come back together.
 */
export function backOffMs(attempt: number, random: () => number): number {
  const full = Math.min(longestWaitMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
