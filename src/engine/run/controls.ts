import { isStuck } from '../decide/polling.ts';
import type { JournalEvent } from '../events.ts';
import type { OperationId } from '../ids.ts';
import type { DriverRequest, Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';
import { isFinishing } from '../sync/finish.ts';

/** The facts that a request leads to in a state; none when it has nothing to change. */
export function requestEvents(state: MigrationState, request: DriverRequest, at: Instant): readonly JournalEvent[] {
  if (typeof request === 'object') return dataEvents(state, request, at);
  switch (request) {
    case 'pause':
      return state.run === 'running' || state.run === 'planned' ? [{ kind: 'pauseRequested', at }] : [];
    case 'resume':
      return isStopped(state) && !isOver(state) ? [{ kind: 'resumed', at }] : [];
    case 'cancel':
      return isOver(state) || isEnding(state) ? [] : [{ kind: 'cancelRequested', at }];
    case 'retry':
      return isOver(state) || isEnding(state)
        ? []
        : [{ kind: 'retryRequested', at, stuck: stuckOperations(state, at) }];
    case 'catchUp':
      return isEnding(state) ? [] : [{ kind: 'catchUpRequested', at }];
    case 'keepSyncing':
      return keepsSyncing(state) ? [{ kind: 'finishWithdrawn', at }] : [];
  }
}

function isStopped(state: MigrationState): boolean {
  return ['paused', 'attention', 'pausing'].includes(state.run) || state.halt !== undefined;
}

/** Syncing can go on after a last window was asked for, or was even taken. */
function keepsSyncing(state: MigrationState): boolean {
  return state.plan.sync !== undefined && state.finish !== undefined && canGoOn(state);
}

function canGoOn(state: MigrationState): boolean {
  return state.run !== 'planned' && !isEnding(state);
}

function isEnding(state: MigrationState): boolean {
  return state.run === 'cancelled' || state.run === 'cancelling';
}

function dataEvents(
  state: MigrationState,
  request: Extract<DriverRequest, object>,
  at: Instant,
): readonly JournalEvent[] {
  switch (request.kind) {
    case 'tell':
      return [request.fact];
    case 'finish':
      return canGoOn(state) && !isFinishing(state.finish)
        ? [{ kind: 'finishRequested', at, frozenAt: request.frozenAt }]
        : [];
    case 'stop': {
      const cancel = request.cancel.filter((id) => state.exports.has(id) || state.imports.has(id));
      const runs = state.run === 'running' || state.run === 'planned';
      return isEnding(state) || !(runs || cancel.length > 0) ? [] : [{ kind: 'pauseRequested', at, cancel }];
    }
    case 'change':
      return isOver(state) && request.settings.sync === undefined
        ? []
        : [{ kind: 'settingsChanged', at, settings: request.settings }];
  }
}

/** True for a request that is about what was only told: nothing that is under way has to be looked at again for it. */
export function isTold(request: DriverRequest): boolean {
  return typeof request === 'object' && request.kind !== 'finish' && request.kind !== 'stop';
}

function isOver(state: MigrationState): boolean {
  return state.run === 'complete' || state.run === 'cancelled';
}

/** Operations that have run far longer than those before them. */
export function stuckOperations(state: MigrationState, now: Instant): readonly OperationId[] {
  const stuck: OperationId[] = [];
  for (const { id, acceptedAt, state: step } of state.exports.values()) {
    if (step === 'running' && isStuck(now - (acceptedAt ?? now), state.durations.export)) stuck.push(id);
  }
  for (const { id, acceptedAt, state: step } of state.imports.values()) {
    if (step === 'running' && isStuck(now - (acceptedAt ?? now), state.durations.import)) stuck.push(id);
  }
  return stuck;
}
