import type { Failure } from '../../failure/failure.ts';
import type { Instant, Random } from '../ports.ts';
import type { Budget } from './state.ts';

export const freshBudget: Budget = { used: 0, firstAt: undefined };

/** The budget after one more failure. */
export function spend(budget: Budget, at: Instant): Budget {
  return { used: budget.used + 1, firstAt: budget.firstAt ?? at };
}

const second = 1_000;
const minute = 60 * second;
/** The services ask for 20 ms to 60 s (ThrottlingMiddleware); what is longer than this is not believed. */
const longestAsked = 5 * minute;
const longestOutageWait = 2 * minute;
const patiencePerAttempt = 20 * minute;

/** The whole service is away or busy, which says nothing about the operation itself. */
export function isOutage(failure: Failure): boolean {
  return failure.kind === 'throttled' || failure.kind === 'unavailable' || failure.kind === 'network';
}

/**
 * True when the operation is not tried again by itself. An outage of the service also has to last: 20 minutes for each
 * attempt after the first, so that the default of 8 attempts survives two hours.
 */
export function isExhausted(spent: Budget, attempts: number, failure: Failure, at: Instant): boolean {
  if (spent.used < attempts) return false;
  return !isOutage(failure) || at - (spent.firstAt ?? at) >= (attempts - 1) * patiencePerAttempt;
}

/** Milliseconds until the next attempt: what the server asks for, else doubling from 5 s; with up to 10 % jitter. */
export function backOff(spent: Budget, failure: Failure, random: Random): number {
  const doubled = 5 * second * 2 ** Math.min(Math.max(spent.used, 1) - 1, 10);
  const wait =
    failure.retryAfterMs === undefined
      ? Math.min(doubled, isOutage(failure) ? longestOutageWait : longestAsked)
      : Math.min(Math.max(failure.retryAfterMs, 0), longestAsked);
  return Math.ceil(wait * (1 + random() / 10));
}

/** When to try again, or undefined when the budget is used up. */
export function retryTime(
  spent: Budget,
  attempts: number,
  failure: Failure,
  now: Instant,
  random: Random,
): Instant | undefined {
  return isExhausted(spent, attempts, failure, now) ? undefined : now + backOff(spent, failure, random);
}
