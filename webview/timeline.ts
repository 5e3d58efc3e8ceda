import type { WindowRow } from './protocol.ts';
import { groupOf, type WindowFilter } from './windowList.ts';

/** Columns of the drawing at most; more windows than that share columns. */
export const mostColumns = 160;

/** One or more neighbouring windows, shown as the least finished of them. */
export interface Column {
  readonly group: Exclude<WindowFilter, 'all'>;
  /** Share of the column's windows that are finished, 0 to 1. */
  readonly finished: number;
}

export interface Timeline {
  readonly columns: readonly Column[];
  /** Bounds of the data; `from` is undefined when it starts at the beginning. */
  readonly from: number | undefined;
  readonly to: number;
}

/**
 * The windows in the order of their data, at most 160 columns. Windows that were split stand for nothing of their own
 * and are left out; undefined when none is left.
 */
export function windowTimeline(rows: readonly WindowRow[]): Timeline | undefined {
  const own = rows.filter(({ state }) => state !== 'split');
  const first = own[0];
  if (first === undefined) return undefined;
  const size = Math.min(mostColumns, own.length);
  const columns = Array.from({ length: size }, (_, column) => {
    const groups = own
      .slice(Math.floor((column * own.length) / size), Math.floor(((column + 1) * own.length) / size))
      .map(({ state }) => groupOf(state));
    return { group: worst(groups), finished: groups.filter((group) => group === 'finished').length / groups.length };
  });
  return { columns, from: first.since, to: own.reduce((latest, { till }) => Math.max(latest, till), first.till) };
}

const order = ['attention', 'active', 'waiting', 'finished'] as const;

function worst(groups: readonly Column['group'][]): Column['group'] {
  return order.find((group) => groups.includes(group)) ?? 'finished';
}
