import type { CleanupItem } from '../../cutover/cleanupPlan.ts';
import type { CheckItem } from '../../cutover/decommission.ts';
import { bytes, keptName } from '../../report/words.ts';
import type { CleanupResult } from '../../services/cleanup/contract.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';

/** What can be chosen, by the words of the command line. */
export const cleanupKinds = ['files', 'errors', 'containers', 'changes'] as const;
type CleanupChoice = (typeof cleanupKinds)[number];

export interface CleanupOptions {
  readonly whatIf?: boolean;
  readonly yes?: boolean;
  readonly only?: readonly string[];
  readonly decommission?: boolean;
}

const choiceOf: Readonly<Record<CleanupItem['kind'], CleanupChoice>> = {
  exportFolder: 'files',
  retriedLines: 'files',
  errorFiles: 'errors',
  container: 'containers',
  change: 'changes',
};

/**
 * Lists what a migration made, and takes it away with `--yes`: 0 when nothing is left, 1 when something is, 2 when
 * something failed. Settings and roles are put back only when they are named by `--only`.
 */
export async function cleanup(session: Session, id: string | undefined, options: CleanupOptions): Promise<ExitCode> {
  if (options.whatIf === true && options.yes === true) throw new UsageError('Give either --what-if or --yes.');
  const only = choicesOf(options.only);
  const handle = await chosenMigration(session.services, id);
  try {
    return options.decommission === true
      ? await checklist(session, handle)
      : await cleanUp(session, handle, only, options);
  } finally {
    handle.dispose();
  }
}

async function cleanUp(
  { services, output, signal }: Session,
  handle: MigrationHandle,
  only: ReadonlySet<string>,
  options: CleanupOptions,
): Promise<ExitCode> {
  const { items, warnings } = await services.cleanup.review(handle.id, signal);
  for (const warning of warnings) output.line(`Note: ${warning}`);
  for (const item of items) {
    const { id: itemId, title, files, bytes: size, leased, immutable, blocked } = item;
    output.record('item', { id: itemId, kind: item.kind, title, files, bytes: size, leased, immutable, blocked });
    output.line(lineOf(item));
  }
  const chosen = items.filter(({ kind, blocked }) => blocked === undefined && only.has(choiceOf[kind]));
  if (items.length === 0) output.line('Nothing that the migration made is left.');
  if (options.yes !== true || chosen.length === 0)
    return items.length === 0 ? exitCodes.success : exitCodes.needsAttention;
  const result = await services.cleanup.remove(
    handle.id,
    chosen.map((item) => item.id),
    signal,
  );
  output.record('cleanedUp', { migration: handle.id, ...result.record });
  for (const line of resultLines(result)) output.line(line);
  for (const failure of result.failures) output.failure(failure);
  if (result.failures.length > 0) return exitCodes.failed;
  return result.kept.length > 0 ? exitCodes.needsAttention : exitCodes.success;
}

function lineOf({ title, kind, files, bytes: size, leased, immutable, blocked }: CleanupItem): string {
  const amount =
    kind === 'container' || kind === 'change' ? '' : `  ${files.toLocaleString('en')} files, ${bytes(size)}`;
  const held = leased + immutable === 0 ? '' : `  (${leased} leased, ${immutable} immutable)`;
  return `${blocked === undefined ? 'can go' : 'stays '}  ${title}${amount}${held}${blocked === undefined ? '' : `  ${blocked}`}`;
}

/** What was taken away, and what could not be. */
export function resultLines({ record, kept }: CleanupResult): readonly string[] {
  const { blobs, errorFiles, bytes: size, containers, changes, proved, digest } = record;
  return [
    `Deleted: ${(blobs + errorFiles).toLocaleString('en')} files, ${bytes(size)}${proved ? '; a listing afterwards shows none of them' : '; NOT PROVED'}.`,
    `SHA-256 of their names and ETags: ${digest}`,
    ...containers.map((name) => `Deleted: container ${name}`),
    ...changes.map((title) => `Put back: ${title}`),
    ...kept
      .slice(0, 50)
      .map(({ container, path, reason }) => `Still there: ${container}/${path} (${keptName(reason)})`),
    ...(kept.length > 50 ? [`… and ${(kept.length - 50).toLocaleString('en')} more`] : []),
    ...(kept.length === 0 ? [] : ['Run the command again when what keeps them is over.']),
  ];
}

const marks: Readonly<Record<CheckItem['state'], string>> = {
  done: 'done    ',
  open: 'OPEN    ',
  unknown: 'unknown ',
  byHand: 'by hand ',
};

async function checklist({ services, output, signal }: Session, handle: MigrationHandle): Promise<ExitCode> {
  const items = await services.cleanup.decommission(handle.id, signal);
  for (const item of items) {
    output.record('check', item);
    output.line(`${marks[item.state]}  ${item.title}\n          ${item.evidence}`);
  }
  const ready = items.every(({ state }) => state === 'done' || state === 'byHand');
  return ready ? exitCodes.success : exitCodes.needsAttention;
}

function choicesOf(only: readonly string[] | undefined): ReadonlySet<string> {
  const known: readonly string[] = cleanupKinds;
  const unknown = only?.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new UsageError(`--only knows no ${unknown}. Choose among ${known.join(', ')}.`);
  return new Set(only ?? ['files', 'errors', 'containers']);
}
