import type { ExportOperation, ImportOperation, MigrationState, Window } from './state.ts';
import type { OperationId, WindowId } from '../ids.ts';
import type { Instant } from '../ports.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A state that is being written: its own maps, the records inside shared with the state it came from. */
export type Draft = Omit<
  Writable<MigrationState>,
  'windows' | 'exports' | 'imports' | 'exportJobs' | 'redo' | 'searchParameters'
> & {
  readonly windows: Map<WindowId, Window>;
  readonly exports: Map<OperationId, ExportOperation>;
  readonly imports: Map<OperationId, ImportOperation>;
  readonly exportJobs: Set<string>;
  readonly redo: Set<OperationId>;
  searchParameters: MigrationState['searchParameters'];
};

/** Copies what a draft writes to, so that the state it starts from stays as it is. */
export function draftOf(state: MigrationState): Draft {
  return {
    ...state,
    windows: new Map(state.windows),
    exports: new Map(state.exports),
    imports: new Map(state.imports),
    exportJobs: new Set(state.exportJobs),
    redo: new Set(state.redo),
  };
}

/** Changes one window; an unknown one is left alone, so that a fold never throws. */
export function changeWindow(draft: Draft, id: WindowId, change: (window: Window) => Partial<Window>): void {
  const window = draft.windows.get(id);
  if (window !== undefined) draft.windows.set(id, { ...window, ...change(window) });
}

/** Changes one export that has not ended. */
export function changeExport(draft: Draft, id: OperationId, change: Partial<ExportOperation>): void {
  const operation = draft.exports.get(id);
  if (operation !== undefined) draft.exports.set(id, { ...operation, ...change });
}

/** Changes one import that has not ended. */
export function changeImport(draft: Draft, id: OperationId, change: Partial<ImportOperation>): void {
  const operation = draft.imports.get(id);
  if (operation !== undefined) draft.imports.set(id, { ...operation, ...change });
}

/** Adds a sentence to the notes once. */
export function note(draft: Draft, sentence: string): void {
  if (!draft.notes.includes(sentence)) draft.notes = [...draft.notes, sentence];
}

const keptDurations = 12;
/** An end that was noticed later than this, and after more than about half of the time, says too little. */
const vague = 60_000;
const vagueShare = 0.55;

/** Learns how long operations of a kind take: the end lies between the last look that saw it running and the next. */
export function noteDuration(
  draft: Draft,
  kind: 'export' | 'import',
  begin: Instant,
  end: { readonly at: Instant; readonly seenRunningAt?: Instant | undefined },
): void {
  const longest = Math.max(0, end.at - begin);
  const uncertain = Math.max(0, end.at - (end.seenRunningAt ?? begin));
  if (uncertain > Math.max(vague, longest * vagueShare)) return;
  const likely = longest - uncertain / 2;
  draft.durations = { ...draft.durations, [kind]: [...draft.durations[kind], likely].slice(-keptDurations) };
}
