import type { Observations } from '../decide/observations.ts';
import type { OperationOverview, WindowOverview } from '../overview.ts';
import type { MigrationState, Window } from '../state/state.ts';
import { windowFailure } from './attention.ts';
import { windowTotals } from './totals.ts';

/** One row of the window table. */
export function windowOverview(state: MigrationState, window: Window): WindowOverview {
  const { exported, imported, alreadyThere, failed, accepted } = windowTotals(window);
  return {
    id: window.id,
    kind: window.round === 0 ? 'backlog' : 'catchUp',
    since: window.since,
    till: window.till,
    state: window.state,
    attempts: window.attempts,
    expected: window.expected,
    exported,
    imported,
    alreadyThere,
    failed,
    ...(window.accepted === undefined || accepted === 0
      ? {}
      : { accepted: { lines: accepted, because: window.accepted.because, at: window.accepted.at } }),
    files: window.exported?.files ?? 0,
    folders: window.folders,
    startedAt: window.startedAt,
    endedAt: window.endedAt,
    failure: window.state === 'needsAttention' ? windowFailure(state, window) : window.failure,
    verified: window.verified?.outcome,
  };
}

/** Operations in flight: exports first, in the order in which they were asked for. */
export function operationOverviews(state: MigrationState, seen: Observations): readonly OperationOverview[] {
  const exports = [...state.exports.values()].map((operation): OperationOverview => {
    const poll = seen.polls.get(operation.id);
    return {
      id: operation.id,
      kind: 'export',
      windows: [operation.window],
      jobId: operation.jobId,
      state: exportState(operation.state, poll?.failure !== undefined),
      attempt: operation.attempt,
      since: operation.acceptedAt ?? operation.intendedAt,
      nextAt: poll?.nextAt,
      resources: undefined,
    };
  });
  const imports = [...state.imports.values()].map((operation): OperationOverview => {
    const poll = seen.polls.get(operation.id);
    const isRetrying = operation.retryAt !== undefined || poll?.failure !== undefined;
    return {
      id: operation.id,
      kind: 'import',
      windows: [...new Set(operation.parts.map((part) => part.window))],
      jobId: operation.jobId,
      state: isRetrying ? 'retrying' : operation.state === 'starting' ? 'starting' : 'running',
      attempt: operation.attempt,
      since: operation.acceptedAt ?? operation.intendedAt,
      nextAt: operation.retryAt ?? poll?.nextAt,
      resources: poll?.resources,
    };
  });
  return [...exports, ...imports];
}

function exportState(
  step: 'starting' | 'lost' | 'candidate' | 'running',
  isUnanswered: boolean,
): OperationOverview['state'] {
  if (step === 'starting') return 'starting';
  if (step === 'running') return isUnanswered ? 'retrying' : 'running';
  return 'searching';
}
