import type { EventOf, WindowBounds } from '../events.ts';
import { windowId, type WindowId } from '../ids.ts';
import type { Instant } from '../ports.ts';
import type { MigrationState, Window } from '../state/state.ts';
import type { Sizing } from './sizing.ts';

/**
 * Two halves of a window by time; undefined when it is 1 ms long and cannot be halved. A window without beginning is
 * halved between the first known resource, or else the year 2000, and its end.
 */
export function halves(
  bounds: WindowBounds,
  earliest: Instant | undefined,
): readonly [WindowBounds, WindowBounds] | undefined {
  const from = bounds.since ?? assumedStart(bounds.till, earliest);
  if (bounds.till - from <= 1) return undefined;
  const middle = from + Math.floor((bounds.till - from) / 2);
  return [
    { since: bounds.since, till: middle },
    { since: middle, till: bounds.till },
  ];
}

function assumedStart(till: Instant, earliest: Instant | undefined): Instant {
  if (earliest !== undefined && earliest < till) return earliest;
  const start = Date.UTC(2000, 0, 1);
  // A hundred years before an end that lies before any start that could be assumed.
  return start < till ? start : till - 36_525 * 86_400_000;
}

/** Splits a window that was never exported and is larger than what the source bears; undefined: it may be exported. */
export function splitAhead(
  { sizing, source }: Pick<MigrationState, 'sizing' | 'source'>,
  window: Window,
  at: Instant,
): EventOf<'windowSplit'> | undefined {
  if (sizing === undefined || window.attempts > 0 || !isLarger(window, sizing)) return undefined;
  const parts = halves(window, source?.earliest);
  return parts === undefined
    ? undefined
    : { kind: 'windowSplit', at, window: window.id, parts: named(window.id, parts) };
}

/** By what a count promised, else by its length. */
function isLarger({ since, till, expected }: Window, { resources, span }: Sizing): boolean {
  if (expected !== undefined && resources !== undefined) return expected > resources;
  return since !== undefined && span !== undefined && till - since > span;
}

/** The parts of a split window by their names. */
export function named(
  window: WindowId,
  parts: readonly WindowBounds[],
): readonly (WindowBounds & { readonly window: WindowId })[] {
  return parts.map((part, index) => ({ ...part, window: windowId(`${window}.${index + 1}`) }));
}

const defaultPage = 10_000;
const smallestPage = 100;

/** Half of the rows per page: 10,000 when none was asked for (ExportJobConfiguration), never below 100. */
export function smallerPage(maxCount: number | undefined): number {
  return Math.max(smallestPage, Math.floor((maxCount ?? defaultPage) / 2));
}

/** Pages cannot be made smaller. */
export function isSmallestPage(maxCount: number | undefined): boolean {
  return maxCount !== undefined && maxCount <= smallestPage;
}
