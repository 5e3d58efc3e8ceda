import { isStuck } from '../decide/polling.ts';
import type { JournalEvent } from '../events.ts';
import type { OperationId } from '../ids.ts';
import type { DriverRequest, Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';

/** The facts that a request leads to in a state; none when it has nothing to change. */
export function requestEvents(state: MigrationState, request: DriverRequest, at: Instant): readonly JournalEvent[] {
  const stopped = state.run === 'paused' || state.run === 'attention' || state.halt !== undefined;
  if (typeof request === 'object') return [request.fact];
  switch (request) {
    case 'pause':
      return state.run === 'running' || state.run === 'planned' ? [{ kind: 'pauseRequested', at }] : [];
    case 'resume':
      return (stopped || state.run === 'pausing') && !isOver(state) ? [{ kind: 'resumed', at }] : [];
    case 'cancel':
      return isOver(state) || state.run === 'cancelling' ? [] : [{ kind: 'cancelRequested', at }];
    case 'retry':
      return isOver(state) || state.run === 'cancelling'
        ? []
        : [{ kind: 'retryRequested', at, stuck: stuckOperations(state, at) }];
    case 'catchUp':
      return state.run === 'cancelled' || state.run === 'cancelling' ? [] : [{ kind: 'catchUpRequested', at }];
  }
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
