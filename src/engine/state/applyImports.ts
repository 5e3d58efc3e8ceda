import type { Failure } from '../../failure/failure.ts';
import type { EventOf, PartRef } from '../events.ts';
import { importNumber, type OperationId, type WindowId } from '../ids.ts';
import type { Instant } from '../ports.ts';
import { exportAgain } from './applyExports.ts';
import { toImportAgain } from './applyLifecycle.ts';
import { freshBudget, spend } from './budget.ts';
import { changeImport, note, noteDuration, type Draft } from './draft.ts';
import { settleWindow } from './settle.ts';
import { addThroughput } from './throughput.ts';
import type { Part } from './state.ts';

export function applyImportIntended(draft: Draft, event: EventOf<'importIntended'>): void {
  let resources = 0;
  let attempt = 1;
  changeParts(draft, event.parts, event.at, (part) => {
    resources += part.resources;
    attempt = Math.max(attempt, part.attempts + 1);
    return { ...part, state: 'importing', attempts: part.attempts + 1, retryAt: undefined };
  });
  draft.importsStarted = Math.max(draft.importsStarted + 1, importNumber(event.operation));
  draft.imports.set(event.operation, {
    id: event.operation,
    attempt,
    state: 'starting',
    parts: event.parts,
    list: event.list,
    unitBytes: event.unitBytes,
    resources,
    intendedAt: event.at,
    statusUrl: undefined,
    jobId: undefined,
    acceptedAt: undefined,
    result: undefined,
    budget: freshBudget,
    retryAt: undefined,
  });
}

export function applyImportAccepted(draft: Draft, event: EventOf<'importAccepted'>): void {
  changeImport(draft, event.operation, {
    state: 'running',
    statusUrl: event.statusUrl,
    jobId: event.jobId,
    acceptedAt: event.at,
    retryAt: undefined,
  });
}

export function applyImportDelayed(draft: Draft, event: EventOf<'importDelayed'>): void {
  const operation = draft.imports.get(event.operation);
  if (operation === undefined) return;
  changeImport(draft, event.operation, { retryAt: event.retryAt, budget: spend(operation.budget, event.at) });
}

export function applyImportCompleted(draft: Draft, event: EventOf<'importCompleted'>): void {
  const operation = draft.imports.get(event.operation);
  if (operation === undefined) return;
  noteDuration(draft, 'import', operation.acceptedAt ?? operation.intendedAt, event);
  let gained = 0;
  const refused = { any: false };
  changeParts(draft, event.parts, event.at, (part, result) => {
    gained += Math.max(0, result.imported - part.imported);
    const counted: Part = {
      ...part,
      imported: result.imported,
      refused: result.refused,
      unaccounted: result.unaccounted,
    };
    if (result.unaccounted > 0 && !part.importedAgain) {
      note(draft, 'An import left lines unaccounted for: they were imported again.');
      return { ...counted, state: 'pending', importedAgain: true };
    }
    if (result.refused > 0) {
      refused.any = true;
      return { ...counted, state: 'judging' };
    }
    return { ...counted, state: 'settled', budget: freshBudget };
  });
  draft.throughput = addThroughput(draft.throughput, event.at, gained);
  draft.redo.delete(event.operation);
  if (refused.any) changeImport(draft, event.operation, { state: 'judging', result: event.result });
  else draft.imports.delete(event.operation);
}

export function applyImportJudged(draft: Draft, event: EventOf<'importJudged'>): void {
  let gained = 0;
  changeParts(draft, event.parts, event.at, (part, judged) => {
    if (part.state !== 'judging') return part;
    gained += judged.alreadyThere + judged.superseded;
    return {
      ...part,
      state: 'settled',
      budget: freshBudget,
      alreadyThere: judged.alreadyThere,
      superseded: judged.superseded,
      failed: judged.failed,
      reasons: judged.reasons,
    };
  });
  draft.throughput = addThroughput(draft.throughput, event.at, gained);
  draft.imports.delete(event.operation);
}

export function applyImportFailed(draft: Draft, event: EventOf<'importFailed'>): void {
  const operation = draft.imports.get(event.operation);
  if (operation === undefined) return;
  endImport(draft, event.operation, event.failure, event.at, event.retryAt, operation.parts);
  for (const window of event.damaged) exportAgain(draft, window, event.failure, event.at);
}

function endImport(
  draft: Draft,
  id: OperationId,
  failure: Failure,
  at: Instant,
  retryAt: Instant | undefined,
  parts: readonly PartRef[],
): void {
  draft.imports.delete(id);
  draft.redo.delete(id);
  changeParts(draft, parts, at, (part) => ({
    ...part,
    state: retryAt === undefined ? 'exhausted' : 'pending',
    budget: spend(part.budget, at),
    retryAt,
    failure,
  }));
}

/** A cancelled operation leaves its work as it was before it began. */
export function applyOperationCancelled(draft: Draft, event: EventOf<'operationCancelled'>): void {
  draft.redo.delete(event.operation);
  if (event.failure !== undefined) {
    note(draft, 'A running operation could not be cancelled on its server and runs on there; its result is not used.');
  }
  const exported = draft.exports.get(event.operation);
  if (exported !== undefined) {
    draft.exports.delete(exported.id);
    const window = draft.windows.get(exported.window);
    if (window !== undefined) draft.windows.set(window.id, { ...window, state: 'planned', retryAt: undefined });
  }
  const imported = draft.imports.get(event.operation);
  if (imported !== undefined) {
    draft.imports.delete(imported.id);
    changeParts(draft, imported.parts, event.at, toImportAgain);
  }
}

/** Changes parts of windows and derives the windows' states; parts of an earlier export of a window are left alone. */
function changeParts<Ref extends PartRef>(
  draft: Draft,
  refs: readonly Ref[],
  at: Instant,
  change: (part: Part, ref: Ref) => Part,
): void {
  const byWindow = new Map<WindowId, Ref[]>();
  for (const ref of refs) {
    const group = byWindow.get(ref.window);
    if (group === undefined) byWindow.set(ref.window, [ref]);
    else group.push(ref);
  }
  for (const [id, group] of byWindow) {
    const window = draft.windows.get(id);
    if (window?.exported === undefined) continue;
    const parts = [...window.parts];
    for (const ref of group) {
      const part = parts[ref.part];
      if (part === undefined || ref.operation !== window.exported.operation) continue;
      parts[ref.part] = change(part, ref);
    }
    draft.windows.set(id, settleWindow({ ...window, parts }, at));
  }
}
