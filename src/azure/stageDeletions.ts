import type { ContainerClient } from '@azure/storage-blob';
import * as v from 'valibot';
import { FailureError } from '../failure/failure.ts';
import { blobUrl, parseBlobAddress } from './blobAddress.ts';
import { blobBytes } from './blobBytes.ts';
import { deletedState } from './lineIdentity.ts';
import { ndjsonLines } from './ndjsonLines.ts';
import type { StorageAccess } from './storageClient.ts';

/** Deletions that an export tells as bundles, and where tombstones of them are written. */
export interface DeletionsToStage {
  /** Files of bundles, as the manifest names them. */
  readonly files: readonly { readonly url: string }[];
  /** Folder of the staging container. */
  readonly folder: string;
  /**
   * Date of the tombstones, milliseconds since 1970 UTC. Bundles tell none: the beginning of the window is after every
   * version that the deletion hides, and before what was written under the same id again.
   */
  readonly at: number;
}

/** A file of tombstones of one type. */
export interface StagedDeletions {
  readonly type: string;
  readonly url: string;
  readonly count: number;
}

const maxLineBytes = 64 * 1_048_576;
/** Tombstones of one file, each of about 200 bytes. */
const linesOfFile = 100_000;

/** FHIR Bulk Data Access, "deleted": each entry has the method DELETE and an address such as `Patient/123`. */
const bundleSchema = v.object({
  resourceType: v.literal('Bundle'),
  entry: v.array(
    v.object({
      request: v.object({
        method: v.literal('DELETE'),
        url: v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9.-]{1,64}$/)),
      }),
    }),
  ),
});

/**
 * Reads the bundles of deletions of an export, and writes what an import takes in their place: files of tombstones, one or
 * more for each type. Files that are there already are replaced.
 * @throws FailureError `unexpectedAnswer` for a bundle that holds anything but deletions
 */
export async function stageDeletions(
  storage: StorageAccess,
  containerClient: Promise<ContainerClient>,
  { files, folder, at }: DeletionsToStage,
  signal: AbortSignal,
): Promise<readonly StagedDeletions[]> {
  const about = { request: 'PUT {staged file}', tried: 'Staging deletions' };
  try {
    const deleted = await readDeletions(storage, files, signal);
    const container = await containerClient;
    const staged: StagedDeletions[] = [];
    for (const [type, ids] of [...deleted].sort(([a], [b]) => (a < b ? -1 : 1)))
      for (let from = 0, part = 1; from < ids.length; from += linesOfFile, part++) {
        const some = ids.slice(from, from + linesOfFile);
        const content = some.map((id) => `${tombstone(type, id, at)}\n`).join('');
        const path = `${folder}/${type}-deleted-${part}.ndjson`;
        await container.getBlockBlobClient(path).upload(content, Buffer.byteLength(content), {
          abortSignal: signal,
          blobHTTPHeaders: { blobContentType: 'application/fhir+ndjson' },
        });
        const url = blobUrl(storage.account, { container: container.containerName, path });
        staged.push({ type, url, count: some.length });
      }
    return staged;
  } catch (error) {
    throw await storage.failure(error, about, signal);
  }
}

/** Ids by type, each once. */
async function readDeletions(
  storage: StorageAccess,
  files: DeletionsToStage['files'],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const client = await storage.client();
  const deleted = new Map<string, Set<string>>();
  for (const { url } of files) {
    const { container, path } = parseBlobAddress(storage.account, url);
    const blob = client.getContainerClient(container).getBlobClient(path);
    for await (const line of ndjsonLines(blobBytes(blob, { from: 0, limit: Infinity }, signal), maxLineBytes))
      for (const reference of referencesIn(line.tooLong ? '' : line.text)) {
        const [type = '', id = ''] = reference.split('/');
        const ids = deleted.get(type);
        if (ids === undefined) deleted.set(type, new Set([id]));
        else ids.add(id);
      }
  }
  return new Map([...deleted].map(([type, ids]) => [type, [...ids]]));
}

function referencesIn(text: string): readonly string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const read = v.safeParse(bundleSchema, json);
  if (read.success) return read.output.entry.map(({ request }) => request.url);
  throw new FailureError({
    kind: 'unexpectedAnswer',
    message: 'A file of deletions of the export holds something else than bundles of deletions.',
    nextStep: 'The window is exported again. If this repeats, look at the file in the staging account.',
  });
}

/** As the services export deleted resources (export contract, 1.7); without a version, which the import then assigns. */
function tombstone(type: string, id: string, at: number): string {
  const extension = [{ url: deletedState, valueString: 'soft-deleted' }];
  return JSON.stringify({ resourceType: type, id, meta: { lastUpdated: new Date(at).toISOString(), extension } });
}
