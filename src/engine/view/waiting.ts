import { closedUntil } from '../decide/politeness.ts';
import { isSyncing } from '../decide/syncActions.ts';
import type { Observations } from '../decide/observations.ts';
import type { SlowReason } from '../events.ts';
import type { Instant } from '../ports.ts';
import type { MigrationState, Slowed } from '../state/state.ts';
import { isFinishing } from '../sync/finish.ts';
import { clockText } from './clockText.ts';

/** Why nothing, or not everything that could, is moving right now, in one sentence; times by a time zone's clock. */
export function waitingOf(
  state: MigrationState,
  seen: Observations,
  now: Instant,
  timeZone: string,
): string | undefined {
  if (state.run !== 'running' || state.halt !== undefined) return undefined;
  const clock = (at: Instant): string => clockText(at, now, timeZone);
  return (
    probing(state) ??
    unanswered(state, seen, clock) ??
    refused(state, seen, now, clock) ??
    outside(state, now, timeZone) ??
    delayed(state, seen, now, clock)
  );
}

function probing({ probe, plan }: MigrationState): string | undefined {
  if (probe === undefined) return undefined;
  return `A small export is to show that ${plan.source.name} de-identifies; nothing is imported before.`;
}

type ClockWords = (at: Instant) => string;

function unanswered(state: MigrationState, seen: Observations, clock: ClockWords): string | undefined {
  for (const [operation, { failure, nextAt }] of seen.polls) {
    const isExport = state.exports.has(operation);
    if (failure === undefined || !(isExport || state.imports.has(operation))) continue;
    const service = isExport ? state.plan.source.name : state.plan.target.name;
    return `${failure.service ?? service} does not answer (${failure.kind}); next look at ${clock(nextAt)}.`;
  }
  return undefined;
}

function refused(state: MigrationState, seen: Observations, now: Instant, clock: ClockWords): string | undefined {
  const { source, target } = state.plan;
  const { importsFrom } = seen;
  if (importsFrom !== undefined && importsFrom > now) return `Throttled by ${target.name} until ${clock(importsFrom)}.`;
  if (isFinishing(state.finish)) return undefined;
  const words = (slowed: Slowed | undefined, name: string): string | undefined =>
    slowed === undefined || slowed.until <= now ? undefined : slowWords(slowed.reason, name, clock(slowed.until));
  return words(state.slowed?.source, source.name) ?? words(state.slowed?.target, target.name);
}

function slowWords(reason: SlowReason, name: string, until: string): string {
  switch (reason) {
    case 'throttled':
      return `Throttled by ${name} until ${until}.`;
    case 'latency':
      return `Slowed down until ${until}: ${name} takes longer to answer than usual.`;
    case 'charge':
      return `Slowed down until ${until}: requests cost ${name} more than usual.`;
  }
}

/** By the calendar's own clock, which its user wrote it for; its zone is named where it is not the reader's. */
function outside(state: MigrationState, now: Instant, timeZone: string): string | undefined {
  const { calendar } = state.plan;
  if (calendar === undefined || isFinishing(state.finish)) return undefined;
  const text = (at: Instant): string => {
    const own = calendar.timeZone === 'UTC' || calendar.timeZone === timeZone ? '' : ` (${calendar.timeZone})`;
    return `${clockText(at, now, calendar.timeZone)}${own}`;
  };
  const windows = [...state.windows.values()];
  const exports = closedUntil(state, 'exports', now);
  const exporting = windows.some((window) => window.state === 'planned') || isSyncing(state);
  if (exports !== undefined && exporting) return `Outside window for exports until ${text(exports)}.`;
  const imports = closedUntil(state, 'imports', now);
  const pending = windows.some(({ parts }) => parts.some((part) => part.state === 'pending'));
  return imports !== undefined && pending ? `Outside window for imports until ${text(imports)}.` : undefined;
}

function delayed(state: MigrationState, seen: Observations, now: Instant, clock: ClockWords): string | undefined {
  for (const { failure, nextAt } of seen.delays.values()) {
    if (nextAt > now) return `${failure.message} Next attempt at ${clock(nextAt)}.`;
  }
  if (state.exports.size > 0 || state.imports.size > 0) return undefined;
  const retries = [...state.windows.values()].flatMap(({ retryAt }) => (retryAt === undefined ? [] : [retryAt]));
  const next = Math.min(...retries);
  return Number.isFinite(next) && next > now ? `Next attempt at ${clock(next)}.` : undefined;
}
