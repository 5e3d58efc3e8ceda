import type { ContainerClient } from '@azure/storage-blob';
import { blobBytes } from './blobBytes.ts';
import { type NdjsonLine, ndjsonLines } from './ndjsonLines.ts';
import type { StorageAccess } from './storageClient.ts';

/** Above the largest line that an import takes. */
const maxLineBytes = 64 * 1_048_576;

/** Lines of a file of the staging container, read in ranges of one version of the file. */
export async function* stagedLines(
  storage: StorageAccess,
  container: Promise<ContainerClient>,
  path: string,
  signal: AbortSignal,
): AsyncGenerator<NdjsonLine, void> {
  try {
    const blob = (await container).getBlobClient(path);
    yield* ndjsonLines(blobBytes(blob, { from: 0, limit: Infinity }, signal), maxLineBytes);
  } catch (error) {
    const about = { request: 'GET {exported file}', tried: 'Reading an exported file' };
    throw await storage.failure(error, about, signal);
  }
}
