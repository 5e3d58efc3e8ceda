import { isTransient, toFailure } from '../../failure/failure.ts';
import { isKeptOut } from '../../failure/keptOut.ts';
import { foldersOf, pathsOf, StagedListing, windowFiles, type WindowFiles } from '../exports/manifest.ts';
import type { ExportManifest } from '../ports.ts';
import type { ExportOperation } from '../state/state.ts';
import { isSnapshot } from '../windows/semantics.ts';
import type { RunContext } from './context.ts';
import { countScope } from './counting.ts';
import { withDeletions } from './deletions.ts';
import { exportEnded } from './exportEnded.ts';
import type { WindowManifest } from './windowManifest.ts';

/**
 * Checks a manifest against the staging account, and journals the export's end. Throws when the staging account does
 * not answer; the manifest is then fetched again.
 */
export async function completeExport(
  context: RunContext,
  operation: ExportOperation,
  manifest: ExportManifest,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = context.state();
  const pathsIn = ({ output }: Pick<ExportManifest, 'output'>): readonly string[] =>
    pathsOf(
      output.map(({ url }) => url),
      plan.staging,
    );
  let paths: readonly string[];
  try {
    const { output, errors, deleted = [] } = manifest;
    for (const file of [...output, ...errors, ...deleted]) context.staging.checkAddress(file.url);
    paths = pathsIn(manifest);
    pathsIn({ output: deleted });
  } catch (error) {
    const failure = toFailure(error);
    // No later export would name other places, so that trying again would only cost time.
    return context.record({ kind: 'exportFailed', at: context.clock.now(), operation: operation.id, failure });
  }
  const whole = await withDeletions(context, operation, manifest, signal);
  if (whole === undefined) return;
  if (whole !== manifest) paths = pathsIn(whole);
  const folders = foldersOf(paths);
  const staged = await lookAt(context, folders, signal);
  let found: WindowFiles;
  try {
    found = windowFiles(whole, paths, staged, plan.limits.filesPerImport);
  } catch (error) {
    return exportEnded(context, operation.id, toFailure(error));
  }
  const recount = await recountOf(context, operation, signal);
  const content: WindowManifest = { files: found.files, setAside: found.setAside };
  const isEmpty = found.files.length === 0 && found.setAside.length === 0;
  const attached = isEmpty ? undefined : await context.attach(`manifest-${operation.id}`, content);
  await context.record({
    kind: 'exportCompleted',
    at: context.clock.now(),
    operation: operation.id,
    folders,
    resources: found.resources,
    files: found.files.length + found.setAside.length,
    parts: found.parts,
    setAside: {
      files: found.setAside.length,
      resources: found.setAside.reduce((sum, file) => sum + file.count, 0),
    },
    manifest: attached,
    errors: manifest.errors.length,
    seenRunningAt: context.poll(operation.id)?.runningAt,
    recount,
  });
}

/**
 * What lies in some folders of the staging container; undefined when its firewall keeps this machine out. The services
 * reach it all the same, so that the migration goes on, without ETags by which the target would know a changed file.
 */
export async function lookAt(
  context: RunContext,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<StagedListing | undefined> {
  try {
    return await stagedFiles(context, folders, signal);
  } catch (error) {
    if (!isKeptOut(toFailure(error))) throw error;
    context.log.warn('The staging account keeps this machine out; manifests are taken at their word');
    return undefined;
  }
}

/** Everything that lies in some folders of the staging container, by its path there. */
async function stagedFiles(
  context: RunContext,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<StagedListing> {
  const staged = new StagedListing();
  for (const folder of folders) {
    for await (const page of context.staging.files(folder, signal)) staged.add(page);
  }
  return staged;
}

/** Times that a count after an export is asked again. */
const askedAgain = 3;

/**
 * What the window still holds on a source whose exports are snapshots: at least so many resources must be in the
 * export. Undefined where the export may rightly hold fewer, or where nobody answers.
 */
async function recountOf(
  context: RunContext,
  operation: ExportOperation,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { plan, source } = context.state();
  if (!isSnapshot(plan) || source?.counts !== true) return undefined;
  const { since, till } = operation;
  const { type } = context.state().windows.get(operation.window) ?? {};
  try {
    const { count, exact } = await countScope(context.source, plan, { of: 'current', since, till, type }, signal);
    return exact ? count : undefined;
  } catch (error) {
    const failure = toFailure(error);
    const asked = context.poll(operation.id)?.budget.used ?? 0;
    // Worth asking again: no other check finds what an export left out so early.
    if (failure.kind === 'cancelled' || (isTransient(failure) && asked < askedAgain)) throw error;
    context.log.warn('A count after an export was not answered', { kind: failure.kind });
    return undefined;
  }
}
