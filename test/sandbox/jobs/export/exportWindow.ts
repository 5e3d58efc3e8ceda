import type { StoredVersion } from '../../contract.ts';
import type { TimeOrderedStore } from '../../fhir/store.ts';
import { firstAfter, firstAtOrAfter } from '../../fhir/timeline.ts';

/** Which versions of which types an export takes. */
export interface ExportSelection {
  readonly types: readonly string[];
  /** Milliseconds, inclusive; -Infinity without `_since`. */
  readonly since: number;
  /** Milliseconds, exclusive. */
  readonly end: number;
  readonly history: boolean;
  readonly deleted: boolean;
  /** Rows per page or range. */
  readonly maxCount: number;
  readonly matches: (version: StoredVersion) => boolean;
}

/**
 * The snapshot of a parallel export of AHDS: per type, ranges of `maxCount` rows (current and historical ones, counted
 * before any is left out) of `[since, end)`, and of these the versions that were current at `end`, whatever came
 * later. With history every version of the window.
 */
export function* snapshotRanges(
  store: TimeOrderedStore,
  selection: ExportSelection,
): Generator<readonly StoredVersion[]> {
  const observationFirst = (type: string): number => (type === 'Observation' ? 0 : 1);
  for (const type of selection.types.toSorted((a, b) => observationFirst(a) - observationFirst(b))) {
    const view = store.versionsByTime(type);
    // The view is only good until the next write, and the caller waits between ranges.
    const rows = view.slice(firstAtOrAfter(view, selection.since), firstAtOrAfter(view, selection.end));
    for (let start = 0; start < rows.length; start += selection.maxCount) {
      const range = rows
        .slice(start, start + selection.maxCount)
        .filter((row) => isWanted(row, selection) && (selection.history || wasCurrentAt(store, row, selection.end)));
      if (range.length > 0) yield range;
    }
  }
}

/** GetResourcesByTypeAndSurrogateIdRange: the current row, or the last one before `till` of a resource that changed later. */
function wasCurrentAt(store: TimeOrderedStore, row: StoredVersion, till: number): boolean {
  if (store.current(row.type, row.id)?.versionId === row.versionId) return true;
  return store
    .versions(row.type, row.id)
    .every((other) => other.lastUpdated >= till || other.lastUpdated <= row.lastUpdated);
}

/**
 * Pages of the versions that are current now, with `since ≤ lastUpdated < end`: gen1 always, AHDS outside its parallel
 * path. Each page is looked up when it is asked for, so that a resource which changes before its page comes up is absent.
 * With history every version of the window. Types share pages.
 */
export function* currentPages(
  store: TimeOrderedStore,
  selection: ExportSelection,
): Generator<readonly StoredVersion[]> {
  let page: StoredVersion[] = [];
  for (const type of selection.types) {
    let mark: StoredVersion | undefined;
    for (let more = true; more;) {
      const view = selection.history ? store.versionsByTime(type) : store.currentsByTime(type);
      let at = mark === undefined ? firstAtOrAfter(view, selection.since) : firstAfter(view, mark);
      for (; at < view.length && page.length < selection.maxCount; at += 1) {
        const row = view[at];
        if (row === undefined || row.lastUpdated >= selection.end) break;
        if (isWanted(row, selection)) page.push(row);
        mark = row;
      }
      more = page.length === selection.maxCount;
      if (more) {
        yield page;
        page = [];
      }
    }
  }
  if (page.length > 0) yield page;
}

function isWanted(row: StoredVersion, selection: ExportSelection): boolean {
  return (selection.deleted || !row.deleted) && selection.matches(row);
}
