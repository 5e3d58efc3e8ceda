import { toFailure, type Failure } from '../../failure/failure.ts';
import { importRequest, type ListedFile } from '../imports/importList.ts';
import type { OperationId } from '../ids.ts';
import { isOutage } from '../state/budget.ts';
import type { ExportOperation, ImportOperation } from '../state/state.ts';
import type { RunContext } from './context.ts';
import { candidateOf } from './lostExports.ts';

/**
 * Cancels a job on its server and journals that. One that the server refuses to cancel is journalled as such. `again`:
 * its work stays to be done. `lastTry`: a service that does not answer is not asked again.
 */
export async function cancelOperation(
  context: RunContext,
  id: OperationId,
  again: boolean,
  signal: AbortSignal,
  lastTry: boolean,
): Promise<void> {
  const { exports, imports } = context.state();
  const exported = exports.get(id);
  const imported = imports.get(id);
  let failure: Failure | undefined;
  try {
    if (exported !== undefined) await cancelExport(context, exported, signal);
    if (imported !== undefined) await cancelImport(context, imported, signal);
  } catch (error) {
    failure = toFailure(error);
    const mayPass = isOutage(failure) && !lastTry;
    if (failure.kind === 'cancelled' || mayPass) throw error;
  }
  await context.record({ kind: 'operationCancelled', at: context.clock.now(), operation: id, failure, again });
}

/** Cancels a job whose end nobody will look at any more. One that cannot be cancelled runs out by itself. */
export async function letGo(
  context: RunContext,
  { kind, statusUrl }: { readonly kind: 'export' | 'import'; readonly statusUrl: string },
  signal: AbortSignal,
): Promise<void> {
  try {
    if (kind === 'export') await context.source.cancelExport(statusUrl, signal);
    else await context.target.cancelImport(statusUrl, signal);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'cancelled') throw error;
    context.log.warn('A job that was given up could not be cancelled', { kind: failure.kind });
  }
}

async function cancelExport(context: RunContext, operation: ExportOperation, signal: AbortSignal): Promise<void> {
  if (operation.statusUrl !== undefined && operation.state === 'running') {
    return context.source.cancelExport(operation.statusUrl, signal);
  }
  const jobId = operation.jobId ?? (await candidateOf(context, operation, signal))?.jobId;
  if (jobId === undefined) return;
  await context.source.cancelExport(context.source.exportStatusUrl(jobId), signal);
}

async function cancelImport(context: RunContext, operation: ImportOperation, signal: AbortSignal): Promise<void> {
  if (operation.state === 'judging') return;
  let statusUrl = operation.statusUrl;
  if (statusUrl === undefined) {
    // It may run without our knowing its name: the same body gives the same job.
    const list = (await context.attachment(operation.list)) as readonly ListedFile[];
    const { errorContainer } = context.state().plan.options;
    const request = importRequest(list, errorContainer, operation.unitBytes);
    statusUrl = (await context.target.startImport(request, signal)).statusUrl;
  }
  await context.target.cancelImport(statusUrl, signal);
}
