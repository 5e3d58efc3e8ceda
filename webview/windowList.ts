import { unpackWindow, type PackedWindow, type SavedView, type WindowRow, type WindowState } from './protocol.ts';

/** Groups of window states that the table can be narrowed to. */
export type WindowFilter = SavedView['filter'];
export const windowFilters: readonly WindowFilter[] = ['all', 'active', 'waiting', 'attention', 'finished'];

/** The windows of a migration in the order of what they move, with the size of each group. */
export interface WindowList {
  readonly rows: readonly WindowRow[];
  readonly counts: Readonly<Record<WindowFilter, number>>;
}

const groups: Readonly<Record<WindowState, Exclude<WindowFilter, 'all'>>> = {
  planned: 'waiting',
  exporting: 'active',
  exported: 'active',
  importing: 'active',
  done: 'finished',
  empty: 'finished',
  split: 'finished',
  needsAttention: 'attention',
};

/** The group that a window of this state belongs to. */
export function groupOf(state: WindowState): Exclude<WindowFilter, 'all'> {
  return groups[state];
}

/** By start, then the longer one first, so that a split window stands before its parts. */
function byRange(a: WindowRow, b: WindowRow): number {
  const start = (a.since ?? Number.NEGATIVE_INFINITY) - (b.since ?? Number.NEGATIVE_INFINITY);
  if (start !== 0 && !Number.isNaN(start)) return start;
  return b.till - a.till || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function listOf(rows: readonly WindowRow[]): WindowList {
  const counts = { all: rows.length, active: 0, waiting: 0, attention: 0, finished: 0 };
  for (const { state } of rows) counts[groups[state]] += 1;
  return { rows, counts };
}

/** The list of a snapshot. Of two rows with one id the later counts. */
export function windowList(packed: readonly PackedWindow[]): WindowList {
  const byId = new Map(packed.map((each) => [each[0], unpackWindow(each)]));
  return listOf([...byId.values()].sort(byRange));
}

/** The list after a patch: rows replaced or added by id, others removed. */
export function changeWindows(
  list: WindowList,
  changed: readonly PackedWindow[],
  removed: readonly string[],
): WindowList {
  if (changed.length === 0 && removed.length === 0) return list;
  const gone = new Set(removed);
  const fresh = new Map(changed.map((each) => [each[0], unpackWindow(each)]));
  const rows: WindowRow[] = [];
  let ordered = true;
  for (const row of list.rows) {
    const next = fresh.get(row.id) ?? row;
    fresh.delete(row.id);
    if (gone.has(row.id)) continue;
    ordered &&= next.since === row.since && next.till === row.till;
    rows.push(next);
  }
  for (const row of fresh.values()) {
    if (!gone.has(row.id)) rows.push(row);
  }
  return listOf(ordered && fresh.size === 0 ? rows : rows.sort(byRange));
}

/** The rows that a filter leaves. */
export function filterWindows(list: WindowList, filter: WindowFilter): readonly WindowRow[] {
  return filter === 'all' ? list.rows : list.rows.filter(({ state }) => groups[state] === filter);
}
