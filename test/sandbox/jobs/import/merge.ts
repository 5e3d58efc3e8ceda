import type { FhirStore, StoredVersion } from '../../contract.ts';
import type { ImportLine } from './importLine.ts';

/** What became of the lines of a batch that are neither loaded nor already there. */
export interface MergeRefusals {
  readonly duplicates: readonly ImportLine[];
  readonly conflicts: readonly ImportLine[];
}

/** Loads a batch in initial mode: one line per id, with version 1 and the time of the import; ids that exist are duplicates. */
export function mergeInitial(store: FhirStore, batch: readonly ImportLine[], now: number): MergeRefusals {
  const duplicates: ImportLine[] = [];
  for (const line of batch) {
    // What this batch has put before counts too.
    if (store.current(line.type, line.id) === undefined) store.put(stored(line, 1, now));
    else duplicates.push(line);
  }
  return { duplicates, conflicts: [] };
}

/** A line as it is stored: imported versions show as PUT in the history, tombstones as DELETE. */
export function stored(line: ImportLine, version: number, lastUpdated: number): StoredVersion {
  const { type, id, deleted, json } = line;
  return { type, id, versionId: String(version), lastUpdated, deleted, method: deleted ? 'DELETE' : 'PUT', json };
}

/** Groups lines by type and id, in the order of first appearance. */
export function byResource<T extends ImportLine>(lines: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const line of lines) {
    const key = `${line.type}/${line.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return [...groups.values()];
}
