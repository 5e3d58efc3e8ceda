import type { Failure } from '../../failure/failure.ts';
import type { EventOf, PartRef, PartResult } from '../events.ts';
import { importNumber, type OperationId } from '../ids.ts';
import type { Instant } from '../ports.ts';
import { exportAgain } from './applyExports.ts';
import { toImportAgain } from './applyLifecycle.ts';
import { judged, noteFolders } from './applyLines.ts';
import { freshBudget, spend } from './budget.ts';
import { changeImport, note, noteDuration, type Draft } from './draft.ts';
import { changeParts } from './parts.ts';
import { addThroughput } from './throughput.ts';
import type { Part } from './state.ts';

export function applyImportIntended(draft: Draft, event: EventOf<'importIntended'>): void {
  let resources = 0;
  let attempt = 1;
  changeParts(draft, event.parts, event.at, (part) => {
    resources += part.retry?.resources ?? part.resources;
    attempt = Math.max(attempt, part.attempts + 1);
    const begun: Part = { ...part, state: 'importing', attempts: part.attempts + 1, retryAt: undefined };
    return part.retry === undefined ? { ...begun, ...unjudged } : begun;
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

/** An import of all lines says of all of them what becomes of them. */
const unjudged: Pick<Part, 'alreadyThere' | 'superseded' | 'failed' | 'reasons' | 'retried' | 'accepted'> = {
  alreadyThere: 0,
  superseded: 0,
  failed: 0,
  reasons: {},
  retried: 0,
  accepted: undefined,
};

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
  changeParts(
    draft,
    event.parts,
    event.at,
    (part, result, index) => {
      const counted = part.retry === undefined ? withResult(part, result) : withRetried(part, result);
      gained += Math.max(0, counted.imported - part.imported);
      // What was only imported once more is not worth a third time.
      if (result.unaccounted > 0 && !part.importedAgain && part.retry === undefined) {
        note(draft, 'An import left lines unaccounted for: they were imported again.');
        return { ...counted, state: 'pending', importedAgain: true };
      }
      if (result.refused > 0) {
        refused.any = true;
        const refusals = part.retry === undefined ? { list: event.result, part: index } : part.refusals;
        return { ...counted, state: 'judging', refusals };
      }
      return { ...counted, state: 'settled', budget: freshBudget, retry: undefined };
    },
    operation.parts,
  );
  draft.throughput = addThroughput(draft.throughput, event.at, gained);
  draft.redo.delete(event.operation);
  if (refused.any) changeImport(draft, event.operation, { state: 'judging', result: event.result });
  else draft.imports.delete(event.operation);
}

function withResult(part: Part, { imported, refused, unaccounted }: PartResult): Part {
  return { ...part, imported, refused, unaccounted };
}

/** The import was of refused lines alone: what it took comes to what was imported before. */
function withRetried(part: Part, { imported, refused, unaccounted }: PartResult): Part {
  return {
    ...part,
    imported: part.imported + imported,
    retried: (part.retried ?? 0) + imported,
    refused,
    unaccounted,
  };
}

export function applyImportJudged(draft: Draft, event: EventOf<'importJudged'>): void {
  let gained = 0;
  changeParts(draft, event.parts, event.at, (part, verdicts) => {
    if (part.state !== 'judging') return part;
    gained += verdicts.alreadyThere + verdicts.superseded;
    return judged(part, verdicts);
  });
  noteFolders(draft, event.parts);
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
    changeParts(draft, imported.parts, event.at, (part) =>
      part.retry === undefined ? toImportAgain(part) : { ...part, state: 'pending', retryAt: undefined },
    );
  }
}
