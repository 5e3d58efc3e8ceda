import { openChanges } from '../../compare/changes/remembered.ts';
import { applyChanges, type ApplyOptions } from './applyChanges.ts';
import type { ChangeServices } from './contract.ts';
import { undoChanges } from './undoChanges.ts';

/** Writes to Azure's control plane over the clients of one session. */
export const changeServices = (options: ApplyOptions): ChangeServices => ({
  apply: (pair, changes, signal, progress = () => undefined) => applyChanges(pair, changes, options, signal, progress),
  remembered: async (pair) => openChanges(await options.store.all(), pair),
  undo: (records, signal, progress = () => undefined) => undoChanges(records, options, signal, progress),
});
