import type { StoredVersion } from '../../contract.ts';
import type { InstantRange } from '../instant.ts';
import { byTime, firstAfter, firstAtOrAfter } from '../timeline.ts';
import { dateHolds, type Prefix } from './dates.ts';

/** Bounds on `meta.lastUpdated`: from ≤ t < till, in milliseconds, and what a single interval cannot say. */
export interface TimeWindow {
  readonly from: number;
  readonly till: number;
  readonly excluded: readonly InstantRange[];
}

export const always: TimeWindow = { from: -Infinity, till: Infinity, excluded: [] };

/** Narrows a window by a comparison of `_lastUpdated`. Stored times are whole milliseconds. */
export function narrow(window: TimeWindow, prefix: Prefix, asked: InstantRange): TimeWindow {
  const { start, end } = asked;
  switch (prefix) {
    case 'eq':
    case 'ap':
      return { ...window, from: Math.max(window.from, start), till: Math.min(window.till, end) };
    case 'ge':
      return { ...window, from: Math.max(window.from, start) };
    case 'gt':
    case 'sa':
      return { ...window, from: Math.max(window.from, end) };
    case 'lt':
    case 'eb':
      return { ...window, till: Math.min(window.till, start) };
    case 'le':
      return { ...window, till: Math.min(window.till, end) };
    case 'ne':
      return { ...window, excluded: [...window.excluded, asked] };
  }
}

/** True when the version's time is inside the window. */
export function inWindow(window: TimeWindow, { lastUpdated }: StoredVersion): boolean {
  if (lastUpdated < window.from || lastUpdated >= window.till) return false;
  const found = { start: lastUpdated, end: lastUpdated + 1 };
  return window.excluded.every((asked) => dateHolds('ne', found, asked));
}

/** The part of a time-ordered view that lies between the window's bounds, as indexes: first ≤ i < last. */
export function boundsOf(view: readonly StoredVersion[], window: TimeWindow): readonly [number, number] {
  const first = window.from === -Infinity ? 0 : firstAtOrAfter(view, window.from);
  const last = window.till === Infinity ? view.length : firstAtOrAfter(view, window.till);
  return [first, Math.max(first, last)];
}

export type Order = 'ascending' | 'descending' | 'byType';

interface Cursor {
  readonly view: readonly StoredVersion[];
  at: number;
  readonly end: number;
}

/**
 * Goes through several time-ordered views inside a window: merged by time, forwards or backwards, or one view after the
 * other.
 * @param after begins right after this place
 */
export function* walk(
  views: readonly (readonly StoredVersion[])[],
  window: TimeWindow,
  order: Order,
  after: StoredVersion | undefined,
): Iterable<StoredVersion> {
  const step = order === 'descending' ? -1 : 1;
  const cursors = views.map((view) => cursorOf(view, window, order, after)).filter(({ at, end }) => at !== end);
  while (cursors.length > 0) {
    const best = order === 'byType' ? 0 : indexOfNext(cursors, step);
    const cursor = cursors[best];
    const version = cursor?.view[cursor.at];
    if (cursor === undefined || version === undefined) return;
    cursor.at += step;
    if (cursor.at === cursor.end) cursors.splice(best, 1);
    if (window.excluded.length === 0 || inWindow(window, version)) yield version;
  }
}

function indexOfNext(cursors: readonly Cursor[], step: 1 | -1): number {
  let best = 0;
  for (let candidate = 1; candidate < cursors.length; candidate += 1) {
    const a = cursors[candidate];
    const b = cursors[best];
    const left = a?.view[a.at];
    const right = b?.view[b.at];
    if (left !== undefined && right !== undefined && byTime(left, right) * step < 0) best = candidate;
  }
  return best;
}

function cursorOf(
  view: readonly StoredVersion[],
  window: TimeWindow,
  order: Order,
  after: StoredVersion | undefined,
): Cursor {
  const [first, last] = boundsOf(view, window);
  if (order === 'descending') {
    const start = after === undefined ? last : Math.min(last, firstAtOrAfterPlace(view, after));
    return { view, at: Math.max(first, start) - 1, end: first - 1 };
  }
  if (after === undefined) return { view, at: first, end: last };
  const type = view[0]?.type ?? '';
  if (order === 'byType' && type !== after.type) {
    return type < after.type ? { view, at: last, end: last } : { view, at: first, end: last };
  }
  return { view, at: Math.min(last, Math.max(first, firstAfter(view, after))), end: last };
}

/** Index of the place itself, or where it would stand. */
function firstAtOrAfterPlace(view: readonly StoredVersion[], place: StoredVersion): number {
  const next = firstAfter(view, place);
  const before = view[next - 1];
  return before !== undefined && byTime(before, place) === 0 ? next - 1 : next;
}
