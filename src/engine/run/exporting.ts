import { toFailure, type Failure } from '../../failure/failure.ts';
import { exportRequest, isOurs } from '../exports/exportRequest.ts';
import { operationId, type OperationId, type WindowId } from '../ids.ts';
import type { AcceptedOperation, ExportManifest } from '../ports.ts';
import type { ExportOperation } from '../state/state.ts';
import { least } from '../windows/sizing.ts';
import { letGo } from './cancelling.ts';
import { mayHaveStarted, type RunContext } from './context.ts';
import { exportEnded } from './exportEnded.ts';
import { completeExport } from './exportResult.ts';
import { pollLater, pollUnanswered } from './polls.ts';

/** Journals the intent, then asks the source for the export. */
export async function startExport(context: RunContext, id: WindowId, signal: AbortSignal): Promise<void> {
  const { plan, windows, source, sizing } = context.state();
  const window = windows.get(id);
  if (window === undefined) return;
  const operation = operationId(`e${id.slice(1)}-${window.attempts + 1}`);
  const maxCount = least(window.maxCount, sizing?.maxCount) ?? plan.options.maxCount;
  const now = context.clock.now();
  await context.record({
    kind: 'exportIntended',
    at: now,
    operation,
    window: id,
    serverTime: now + (source?.clockOffset ?? 0),
    since: window.since,
    till: window.till,
    maxCount,
  });
  let accepted: AcceptedOperation;
  try {
    accepted = await context.source.startExport(exportRequest(plan, window, maxCount), signal);
  } catch (error) {
    return refused(context, operation, toFailure(error));
  }
  await context.record({ kind: 'exportAccepted', at: context.clock.now(), operation, adopted: false, ...accepted });
  pollLater(context, operation, 'export');
}

async function refused(context: RunContext, operation: OperationId, failure: Failure): Promise<void> {
  const at = context.clock.now();
  // Aborted in the middle: whoever drives next takes the answer for lost.
  if (failure.kind === 'cancelled') return;
  if (mayHaveStarted(failure)) return context.record({ kind: 'exportReplyLost', at, operation, failure });
  await exportEnded(context, operation, failure, true);
}

/** Looks at an export that is running, or at one that may be ours. */
export async function pollExport(context: RunContext, id: OperationId, signal: AbortSignal): Promise<void> {
  const operation = context.state().exports.get(id);
  if (operation?.statusUrl === undefined) return;
  const candidate = operation.state === 'candidate';
  try {
    const status = await context.source.exportStatus(operation.statusUrl, signal);
    switch (status.state) {
      case 'running': {
        pollLater(context, id, 'export', status.retryAfterMs);
        return;
      }
      case 'completed': {
        await completed(context, operation, status.manifest, signal);
        return;
      }
      case 'failed':
      case 'gone':
        if (candidate) {
          await refuseCandidate(context, operation);
          return;
        }
        {
          await exportEnded(context, id, status.failure);
          return;
        }
    }
  } catch (error) {
    const failure = toFailure(error);
    const gaveUp = pollUnanswered(context, id, failure);
    if (!gaveUp) return;
    if (candidate) return refuseCandidate(context, operation);
    await letGo(context, { kind: 'export', statusUrl: operation.statusUrl }, signal);
    await exportEnded(context, id, failure);
  }
}

async function completed(
  context: RunContext,
  operation: ExportOperation,
  manifest: ExportManifest,
  signal: AbortSignal,
): Promise<void> {
  if (operation.state !== 'candidate') return completeExport(context, operation, manifest, signal);
  const { type } = context.state().windows.get(operation.window) ?? {};
  if (!isOurs(context.state().plan, { ...operation, type }, manifest)) return refuseCandidate(context, operation);
  const { statusUrl, jobId } = operation;
  if (statusUrl === undefined || jobId === undefined) return;
  const at = context.clock.now();
  await context.record({ kind: 'exportAccepted', at, operation: operation.id, statusUrl, jobId, adopted: true });
  await completeExport(context, operation, manifest, signal);
}

async function refuseCandidate(context: RunContext, operation: ExportOperation): Promise<void> {
  if (operation.jobId === undefined) return;
  await context.record({
    kind: 'candidateRefused',
    at: context.clock.now(),
    operation: operation.id,
    jobId: operation.jobId,
  });
}
