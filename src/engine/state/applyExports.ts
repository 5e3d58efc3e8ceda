import type { Failure } from '../../failure/failure.ts';
import type { EventOf, PlannedPart } from '../events.ts';
import type { WindowId } from '../ids.ts';
import type { Instant } from '../ports.ts';
import { toExportAgain } from './applyLifecycle.ts';
import { grown, lowered } from '../windows/sizing.ts';
import { freshBudget, spend } from './budget.ts';
import { changeExport, changeWindow, note, noteDuration, type Draft } from './draft.ts';
import { settleWindow } from './settle.ts';
import type { ExportedWindow, ExportOperation, Part, Window } from './state.ts';

export function applyExportIntended(draft: Draft, event: EventOf<'exportIntended'>): void {
  const window = draft.windows.get(event.window);
  if (window === undefined) return;
  draft.windows.set(window.id, {
    ...window,
    state: 'exporting',
    attempts: window.attempts + 1,
    retryAt: undefined,
    startedAt: window.startedAt ?? event.at,
    endedAt: undefined,
  });
  draft.exports.set(event.operation, {
    id: event.operation,
    window: event.window,
    attempt: window.attempts + 1,
    state: 'starting',
    intendedAt: event.at,
    serverTime: event.serverTime,
    lostAt: undefined,
    since: event.since,
    till: event.till,
    maxCount: event.maxCount,
    statusUrl: undefined,
    jobId: undefined,
    acceptedAt: undefined,
    refusedJobs: [],
  });
}

export function applyExportAccepted(draft: Draft, event: EventOf<'exportAccepted'>): void {
  const operation = draft.exports.get(event.operation);
  if (operation === undefined) return;
  changeExport(draft, event.operation, {
    state: 'running',
    statusUrl: event.statusUrl,
    jobId: event.jobId,
    // An adopted export has been running since it was asked for.
    acceptedAt: event.adopted ? operation.intendedAt : event.at,
  });
  draft.exportJobs.add(event.jobId);
  if (event.serverTime !== undefined && draft.source !== undefined) {
    draft.source = { ...draft.source, clockOffset: event.serverTime - event.at };
  }
}

export function applyExportReplyLost(draft: Draft, event: EventOf<'exportReplyLost'>): void {
  const lostAt = draft.exports.get(event.operation)?.lostAt ?? event.at;
  changeExport(draft, event.operation, { state: 'lost', lostAt });
}

export function applyExportCandidate(draft: Draft, event: EventOf<'exportCandidate'>): void {
  if (!draft.exports.has(event.operation)) return;
  changeExport(draft, event.operation, { state: 'candidate', jobId: event.jobId, statusUrl: event.statusUrl });
  draft.exportJobs.add(event.jobId);
}

export function applyCandidateRefused(draft: Draft, event: EventOf<'candidateRefused'>): void {
  const operation = draft.exports.get(event.operation);
  if (operation === undefined) return;
  changeExport(draft, event.operation, {
    state: 'lost',
    jobId: undefined,
    statusUrl: undefined,
    refusedJobs: [...operation.refusedJobs, event.jobId],
  });
  draft.exportJobs.delete(event.jobId);
}

export function applyExportAbandoned(draft: Draft, event: EventOf<'exportAbandoned'>): void {
  const operation = draft.exports.get(event.operation);
  if (operation === undefined) return;
  draft.abandoned = [
    ...draft.abandoned,
    {
      id: operation.id,
      window: operation.window,
      serverTime: operation.serverTime,
      intendedAt: operation.intendedAt,
      lostAt: operation.lostAt ?? event.at,
      since: operation.since,
      till: operation.till,
      maxCount: operation.maxCount,
    },
  ];
  endFailed(draft, operation, event.failure, event.at, event.retryAt);
}

export function applyExportFailed(draft: Draft, event: EventOf<'exportFailed'>): void {
  const operation = draft.exports.get(event.operation);
  if (operation === undefined) return;
  endFailed(draft, operation, event.failure, event.at, event.retryAt);
  const { maxCount } = event;
  if (maxCount === undefined) return;
  changeWindow(draft, operation.window, () => ({ maxCount }));
  draft.sizing = lowered(draft.sizing, { maxCount });
}

function endFailed(
  draft: Draft,
  operation: ExportOperation,
  failure: Failure,
  at: Instant,
  retryAt: Instant | undefined,
): void {
  draft.exports.delete(operation.id);
  draft.redo.delete(operation.id);
  changeWindow(draft, operation.window, (window) => ({
    state: retryAt === undefined ? 'needsAttention' : 'planned',
    budget: spend(window.budget, at),
    retryAt,
    failure,
    endedAt: retryAt === undefined ? at : undefined,
  }));
}

export function applyExportCompleted(draft: Draft, event: EventOf<'exportCompleted'>): void {
  const operation = draft.exports.get(event.operation);
  const window = operation === undefined ? undefined : draft.windows.get(operation.window);
  if (operation === undefined || window === undefined) return;
  draft.exports.delete(operation.id);
  draft.redo.delete(operation.id);
  noteDuration(draft, 'export', operation.acceptedAt ?? operation.intendedAt, event);
  // On a source that shows only the present, whatever changed while this export ran is not in it.
  draft.quiet = undefined;
  draft.compared = undefined;
  draft.sizing = grown(draft.sizing, draft.plan);
  const folders = [...window.folders, ...event.folders];
  const missing = Math.max(0, (event.recount ?? 0) - event.resources);
  if (missing > 0 && !window.exportedAgain) {
    draft.windows.set(window.id, { ...toExportAgain(window), folders, exportedAgain: true, budget: freshBudget });
    note(draft, 'An export held fewer resources than a count of its window: the window was exported again.');
    return;
  }
  const exported: ExportedWindow = {
    operation: operation.id,
    folders: event.folders,
    resources: event.resources,
    files: event.files,
    setAside: event.setAside,
    manifest: event.manifest,
    errors: event.errors,
    missing,
    completedAt: event.at,
    searchParameters: copiesStaged(draft, window, event) ? 'pending' : 'none',
  };
  const parts = partsOf(event.parts);
  const next: Window = {
    ...window,
    state: 'exported',
    exported,
    parts,
    folders,
    budget: freshBudget,
    retryAt: undefined,
    failure: undefined,
  };
  draft.windows.set(window.id, settleWindow(next, event.at));
}

/** Search parameters come from the staged files where the source cannot be asked for them, or got them meanwhile. */
function copiesStaged(draft: Draft, window: Window, event: EventOf<'exportCompleted'>): boolean {
  if (!draft.plan.options.searchParameters || event.setAside.files === 0) return false;
  return window.round > 0 || draft.source?.counts !== true;
}

function partsOf(planned: readonly PlannedPart[]): readonly Part[] {
  let from = 0;
  return planned.map((part): Part => {
    const first = from;
    from += part.files;
    return {
      ...part,
      from: first,
      state: 'pending',
      attempts: 0,
      budget: freshBudget,
      retryAt: undefined,
      imported: 0,
      refused: 0,
      alreadyThere: 0,
      superseded: 0,
      failed: 0,
      unaccounted: 0,
      reasons: {},
      importedAgain: false,
      failure: undefined,
    };
  });
}

export function applyOrphansChecked(draft: Draft, event: EventOf<'orphansChecked'>): void {
  draft.abandoned = draft.abandoned.filter((abandoned) => abandoned.id !== event.operation);
  for (const orphan of event.orphans) draft.exportJobs.add(orphan.jobId);
}

/** A window whose staged files are gone or changed is exported anew, within its budget. */
export function exportAgain(draft: Draft, id: WindowId, failure: Failure, at: Instant): void {
  changeWindow(draft, id, (window) => {
    const budget = spend(window.budget, at);
    if (budget.used < draft.plan.options.attempts) return { ...toExportAgain(window), budget };
    return { ...toExportAgain(window), state: 'needsAttention', budget, failure, endedAt: at };
  });
}
