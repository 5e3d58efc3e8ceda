import { FailureError, isTransient } from '../../failure/failure.ts';

/** Waits so many milliseconds. */
export type Sleep = (ms: number) => Promise<void>;

/** About five minutes in all: a driver that cannot write for longer lets others drive. */
const attempts = 10;
const longestMs = 60_000;

/** Does something again while it fails for reasons that pass by themselves. */
export async function patiently<T>(work: () => Promise<T>, sleep: Sleep): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !FailureError.is(error) || !isTransient(error.failure)) throw error;
      await sleep(Math.min(longestMs, error.failure.retryAfterMs ?? 1_000 * 2 ** (attempt - 1)));
    }
  }
}
