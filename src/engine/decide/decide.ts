import type { MigrationState } from '../state/state.ts';
import { isWindowSettled } from '../state/settle.ts';
import type { Instant } from '../ports.ts';
import type { Action } from './actions.ts';
import { actionKey } from './actions.ts';
import { catchUpActions } from './catchUp.ts';
import { exportActions } from './exportActions.ts';
import { importActions } from './importActions.ts';
import type { Observations } from './observations.ts';
import { heldUntil } from './politeness.ts';
import { planningActions } from './planningActions.ts';
import { verifyingActions } from './verifyingActions.ts';

export type Finish = 'paused' | 'cancelled' | 'attention' | 'complete';

export interface Decision {
  /** Due now and not yet running. */
  readonly actions: readonly Action[];
  /** When to decide again at the latest; undefined: only when something running ends. */
  readonly nextAt: Instant | undefined;
  /** Nothing is left to do: the driver stops. */
  readonly finish: Finish | undefined;
}

/** Collects actions whose time has come, and the time of the next one. */
export interface Agenda {
  readonly state: MigrationState;
  readonly seen: Observations;
  readonly now: Instant;
  /** Adds an action unless it runs already or has to wait. */
  add(action: Action, notBefore?: Instant): void;
  isRunning(key: string): boolean;
  /** Nothing is due before this instant for a reason of the state itself. */
  wait(until: Instant): void;
}

/**
 * What is due. Pure: the same state, observations and instant give the same decision; no clock, no random, no I/O.
 */
export function decide(state: MigrationState, seen: Observations, now: Instant): Decision {
  const actions: Action[] = [];
  let nextAt: Instant | undefined;
  const wait = (until: Instant): void => {
    nextAt = Math.min(nextAt ?? until, until);
  };
  const agenda: Agenda = {
    state,
    seen,
    now,
    isRunning: (key) => seen.running.has(key),
    wait,
    add: (action, notBefore) => {
      const key = actionKey(action);
      if (seen.running.has(key)) return;
      const due = Math.max(notBefore ?? now, seen.delays.get(key)?.nextAt ?? now, heldUntil(state, action, now) ?? now);
      if (due <= now) actions.push(action);
      else wait(due);
    },
  };
  const finish = fill(agenda);
  const isStalled = actions.length === 0 && nextAt === undefined && seen.running.size === 0;
  if (finish === undefined && isStalled) {
    // Never idle without a reason: what cannot go on is shown to a person.
    actions.push({ kind: 'record', event: { kind: 'attentionNeeded', at: now } });
  }
  return { actions, nextAt, finish };
}

function fill(agenda: Agenda): Finish | undefined {
  const { state, seen, now } = agenda;
  const idle = seen.running.size === 0;
  switch (state.run) {
    case 'paused':
      return idle ? 'paused' : undefined;
    case 'cancelled':
      return idle ? 'cancelled' : undefined;
    case 'attention':
      return idle ? 'attention' : undefined;
    case 'complete':
      return idle ? 'complete' : undefined;
    case 'pausing':
      cancelChosen(agenda);
      if (idle && state.redo.size === 0) agenda.add({ kind: 'record', event: { kind: 'paused', at: now } });
      return undefined;
    case 'cancelling':
      cancelAll(agenda, idle);
      return undefined;
    case 'planned':
      agenda.add({ kind: 'record', event: { kind: 'started', at: now } });
      return undefined;
    case 'running':
      if (state.halt === undefined) work(agenda);
      else if (idle) agenda.add({ kind: 'record', event: { kind: 'attentionNeeded', at: now } });
      return undefined;
  }
}

/** Operations that somebody wants to be cancelled before the rest is left as it is. */
function cancelChosen(agenda: Agenda): void {
  const { exports, imports, redo } = agenda.state;
  for (const id of redo) {
    const window = exports.get(id)?.window;
    const parts = imports.get(id)?.parts ?? [];
    if ((window !== undefined && agenda.isRunning(`window:${window}`)) || isStarting(agenda, parts)) continue;
    agenda.add({ kind: 'cancelOperation', operation: id, again: true });
  }
}

function cancelAll(agenda: Agenda, idle: boolean): void {
  const { state, now } = agenda;
  for (const operation of state.exports.values()) {
    if (agenda.isRunning(`window:${operation.window}`)) continue;
    agenda.add({ kind: 'cancelOperation', operation: operation.id, again: false });
  }
  for (const operation of state.imports.values()) {
    if (isStarting(agenda, operation.parts)) continue;
    agenda.add({ kind: 'cancelOperation', operation: operation.id, again: false });
  }
  for (const abandoned of state.abandoned) agenda.add({ kind: 'findOrphans', abandoned });
  if (state.probe !== undefined && !agenda.isRunning('proveDeidentification')) agenda.add({ kind: 'cancelProbe' });
  const isOver = state.exports.size === 0 && state.imports.size === 0 && state.abandoned.length === 0;
  if (idle && isOver && state.probe === undefined) {
    agenda.add({ kind: 'record', event: { kind: 'cancelled', at: now } });
  }
}

/** The request that starts an import of these parts is under way in this process. */
export function isStarting(
  agenda: Agenda,
  parts: readonly { readonly window: string; readonly part: number }[],
): boolean {
  const first = parts[0];
  if (first === undefined) return false;
  for (const action of agenda.seen.running.values()) {
    if (action.kind !== 'startImport') continue;
    if (action.parts.some((part) => part.window === first.window && part.part === first.part)) return true;
  }
  return false;
}

function work(agenda: Agenda): void {
  const { state, seen } = agenda;
  if (state.source === undefined) {
    agenda.add({ kind: 'probe' });
    return;
  }
  if (state.plan.scope.deidentified !== undefined && state.deidentified === undefined) {
    // Nothing else is exported, and nothing imported, before the configuration is known to apply.
    agenda.add({ kind: 'proveDeidentification' });
    return;
  }
  if (preparesSearchParameters(agenda)) return;
  if (state.rounds.length === 0) {
    agenda.add({ kind: 'openRound', round: 0 });
    return;
  }
  planningActions(agenda);
  exportActions(agenda);
  importActions(agenda);
  const working = catchUpActions(agenda);
  const windowsSettled = [...state.windows.values()].every(isWindowSettled);
  const operationsEnded = state.exports.size === 0 && state.imports.size === 0 && state.abandoned.length === 0;
  const ending = !working && windowsSettled && operationsEnded;
  const verifying = verifyingActions(agenda, ending);
  if (!ending || verifying || seen.running.size > 0) return;
  finishActions(agenda);
}

/** Search parameters go before the data, from a source that can be asked for them. */
function preparesSearchParameters(agenda: Agenda): boolean {
  const { state } = agenda;
  if (!state.plan.options.searchParameters || state.searchParameters.state !== 'pending') return false;
  if (state.source?.counts !== true) return false;
  agenda.add({ kind: 'copySearchParameters' });
  return state.rounds.length === 0;
}

function finishActions(agenda: Agenda): void {
  const { state, now } = agenda;
  if (needsAttention(state)) {
    agenda.add({ kind: 'record', event: { kind: 'attentionNeeded', at: now } });
  } else if (state.compared === undefined) {
    agenda.add({ kind: 'compareCounts' });
  } else if (!state.differencesLocated && differingTypes(state).length > 0) {
    agenda.add({ kind: 'locateDifferences' });
  } else if (missingTypes(state).length > 0) {
    agenda.add({ kind: 'record', event: { kind: 'attentionNeeded', at: now } });
  } else {
    agenda.add({ kind: 'record', event: { kind: 'completed', at: now } });
  }
}

/** A window, or the source's changes, need a person. */
export function needsAttention(state: MigrationState): boolean {
  if ((state.quiet?.changes ?? 0) > 0) return true;
  if (state.quiet?.changes === undefined && state.quiet?.failure !== undefined && state.source?.counts === true)
    return true;
  return [...state.windows.values()].some((window) => window.state === 'needsAttention');
}

/** Types of which the target holds fewer resources than the source, by the final counts. */
export function missingTypes(state: MigrationState): readonly string[] {
  const accepted = acceptedByType(state);
  return typesWhere(state, (source, target, type) => target + (accepted.get(type) ?? 0) < source);
}

/** Lines that somebody decided to leave behind: so many resources may be missing. */
function acceptedByType(state: MigrationState): ReadonlyMap<string, number> {
  const accepted = new Map<string, number>();
  for (const { parts } of state.windows.values())
    for (const { type, accepted: lines = 0 } of parts)
      if (lines > 0) accepted.set(type, (accepted.get(type) ?? 0) + lines);
  return accepted;
}

/**
 * Types of which the target, empty at the start, holds more than the source: deletions that did not reach it. Where
 * deletions are not moved that is as it must be.
 */
export function extraTypes(state: MigrationState): readonly string[] {
  if (state.source?.targetEmpty !== true || !state.plan.scope.softDeleted) return [];
  return typesWhere(state, (source, target) => target > source);
}

/** Types of which the services hold different numbers without a reason. */
export function differingTypes(state: MigrationState): readonly string[] {
  return [...missingTypes(state), ...extraTypes(state)].sort();
}

function typesWhere(
  state: MigrationState,
  differs: (source: number, target: number, type: string) => boolean,
): readonly string[] {
  return Object.entries(state.compared?.types ?? {}).flatMap(([type, { source, target }]) =>
    source !== undefined && target !== undefined && differs(source, target, type) ? [type] : [],
  );
}
