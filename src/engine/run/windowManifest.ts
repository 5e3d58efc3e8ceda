import type { WindowFile } from '../exports/manifest.ts';
import type { ExportedWindow } from '../state/state.ts';
import type { RunContext } from './context.ts';

/** The attachment of a completed export. */
export interface WindowManifest {
  readonly files: readonly WindowFile[];
  readonly setAside: readonly WindowFile[];
}

/** The files of a window's export, as they were when it was completed. */
export async function windowManifest(context: RunContext, exported: ExportedWindow): Promise<WindowManifest> {
  if (exported.manifest === undefined) return { files: [], setAside: [] };
  return (await context.attachment(exported.manifest)) as WindowManifest;
}
