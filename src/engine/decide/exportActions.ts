import type { Instant } from '../ports.ts';
import type { ExportOperation, Window } from '../state/state.ts';
import { isFinishing } from '../sync/finish.ts';
import { splitAhead } from '../windows/split.ts';
import type { Agenda } from './decide.ts';
import { cancelledAt, isToBeCancelled } from './politeness.ts';

/** Looks at running exports and starts new ones within the plan's limits. */
export function exportActions(agenda: Agenda): void {
  const { state } = agenda;
  for (const operation of state.exports.values()) followExport(agenda, operation);
  for (const abandoned of state.abandoned) {
    // Looked for again when its work has come to an end without it: by then its folder shows, if it ran at all.
    const window = state.windows.get(abandoned.window)?.state;
    if (window !== 'planned' && window !== 'exporting') agenda.add({ kind: 'findOrphans', abandoned });
  }
  startExports(agenda);
  for (const window of state.windows.values()) {
    if (window.exported?.searchParameters === 'pending') {
      agenda.add({ kind: 'copyStagedSearchParameters', window: window.id });
    }
  }
}

function followExport(agenda: Agenda, operation: ExportOperation): void {
  const { state, seen, now } = agenda;
  const closing = cancelledAt(state, 'exports', now);
  if (closing !== undefined) agenda.wait(closing);
  if ((state.redo.has(operation.id) || isToBeCancelled(state, 'exports', now)) && operation.state === 'running') {
    agenda.add({ kind: 'cancelOperation', operation: operation.id, again: true });
    return;
  }
  switch (operation.state) {
    case 'starting':
      if (agenda.isRunning(`window:${operation.window}`)) return;
      {
        agenda.add({ kind: 'record', event: { kind: 'exportReplyLost', at: now, operation: operation.id } });
        return;
      }
    case 'lost': {
      agenda.add({ kind: 'findExport', operation: operation.id }, seen.polls.get(operation.id)?.nextAt);
      return;
    }
    case 'candidate':
    case 'running': {
      agenda.add({ kind: 'pollExport', operation: operation.id }, seen.polls.get(operation.id)?.nextAt);
      return;
    }
  }
}

function startExports(agenda: Agenda): void {
  const { state, now } = agenda;
  const starting = [...agenda.seen.running.values()].filter(
    (action) => action.kind === 'startExport' && state.windows.get(action.window)?.state === 'planned',
  ).length;
  let running = state.exports.size + starting;
  let inFlight = running + countExported(state.windows.values());
  for (const window of startable(agenda)) {
    // A last window is taken at once, beside whatever still runs.
    const last = isFinishing(state.finish) && window.round === state.finish.round;
    if (!last && (running >= state.plan.limits.exportsAtOnce || inFlight >= state.plan.limits.windowsInFlight)) return;
    const retryAt = window.retryAt ?? now;
    if (retryAt > now) {
      agenda.wait(retryAt);
      continue;
    }
    const event = splitAhead(state, window, now);
    if (event !== undefined) {
      agenda.add({ kind: 'record', event });
      return;
    }
    agenda.add({ kind: 'startExport', window: window.id });
    running += 1;
    inFlight += 1;
  }
}

function countExported(windows: Iterable<Window>): number {
  let count = 0;
  for (const window of windows) if (window.state === 'exported' || window.state === 'importing') count += 1;
  return count;
}

/** Planned windows in the order of their export: round by round, oldest data first, or newest first when blind. */
function startable(agenda: Agenda): readonly Window[] {
  const { state } = agenda;
  const planned = [...state.windows.values()].filter(
    (window) => window.state === 'planned' && !agenda.isRunning(`window:${window.id}`),
  );
  const blind = new Set(state.rounds.filter((round) => round.blind).map((round) => round.number));
  return planned.sort((a, b) => a.round - b.round || (blind.has(a.round) ? begin(b) - begin(a) : begin(a) - begin(b)));
}

function begin(window: Window): Instant {
  return window.since ?? Number.MIN_SAFE_INTEGER;
}
