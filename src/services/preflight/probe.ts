import { FailureError, toFailure } from '../../failure/failure.ts';
import type { Probe } from './facts.ts';

/** Asks once and keeps the answer or the reason for none. Only a cancellation goes through. */
export async function probe<T>(request: string, ask: () => Promise<T>): Promise<Probe<T>> {
  try {
    return { ok: true, request, value: await ask() };
  } catch (error) {
    if (FailureError.is(error, 'cancelled')) throw error;
    return { ok: false, request, failure: toFailure(error) };
  }
}
