import type { Failure } from '../../failure/failure.ts';
import type { OperationId } from '../ids.ts';
import { retryTime, spend } from '../state/budget.ts';
import type { ExportOperation, Window } from '../state/state.ts';
import { halves, isSmallestPage, named, smallerPage } from '../windows/split.ts';
import { isHalting, withNextStep, type RunContext } from './context.ts';

/**
 * An export did not come to its end. One that was too large is split, or asked for with smaller pages; what no waiting
 * mends halts the migration; the rest is tried again within the window's budget. `atStart`: the request itself was
 * refused, which a refusal for good of every other window would follow.
 */
export async function exportEnded(
  context: RunContext,
  id: OperationId,
  failure: Failure,
  atStart = false,
): Promise<void> {
  const { windows, exports, plan } = context.state();
  const operation = exports.get(id);
  const window = operation === undefined ? undefined : windows.get(operation.window);
  if (operation === undefined || window === undefined) return;
  const at = context.clock.now();
  if (isTooLarge(failure)) return split(context, operation, window, failure);
  const systematic = atStart && ['rejected', 'retired', 'notFound', 'conflict'].includes(failure.kind);
  if (isHalting(failure) || systematic) {
    await context.record(
      { kind: 'exportFailed', at, operation: id, failure, retryAt: at },
      { kind: 'halted', at, failure: withNextStep(failure) },
    );
    return;
  }
  const retryAt = retryTime(spend(window.budget, at), plan.options.attempts, failure, at, context.random);
  await context.record({ kind: 'exportFailed', at, operation: id, failure, retryAt });
}

/** 413 and 408 as an operation's own status, or an out-of-memory text (export contract, failure reasons). */
function isTooLarge(failure: Failure): boolean {
  return failure.kind === 'tooLarge' || failure.status === 408;
}

async function split(context: RunContext, operation: ExportOperation, window: Window, failure: Failure): Promise<void> {
  const at = context.clock.now();
  const earliest = context.state().source?.earliest;
  const parts = halves(window, earliest);
  const maxCount = smallerPage(operation.maxCount);
  if (parts === undefined) {
    const retryAt = isSmallestPage(operation.maxCount) ? undefined : at;
    const explained: Failure = {
      ...failure,
      message: `${failure.message} The window is one millisecond long and cannot be split further.`,
    };
    return context.record({ kind: 'exportFailed', at, operation: operation.id, failure: explained, retryAt, maxCount });
  }
  await context.record({
    kind: 'windowSplit',
    at,
    window: window.id,
    failure,
    maxCount,
    parts: named(window.id, parts),
  });
}
