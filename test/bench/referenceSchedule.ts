/*
 * The schedule of Azure/apiforfhir-migration-tool, as read in its source: one window after the other, each tick of a
 * timer does one step, operations are looked at every two minutes.
 */

/** Minutes that an export and the import of one window take. */
export interface WindowTimes {
  readonly exportMinutes: number;
  readonly importMinutes: number;
}

/** Windows of which every one takes the same. */
export function equalWindows(windows: number, exportMinutes: number, importMinutes: number): readonly WindowTimes[] {
  return Array.from({ length: windows }, () => ({ exportMinutes, importMinutes }));
}

/** Minutes that the reference tool takes. `tick`: its timer, minutes. */
export function referenceMakespan(windows: readonly WindowTimes[], tick: number): number {
  let now = 0;
  for (const { exportMinutes, importMinutes } of windows) {
    now = Math.ceil(now / tick) * tick;
    // Noticed at the next look, checked twice more a minute apart, then about a quarter of a minute of replays.
    now += 2 * Math.ceil(exportMinutes / 2) + 2 + 0.25 + 2 * Math.ceil(importMinutes / 2) + 0.1;
  }
  return now;
}

/** Looks of the reference tool at one operation: every two minutes, the first at once. */
export function referenceLooks(minutes: number): number {
  return Math.ceil(minutes / 2) + 1;
}

/** FHIR calls of the reference tool for one window. */
export function referenceCalls(exportMinutes: number, importMinutes: number): number {
  const exportLooks = Math.ceil(exportMinutes / 2);
  const importLooks = Math.ceil(importMinutes / 2);
  // A count and the export; its looks; the import; each look at it with a count of both services.
  return 2 + (exportLooks + 3) + 1 + 3 * (importLooks + 1);
}

/** Table calls of the reference tool for one window: orchestrators read and write tables anew at every replay. */
export function referenceTableCalls(exportMinutes: number, importMinutes: number): number {
  const p = Math.ceil(exportMinutes / 2);
  const q = Math.ceil(importMinutes / 2);
  return 2 * p * p + 16 * p + 14 + (4 * q * q + 16 * q + 18) + 51;
}

/**
 * The least time in which windows can pass through both stages: exports `exportsAtOnce` at a time, imports
 * `importsAtOnce` at a time, each import after its export.
 */
export function lowerBound(windows: readonly WindowTimes[], exportsAtOnce: number, importsAtOnce: number): number {
  let [longest, exporting, importing] = [0, 0, 0];
  let [shortestExport, shortestImport] = [Infinity, Infinity];
  for (const { exportMinutes, importMinutes } of windows) {
    longest = Math.max(longest, exportMinutes + importMinutes);
    exporting += exportMinutes;
    importing += importMinutes;
    shortestExport = Math.min(shortestExport, exportMinutes);
    shortestImport = Math.min(shortestImport, importMinutes);
  }
  return Math.max(longest, exporting / exportsAtOnce + shortestImport, shortestExport + importing / importsAtOnce);
}
