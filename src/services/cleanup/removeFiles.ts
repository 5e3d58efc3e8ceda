import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { BlobRemoval, StagedBlob, StagedBlobs } from '../../azure/stagedBlobs.ts';
import type { KeptFile } from './contract.ts';

/** Deletions at once: an account takes thousands a second, so that the way there is what counts. */
const atOnce = 16;

export interface RemovedFiles {
  readonly deleted: readonly StagedBlob[];
  readonly kept: readonly KeptFile[];
}

/**
 * Deletes files, each only if it is still the one that was listed. Those that somebody holds a lease on are tried again
 * after a while. Longer paths go first, so that directories of a hierarchical account are empty when it is their turn.
 * @param told called with every file that is gone, so that a cancellation loses no record
 */
export async function removeFiles(
  blobs: Pick<StagedBlobs, 'remove'>,
  files: readonly StagedBlob[],
  pauses: readonly (() => Promise<void>)[],
  told: (deleted: StagedBlob, done: number) => void,
  signal: AbortSignal,
): Promise<RemovedFiles> {
  const deleted: StagedBlob[] = [];
  const outcomes = new Map<StagedBlob, BlobRemoval>();
  let left: readonly StagedBlob[] = [...files].sort((a, b) => depthOf(b.path) - depthOf(a.path));
  for (const pause of [undefined, ...pauses]) {
    if (left.length === 0) break;
    await pause?.();
    for (const [, level] of Map.groupBy(left, ({ path }) => depthOf(path))) {
      const limit = pLimit(atOnce);
      await Promise.all(
        level.map((file) =>
          limit(async () => {
            signal.throwIfAborted();
            const outcome = await blobs.remove(file, signal);
            outcomes.set(file, outcome);
            if (outcome !== 'deleted') return;
            deleted.push(file);
            told(file, deleted.length);
          }),
        ),
      );
    }
    left = left.filter((file) => outcomes.get(file) === 'leased');
  }
  const kept = files.flatMap((file) => {
    const reason = outcomes.get(file) ?? 'failed';
    return reason === 'deleted' || reason === 'gone' ? [] : [{ container: file.container, path: file.path, reason }];
  });
  return { deleted, kept };
}

const depthOf = (path: string): number => path.split('/').length;

/** SHA-256 over names and ETags of files, sorted, one a line: who keeps the listing can prove what was deleted. */
export function digestOf(files: readonly Pick<StagedBlob, 'container' | 'path' | 'etag'>[]): string {
  const hash = createHash('sha256');
  for (const line of files.map(({ container, path, etag }) => `${container}/${path} ${etag}`).sort())
    hash.update(line).update('\n');
  return hash.digest('hex');
}
