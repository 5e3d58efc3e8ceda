import { notCutOver } from '../cutover.ts';
import type { EventOf } from '../events.ts';
import { freshBudget } from './budget.ts';
import { note, type Draft } from './draft.ts';
import { needsPerson, settleWindow } from './settle.ts';
import type { MigrationState, Part, Window } from './state.ts';

/** The state of a migration that was just written down. */
export function createdState(event: EventOf<'created'>): MigrationState {
  return {
    id: event.migration,
    plan: event.plan,
    sequence: 1,
    createdAt: event.at,
    startedAt: undefined,
    endedAt: undefined,
    run: 'planned',
    halt: undefined,
    source: undefined,
    searchParameters: { state: 'pending', outcomes: new Map(), failure: undefined },
    rounds: [],
    roundsFrom: 0,
    catchUpAsked: false,
    quiet: undefined,
    compared: undefined,
    differencesLocated: false,
    windows: new Map(),
    exports: new Map(),
    imports: new Map(),
    importsStarted: 0,
    abandoned: [],
    exportJobs: new Set(),
    redo: new Set(),
    durations: { export: [], import: [] },
    throughput: [],
    notes: [],
    cutover: notCutOver,
    cleanups: [],
    verifications: [],
    treated: [],
    accepted: new Map(),
  };
}

export function applyStarted(draft: Draft, event: EventOf<'started'>): void {
  draft.run = 'running';
  draft.startedAt ??= event.at;
}

export function applyPauseRequested(draft: Draft, event: EventOf<'pauseRequested'>): void {
  const cancelled = (event.cancel ?? []).filter((id) => draft.exports.has(id) || draft.imports.has(id));
  const mayStop = draft.run === 'running' || draft.run === 'planned' || cancelled.length > 0;
  if (!mayStop || draft.run === 'cancelling' || draft.run === 'cancelled') return;
  draft.run = 'pausing';
  for (const id of cancelled) draft.redo.add(id);
}

export function applyPaused(draft: Draft): void {
  draft.run = 'paused';
}

/** Resuming forgets waiting times, so that everything is tried at once. */
export function applyResumed(draft: Draft): void {
  goOn(draft);
  for (const window of draft.windows.values()) {
    if (window.retryAt === undefined && window.parts.every((part) => part.retryAt === undefined)) continue;
    draft.windows.set(window.id, {
      ...window,
      retryAt: undefined,
      parts: window.parts.map((part) => ({ ...part, retryAt: undefined })),
    });
  }
  for (const operation of draft.imports.values()) {
    if (operation.retryAt !== undefined) draft.imports.set(operation.id, { ...operation, retryAt: undefined });
  }
}

export function applyRetryRequested(draft: Draft, event: EventOf<'retryRequested'>): void {
  goOn(draft);
  draft.roundsFrom = (draft.rounds.at(-1)?.number ?? -1) + 1;
  draft.quiet = undefined;
  draft.compared = undefined;
  draft.differencesLocated = false;
  for (const operation of event.stuck) draft.redo.add(operation);
  if (draft.searchParameters.state === 'failed') {
    draft.searchParameters = { ...draft.searchParameters, state: 'pending', failure: undefined };
  }
  for (const window of draft.windows.values()) draft.windows.set(window.id, retried(window, event.at));
}

export function applyCatchUpRequested(draft: Draft): void {
  goOn(draft);
  draft.roundsFrom = (draft.rounds.at(-1)?.number ?? -1) + 1;
  draft.quiet = undefined;
  draft.compared = undefined;
  draft.differencesLocated = false;
  draft.catchUpAsked = true;
}

export function applyCancelRequested(draft: Draft): void {
  draft.run = 'cancelling';
  draft.halt = undefined;
}

export function applyCancelled(draft: Draft, event: EventOf<'cancelled'>): void {
  draft.run = 'cancelled';
  draft.endedAt = event.at;
}

export function applyHalted(draft: Draft, event: EventOf<'halted'>): void {
  draft.halt = event.failure;
}

export function applyAttentionNeeded(draft: Draft, event: EventOf<'attentionNeeded'>): void {
  draft.run = 'attention';
  draft.endedAt = event.at;
}

export function applyCompleted(draft: Draft, event: EventOf<'completed'>): void {
  draft.run = 'complete';
  draft.endedAt = event.at;
  if (draft.plan.options.searchParameters && [...draft.searchParameters.outcomes.values()].some(isCreated)) {
    note(draft, 'Custom search parameters were added to the target: it must be reindexed before searches use them.');
  }
}

function isCreated(outcome: { readonly outcome: string }): boolean {
  return outcome.outcome === 'created';
}

/** Runs again, whatever stopped it. */
export function goOn(draft: Draft): void {
  draft.run = 'running';
  draft.halt = undefined;
  draft.endedAt = undefined;
}

function retried(window: Window, at: number): Window {
  const waiting: Window =
    window.exported?.searchParameters === 'failed'
      ? { ...window, exported: { ...window.exported, searchParameters: 'pending' }, retryAt: undefined }
      : { ...window, retryAt: undefined };
  if (window.state !== 'needsAttention') return waiting;
  const exported = window.exported;
  if (exported === undefined || exported.errors > 0 || exported.missing > 0) {
    return toExportAgain({ ...waiting, budget: freshBudget });
  }
  return settleWindow({ ...waiting, budget: freshBudget, parts: window.parts.map(retriedPart) }, at);
}

function retriedPart(part: Part): Part {
  if (!needsPerson(part)) return part;
  // Where it is known which lines failed, only those are tried again.
  if (onlyLinesFailed(part)) return { ...part, state: 'judging', budget: freshBudget, retry: undefined, retries: 0 };
  return toImportAgain({ ...part, budget: freshBudget });
}

function onlyLinesFailed({ state, unaccounted, refusals, reasons }: Part): boolean {
  if (state === 'exhausted' || unaccounted > 0 || refusals === undefined) return false;
  return Object.keys(reasons).every((reason) => reason !== 'unread' && reason !== 'unjudged');
}

/** A window whose export is done anew; what was imported of it is counted anew too. */
export function toExportAgain(window: Window): Window {
  return {
    ...window,
    state: 'planned',
    exported: undefined,
    parts: [],
    failure: undefined,
    endedAt: undefined,
    retryAt: undefined,
    verified: undefined,
  };
}

/** A part whose lines are imported anew. */
export function toImportAgain(part: Part): Part {
  return {
    ...part,
    state: 'pending',
    retryAt: undefined,
    imported: 0,
    refused: 0,
    alreadyThere: 0,
    superseded: 0,
    failed: 0,
    unaccounted: 0,
    reasons: {},
    failure: undefined,
    refusals: undefined,
    retry: undefined,
    retries: 0,
    retried: 0,
    accepted: undefined,
  };
}
