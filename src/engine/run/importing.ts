import { toFailure, type Failure } from '../../failure/failure.ts';
import type { PartRef } from '../events.ts';
import { foldersOf, pathsOf } from '../exports/manifest.ts';
import { hopeless } from '../imports/explain.ts';
import { accountImport, filesOfPart, importRequest, unitBytes, type ListedFile } from '../imports/importList.ts';
import { importId, type OperationId, type WindowId } from '../ids.ts';
import type { AcceptedOperation, ImportResult, StagedFile } from '../ports.ts';
import { freshBudget, retryTime, spend } from '../state/budget.ts';
import type { Budget, ExportedWindow, ImportOperation, Part } from '../state/state.ts';
import { letGo } from './cancelling.ts';
import { isHalting, withNextStep, type RunContext } from './context.ts';
import { lookAt } from './exportResult.ts';
import { pollLater, pollUnanswered } from './polls.ts';
import { windowManifest } from './windowManifest.ts';

/** Writes down the files of an import and the intent to start it, then starts it. */
export async function startImport(context: RunContext, parts: readonly PartRef[], signal: AbortSignal): Promise<void> {
  const { windows } = context.state();
  // Several imports may be on their way to the journal at once: each takes its number before it waits for anything.
  const number = context.nextImport();
  const list: ListedFile[] = [];
  let attempt = 1;
  for (const [index, ref] of parts.entries()) {
    const window = windows.get(ref.window);
    const part = window?.parts[ref.part];
    if (window?.exported === undefined || part === undefined) return;
    attempt = Math.max(attempt, part.attempts + 1);
    list.push(...(await filesOf(context, window.exported, part, index)));
  }
  const operation = importId(number, attempt);
  const attached = await context.attach(`files-${operation}`, list);
  await context.record({
    kind: 'importIntended',
    at: context.clock.now(),
    operation,
    parts,
    list: attached,
    unitBytes: unitBytes(attempt),
  });
  await send(context, operation, signal);
}

async function filesOf(
  context: RunContext,
  exported: ExportedWindow,
  part: Part,
  index: number,
): Promise<readonly ListedFile[]> {
  if (part.retry === undefined) return filesOfPart((await windowManifest(context, exported)).files, part, index);
  const files = (await context.attachment(part.retry.list)) as readonly ListedFile[];
  return files.map((file) => ({ ...file, part: index }));
}

/** Sends the body of an import; the same body registers the same job (import contract, registration is idempotent). */
export async function send(context: RunContext, id: OperationId, signal: AbortSignal): Promise<void> {
  const operation = context.state().imports.get(id);
  if (operation === undefined) return;
  const { errorContainer } = context.state().plan.options;
  const list = (await context.attachment(operation.list)) as readonly ListedFile[];
  let accepted: AcceptedOperation;
  try {
    accepted = await context.target.startImport(importRequest(list, errorContainer, operation.unitBytes), signal);
  } catch (error) {
    return refused(context, operation, toFailure(error));
  }
  const { statusUrl, jobId } = accepted;
  await context.record({ kind: 'importAccepted', at: context.clock.now(), operation: id, statusUrl, jobId });
  context.unthrottled();
  pollLater(context, id, 'import');
}

async function refused(context: RunContext, operation: ImportOperation, failure: Failure): Promise<void> {
  if (failure.kind === 'cancelled') return;
  const at = context.clock.now();
  const spent = spend(operation.budget, at);
  const retryAt = retryTime(spent, context.state().plan.options.attempts, failure, at, context.random);
  if (failure.kind === 'throttled' && retryAt !== undefined) context.throttled(retryAt);
  if (isHalting(failure)) {
    // Whether it was taken or not, the same body after a resume gives the same job.
    await context.record(
      { kind: 'importDelayed', at, operation: operation.id, failure, retryAt: at },
      { kind: 'halted', at, failure: withNextStep(failure) },
    );
  } else if (['rejected', 'retired', 'notFound'].includes(failure.kind)) {
    // The target refuses imports as such: every other one would be refused too.
    await context.record(
      { kind: 'importFailed', at, operation: operation.id, failure, retryAt: at, damaged: [] },
      { kind: 'halted', at, failure: withNextStep(failure) },
    );
  } else if (retryAt === undefined || failure.kind === 'tooLarge') {
    await context.record({ kind: 'importFailed', at, operation: operation.id, failure, retryAt, damaged: [] });
  } else {
    await context.record({ kind: 'importDelayed', at, operation: operation.id, failure, retryAt });
  }
}

/** Looks at a running import; at its end accounts for every line. */
export async function pollImport(context: RunContext, id: OperationId, signal: AbortSignal): Promise<void> {
  const operation = context.state().imports.get(id);
  if (operation?.statusUrl === undefined) return;
  try {
    const status = await context.target.importStatus(operation.statusUrl, signal);
    switch (status.state) {
      case 'running': {
        pollLater(context, id, 'import', status.retryAfterMs, loadedSoFar(status.partial));
        return;
      }
      case 'completed': {
        await completed(context, operation, status.result);
        return;
      }
      case 'failed':
      case 'gone': {
        await failed(context, operation, status.failure, signal);
        return;
      }
    }
  } catch (error) {
    const failure = toFailure(error);
    if (!pollUnanswered(context, id, failure)) return;
    await letGo(context, { kind: 'import', statusUrl: operation.statusUrl }, signal);
    await failed(context, operation, failure, signal);
  }
}

function loadedSoFar(partial: ImportResult | undefined): number | undefined {
  return partial?.output.reduce((sum, { count }) => sum + count, 0);
}

async function completed(context: RunContext, operation: ImportOperation, result: ImportResult): Promise<void> {
  const list = (await context.attachment(operation.list)) as readonly ListedFile[];
  const { parts, refused: refusedFiles } = accountImport(operation.parts, list, result);
  const attached = await context.attach(`result-${operation.id}`, refusedFiles);
  await context.record({
    kind: 'importCompleted',
    at: context.clock.now(),
    operation: operation.id,
    parts,
    result: attached,
    seenRunningAt: context.poll(operation.id)?.runningAt,
  });
}

async function failed(
  context: RunContext,
  operation: ImportOperation,
  failure: Failure,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = context.state();
  if (isHalting(failure)) {
    const at = context.clock.now();
    await context.record(
      { kind: 'importFailed', at, operation: operation.id, failure, retryAt: at, damaged: [] },
      { kind: 'halted', at, failure: withNextStep(failure) },
    );
    return;
  }
  const explained = hopeless(failure);
  if (explained !== undefined) {
    const at = context.clock.now();
    await context.record({ kind: 'importFailed', at, operation: operation.id, failure: explained, damaged: [] });
    return;
  }
  const mayBeDamaged = failure.kind === 'rejected' || failure.kind === 'notFound' || failure.kind === 'conflict';
  const damaged = mayBeDamaged ? await damagedWindows(context, operation, signal) : [];
  const at = context.clock.now();
  const spent = spend(mostSpent(context, operation), at);
  const retryAt = retryTime(spent, plan.options.attempts, failure, at, context.random);
  await context.record({ kind: 'importFailed', at, operation: operation.id, failure, retryAt, damaged });
}

function mostSpent(context: RunContext, operation: ImportOperation): Budget {
  let most = freshBudget;
  for (const ref of operation.parts) {
    const budget = context.state().windows.get(ref.window)?.parts[ref.part]?.budget;
    if (budget !== undefined && budget.used > most.used) most = budget;
  }
  return most;
}

/** Windows of an import whose files are no longer in the staging account as they were exported. */
async function damagedWindows(
  context: RunContext,
  operation: ImportOperation,
  signal: AbortSignal,
): Promise<readonly WindowId[]> {
  const list = (await context.attachment(operation.list)) as readonly ListedFile[];
  const byWindow = Map.groupBy(list, (file) => operation.parts[file.part]?.window);
  const damaged: WindowId[] = [];
  for (const [id, files] of byWindow) {
    const exported = id === undefined ? undefined : context.state().windows.get(id)?.exported;
    if (id === undefined || exported === undefined) continue;
    const paths = pathsOf(
      files.map(({ url }) => url),
      context.state().plan.staging,
    );
    const staged = await lookAt(context, foldersOf(paths), signal);
    if (files.some(({ etag }, index) => !isAsExported(staged?.find(paths[index] ?? ''), etag))) damaged.push(id);
  }
  return damaged;
}

/** Files that nobody may look at count as changed: exporting them again is always right. */
function isAsExported(found: StagedFile | undefined, etag: string | undefined): boolean {
  return found !== undefined && (etag === undefined || found.etag === etag);
}
