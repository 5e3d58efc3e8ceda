import type { WindowId } from '../ids.ts';
import type { MigrationState, Part, Window } from '../state/state.ts';

/** Windows of sync that stay apart, so that the last hours can be looked at one by one. */
const kept = 96;
/** Windows that are joined at once. */
const joinedAtOnce = 32;

/**
 * Windows of sync of the past that can become one: next to each other in time, each done, with nothing left to decide
 * or to fetch. Empty while there are few.
 */
export function windowsToJoin(state: MigrationState): readonly WindowId[] {
  if (state.plan.sync === undefined || state.windows.size < kept + joinedAtOnce) return [];
  const sync = [...state.windows.values()].filter((window) => window.round > 0);
  const old = sync.sort((a, b) => a.till - b.till).slice(0, Math.max(0, sync.length - kept));
  let run: Window[] = [];
  for (const window of old) {
    if (!isPast(window)) run = [];
    else run.push(window);
    if (run.length >= joinedAtOnce) return run.map(({ id }) => id);
  }
  return [];
}

function isPast(window: Window): boolean {
  const { exported } = window;
  if (window.state !== 'done' && window.state !== 'empty') return false;
  // Windows of one type lie beside each other, not one after the other.
  if (window.type !== undefined) return false;
  if (exported === undefined || window.since === undefined || window.verified?.outcome === 'different') return false;
  if (window.parts.some((part) => part.failed > 0 || part.unaccounted > 0)) return false;
  return exported.searchParameters === 'none' || exported.searchParameters === 'done';
}

/** One window in the place of several, with all that they moved; it carries the name of the last. */
export function joined(windows: readonly Window[]): Window | undefined {
  const last = windows.at(-1);
  const first = windows[0];
  if (first === undefined || last?.exported === undefined) return undefined;
  const exports = windows.flatMap(({ exported }) => (exported === undefined ? [] : [exported]));
  const sum = (of: (each: (typeof exports)[number]) => number): number =>
    exports.reduce((total, each) => total + of(each), 0);
  const resources = sum((each) => each.resources);
  return {
    ...last,
    since: Math.min(...windows.map(({ since, till }) => since ?? till)),
    till: Math.max(...windows.map(({ till }) => till)),
    state: resources === 0 ? 'empty' : 'done',
    expected: undefined,
    attempts: windows.reduce((total, { attempts }) => total + attempts, 0),
    joined: windows.reduce((total, window) => total + (window.joined ?? 1), 0),
    parts: partsOf(windows),
    folders: windows.flatMap(({ folders }) => folders),
    startedAt: first.startedAt,
    verified: windows.every(({ verified }) => verified !== undefined) ? last.verified : undefined,
    exported: {
      ...last.exported,
      folders: exports.flatMap(({ folders }) => folders),
      resources,
      files: sum((each) => each.files),
      setAside: { files: sum((each) => each.setAside.files), resources: sum((each) => each.setAside.resources) },
      // Its files are accounted for: nothing of them is imported again without a new export.
      manifest: undefined,
    },
  };
}

/** One part for each type. */
function partsOf(windows: readonly Window[]): readonly Part[] {
  const byType = new Map<string, Part>();
  for (const { parts } of windows) {
    for (const part of parts) {
      const sum = byType.get(part.type);
      byType.set(part.type, sum === undefined ? { ...part, from: 0 } : plus(sum, part));
    }
  }
  return [...byType.values()];
}

function plus(sum: Part, part: Part): Part {
  return {
    ...sum,
    files: sum.files + part.files,
    resources: sum.resources + part.resources,
    bytes: sum.bytes + part.bytes,
    attempts: sum.attempts + part.attempts,
    imported: sum.imported + part.imported,
    refused: sum.refused + part.refused,
    alreadyThere: sum.alreadyThere + part.alreadyThere,
    superseded: sum.superseded + part.superseded,
  };
}
