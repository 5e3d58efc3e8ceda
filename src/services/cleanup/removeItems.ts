import type { StagedBlob, StagedBlobs } from '../../azure/stagedBlobs.ts';
import { openChanges, type ChangePair } from '../../compare/changes/remembered.ts';
import type { CleanupItem } from '../../cutover/cleanupPlan.ts';
import type { CleanupRecord } from '../../engine/cutover.ts';
import { type Failure, FailureError, toFailure } from '../../failure/failure.ts';
import type { ChangeStore } from '../changes/changeStore.ts';
import type { ChangeServices } from '../changes/contract.ts';
import type { CleanupProgress, CleanupResult, KeptFile } from './contract.ts';
import type { Inventory } from './inventory.ts';
import { digestOf, removeFiles } from './removeFiles.ts';

export interface RemoveOptions {
  readonly blobs: StagedBlobs;
  readonly changes: Pick<ChangeServices, 'undo'>;
  readonly store: Pick<ChangeStore, 'all'>;
  readonly pair: ChangePair;
  /** Waits before files with a lease are tried again. */
  readonly pauses: readonly (() => Promise<void>)[];
  /** Journals what was taken away. */
  readonly tell: (record: CleanupRecord) => Promise<void>;
}

/** Files first, then containers, and last the roles and settings that all of that may have needed. */
export async function removeItems(
  inventory: Inventory,
  chosen: ReadonlySet<string>,
  options: RemoveOptions,
  signal: AbortSignal,
  progress: CleanupProgress,
): Promise<CleanupResult> {
  const items = inventory.items.filter(({ id, blocked }) => chosen.has(id) && blocked === undefined);
  const files = items.flatMap(({ id }) => inventory.files.get(id) ?? []);
  const errorFiles = new Set(
    items.filter(({ kind }) => kind === 'errorFiles').flatMap(({ id }) => inventory.files.get(id) ?? []),
  );
  const deleted: StagedBlob[] = [];
  const done = { containers: [] as string[], changes: [] as string[], kept: [] as KeptFile[], proved: false };
  const failures: Failure[] = [];
  const record = (): CleanupRecord => ({
    blobs: deleted.filter((file) => !errorFiles.has(file)).length,
    bytes: deleted.reduce((sum, { bytes }) => sum + bytes, 0),
    errorFiles: deleted.filter((file) => errorFiles.has(file)).length,
    containers: done.containers,
    changes: done.changes,
    kept: Object.fromEntries(
      [...Map.groupBy(done.kept, ({ reason }) => reason)].map(([reason, all]) => [reason, all.length]),
    ),
    digest: digestOf(deleted),
    proved: done.proved,
  });
  const told = (file: StagedBlob, count: number): void => {
    deleted.push(file);
    progress('files', count, files.length);
  };
  try {
    done.kept = [...(await removeFiles(options.blobs, files, options.pauses, told, signal)).kept];
    const still = await stillThere(options.blobs, deleted, signal);
    done.proved = still === 0;
    if (still > 0) failures.push(resurrected(still));
    await removeContainers(items, options.blobs, done.containers, failures, signal);
    await undoChosen(items, options, done.changes, failures, signal);
  } finally {
    if (deleted.length + done.containers.length + done.changes.length + done.kept.length > 0)
      await options.tell(record());
  }
  return { record: record(), kept: done.kept, failures };
}

/** Deleted files that another listing still shows. */
async function stillThere(
  blobs: Pick<StagedBlobs, 'list'>,
  deleted: readonly StagedBlob[],
  signal: AbortSignal,
): Promise<number> {
  let still = 0;
  const folders = Map.groupBy(
    deleted,
    ({ container, path }) => `${container}\n${path.slice(0, path.lastIndexOf('/') + 1)}`,
  );
  for (const [key, files] of folders) {
    const [container = '', prefix = ''] = key.split('\n');
    const gone = new Set(files.map(({ path, etag }) => `${path} ${etag}`));
    for await (const page of blobs.list(container, prefix, signal))
      still += page.filter(({ path, etag }) => gone.has(`${path} ${etag}`)).length;
  }
  return still;
}

const resurrected = (files: number): Failure => ({
  kind: 'unexpectedAnswer',
  message: `${files} files are still listed although the storage account said that it deleted them.`,
  nextStep: 'Look again in some minutes.',
});

async function removeContainers(
  items: readonly CleanupItem[],
  blobs: StagedBlobs,
  removed: string[],
  failures: Failure[],
  signal: AbortSignal,
): Promise<void> {
  for (const { container } of items.filter(({ kind }) => kind === 'container')) {
    if (container === undefined) continue;
    try {
      const facts = await blobs.container(container, signal);
      if (facts === undefined) continue;
      if (facts.roots.length > 0) failures.push(notEmpty(container, facts.roots.length));
      else if (await blobs.removeContainer(container, signal)) removed.push(container);
    } catch (error) {
      if (FailureError.is(error, 'cancelled')) throw error;
      failures.push(toFailure(error));
    }
  }
}

const notEmpty = (container: string, roots: number): Failure => ({
  kind: 'conflict',
  message: `The container ${container} was not deleted: it still holds ${roots} files or folders.`,
  nextStep: 'Clean up again when nothing keeps them any more.',
});

async function undoChosen(
  items: readonly CleanupItem[],
  { changes, store, pair }: RemoveOptions,
  undone: string[],
  failures: Failure[],
  signal: AbortSignal,
): Promise<void> {
  const ids = new Set(items.filter(({ kind }) => kind === 'change').map(({ id }) => id));
  if (ids.size === 0) return;
  const open = openChanges(await store.all(), pair).filter(({ id }) => ids.has(`change:${id}`));
  const report = await changes.undo(open, signal);
  for (const { outcome, change, failure } of report.steps) {
    if (outcome === 'done') undone.push(change.title);
    if (failure !== undefined) failures.push(failure);
  }
}
