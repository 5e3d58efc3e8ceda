import { importJobs, type PendingPart } from '../imports/importJobs.ts';
import type { ImportOperation } from '../state/state.ts';
import { isStarting, type Agenda } from './decide.ts';
import { cancelledAt, isToBeCancelled } from './politeness.ts';

/** Looks at running imports, judges their refused lines, and starts new ones in free slots. */
export function importActions(agenda: Agenda): void {
  for (const operation of agenda.state.imports.values()) followImport(agenda, operation);
  judgeAgain(agenda);
  startImports(agenda);
}

function followImport(agenda: Agenda, operation: ImportOperation): void {
  const { state, seen, now } = agenda;
  const closing = cancelledAt(state, 'imports', now);
  if (closing !== undefined) agenda.wait(closing);
  if ((state.redo.has(operation.id) || isToBeCancelled(state, 'imports', now)) && operation.state === 'running') {
    agenda.add({ kind: 'cancelOperation', operation: operation.id, again: true });
    return;
  }
  switch (operation.state) {
    case 'starting':
      if (isStarting(agenda, operation.parts)) return;
      {
        agenda.add({ kind: 'repeatImport', operation: operation.id }, operation.retryAt);
        return;
      }
    case 'running': {
      agenda.add({ kind: 'pollImport', operation: operation.id }, seen.polls.get(operation.id)?.nextAt);
      return;
    }
    case 'judging': {
      agenda.add({ kind: 'judgeImport', operation: operation.id });
      return;
    }
  }
}

/** Failed lines that somebody wants to be tried again, whose import is long over. */
function judgeAgain(agenda: Agenda): void {
  const { windows, imports } = agenda.state;
  const covered = new Set<string>();
  for (const { state, parts } of imports.values()) {
    if (state === 'judging') for (const { window, part } of parts) covered.add(`${window}/${part}`);
  }
  for (const window of windows.values()) {
    if (window.state !== 'importing') continue;
    const isDue = window.parts.some(({ state }, index) => state === 'judging' && !covered.has(`${window.id}/${index}`));
    if (isDue) agenda.add({ kind: 'judgeLines', window: window.id });
  }
}

function startImports(agenda: Agenda): void {
  const { state, seen, now } = agenda;
  const { importsAtOnce, filesPerImport } = state.plan.limits;
  const beingStarted = new Set<string>();
  let used = 0;
  for (const action of seen.running.values()) {
    if (action.kind !== 'startImport') continue;
    for (const part of action.parts) beingStarted.add(`${part.window}/${part.part}`);
    if (isStillPending(agenda, action.parts[0])) used += 1;
  }
  for (const operation of state.imports.values()) if (operation.state !== 'judging') used += 1;
  const free = Math.min(importsAtOnce, seen.importCap ?? importsAtOnce) - used;
  const pending = pendingParts(agenda, beingStarted);
  if (free <= 0 || pending.length === 0) return;
  if (seen.importsFrom !== undefined && seen.importsFrom > now) {
    agenda.wait(seen.importsFrom);
    return;
  }
  for (const parts of importJobs(pending, free, filesPerImport)) agenda.add({ kind: 'startImport', parts });
}

/** The intent of a starting import is not in the journal yet, so its slot is not counted there. */
function isStillPending(agenda: Agenda, part: { readonly window: string; readonly part: number } | undefined): boolean {
  if (part === undefined) return false;
  for (const window of agenda.state.windows.values()) {
    if (window.id === part.window) return window.parts[part.part]?.state === 'pending';
  }
  return false;
}

function pendingParts(agenda: Agenda, taken: ReadonlySet<string>): readonly PendingPart[] {
  const pending: PendingPart[] = [];
  for (const window of agenda.state.windows.values()) {
    const exported = window.exported;
    if (exported === undefined || (window.state !== 'exported' && window.state !== 'importing')) continue;
    window.parts.forEach((part, index) => {
      if (part.state !== 'pending' || taken.has(`${window.id}/${index}`)) return;
      if (part.retryAt !== undefined && part.retryAt > agenda.now) {
        agenda.wait(part.retryAt);
        return;
      }
      pending.push({
        ref: { window: window.id, operation: exported.operation, part: index },
        round: window.round,
        type: part.type,
        files: part.retry?.files ?? part.files,
        resources: part.retry?.resources ?? part.resources,
        bytes: part.retry?.bytes ?? part.bytes,
        since: exported.completedAt,
        // Lines that were refused once are not put together with others.
        failures: Math.max(part.budget.used, part.retry === undefined ? 0 : 1),
      });
    });
  }
  return pending;
}
