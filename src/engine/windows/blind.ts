import type { Instant } from '../ports.ts';
import type { WindowLimits } from './counted.ts';

export interface BlindSearch {
  /** Everything from here on is planned. */
  readonly cursor: Instant;
  /** Where the search ends; undefined: with a window without beginning. */
  readonly floor: Instant | undefined;
  /** The window before, if its manifest has come. */
  readonly last: { readonly span: number; readonly resources: number } | undefined;
}

export interface BlindWindow {
  /** Undefined: from the beginning; the search is over. */
  readonly since: Instant | undefined;
  readonly till: Instant;
}

const day = 86_400_000;
/** A search that has widened to this takes all that is left in one window. */
const widest = 5 * 365 * day;
/** Shorter windows come only from splitting one whose export failed. */
const narrowest = day / 24;
/** No FHIR server of any kind stored anything before. */
const beforeFhir = Date.UTC(2012, 0, 1);
/** A window with less than this share of the allowed resources is nearly empty. */
const nearlyEmpty = 1 / 20;

/**
 * The next window of a source that cannot be counted: searches backwards from the end, four times wider after a nearly
 * empty window, half as wide after a full one, so that empty years cost a handful of exports. What is left in the end
 * goes into one window without beginning.
 */
export function nextBlind(search: BlindSearch, limits: Pick<WindowLimits, 'longest' | 'most'>): BlindWindow {
  const span = Math.max(Math.min(narrowest, limits.longest), Math.round(blindSpan(search.last, limits)));
  const since = search.cursor - span;
  if (search.floor !== undefined) return { since: Math.max(since, search.floor), till: search.cursor };
  if (span >= widest || since < beforeFhir) return { since: undefined, till: search.cursor };
  return { since, till: search.cursor };
}

function blindSpan(last: BlindSearch['last'], limits: Pick<WindowLimits, 'longest' | 'most'>): number {
  if (last === undefined) return limits.longest;
  if (last.resources > limits.most) return Math.max(last.span * (limits.most / last.resources), last.span / 16);
  if (last.resources < limits.most * nearlyEmpty) return last.span * 4;
  if (last.resources < limits.most / 2) return last.span * 2;
  return last.span;
}
