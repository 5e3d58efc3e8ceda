import { FailureError, isTransient, type Failure } from '../../failure/failure.ts';
import { nextPoll } from '../decide/polling.ts';
import type { OperationId } from '../ids.ts';
import { backOff, freshBudget, spend } from '../state/budget.ts';
import { isHalting, type RunContext } from './context.ts';

/** Plans the next look at a running operation. */
export function pollLater(
  context: RunContext,
  id: OperationId,
  kind: 'export' | 'import',
  retryAfterMs?: number,
  resources?: number,
): void {
  const state = context.state();
  const operation = state.exports.get(id) ?? state.imports.get(id);
  const now = context.clock.now();
  const elapsed = now - (operation?.acceptedAt ?? operation?.intendedAt ?? now);
  context.polled(id, {
    lastAt: now,
    runningAt: now,
    nextAt: now + nextPoll(elapsed, state.durations[kind], retryAfterMs),
    resources: resources ?? context.poll(id)?.resources,
    failure: undefined,
    budget: freshBudget,
  });
}

/** Unreadable answers to a look before the operation counts as failed. */
const unreadable = 5;

/**
 * A look at an operation was not answered. An outage costs nothing but time: the job runs on its server, so it is
 * looked at again, for as long as it takes. True when the answer can never be read, so that the operation is lost.
 * Throws what halts the migration.
 */
export function pollUnanswered(context: RunContext, id: OperationId, failure: Failure): boolean {
  if (failure.kind === 'cancelled') return false;
  if (isHalting(failure) || failure.kind === 'retired') throw new FailureError(failure);
  const before = context.poll(id);
  const now = context.clock.now();
  const budget = spend(before?.budget ?? freshBudget, now);
  if (!isTransient(failure) && budget.used >= unreadable) return true;
  context.polled(id, {
    lastAt: now,
    runningAt: before?.runningAt,
    nextAt: now + backOff(budget, failure, context.random),
    resources: before?.resources,
    failure,
    budget,
  });
  return false;
}
