import { isTransient, toFailure } from '../../failure/failure.ts';
import { foldersOf, pathsOf } from '../exports/manifest.ts';
import type { ExportManifest } from '../ports.ts';
import type { ExportOperation } from '../state/state.ts';
import type { RunContext } from './context.ts';
import { exportEnded } from './exportEnded.ts';

/**
 * The manifest with files of tombstones in place of bundles that tell deletions, which no import takes; they then are
 * imported and accounted for as every other line. Nothing is told to an export from the beginning: nothing older is there.
 * Undefined: the export failed for it, which is journalled. Throws what trying again may mend.
 */
export async function withDeletions(
  context: RunContext,
  { id, since }: ExportOperation,
  manifest: ExportManifest,
  signal: AbortSignal,
): Promise<ExportManifest | undefined> {
  const { plan } = context.state();
  const { deleted = [] } = manifest;
  if (deleted.length === 0 || since === undefined || !plan.scope.softDeleted) return manifest;
  try {
    const [folder = ''] = foldersOf(
      pathsOf(
        deleted.map(({ url }) => url),
        plan.staging,
      ),
    );
    const staged = await context.staging.stageDeletions({ files: deleted, folder, at: since }, signal);
    return { ...manifest, output: [...manifest.output, ...staged] };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'cancelled' || isTransient(failure)) throw error;
    await exportEnded(context, id, failure);
    return undefined;
  }
}
