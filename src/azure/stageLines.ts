import type { ContainerClient } from '@azure/storage-blob';
import { FailureError } from '../failure/failure.ts';
import { blobUrl, parseBlobAddress } from './blobAddress.ts';
import { plainEtag } from './plainEtag.ts';
import type { StorageAccess } from './storageClient.ts';
import { unitLines } from './workUnit.ts';

/** Most bytes of one file of lines; the lines after them are left out. */
const maxStagedBytes = 64 * 1_048_576;

/** Lines of staged files that are to be staged once more. */
export interface LinesToStage {
  readonly inputs: readonly {
    readonly url: string;
    /** First byte of the work unit, and the line's number in it, from 1. */
    readonly places: readonly { readonly offset: number; readonly line: number }[];
  }[];
  /** Path of the new file inside the staging container. */
  readonly path: string;
}

export interface StagedLines {
  readonly url: string;
  readonly etag: string;
  readonly bytes: number;
  readonly lines: number;
}

/**
 * Writes lines of staged files, byte for byte and in the order asked for, to a new file of the staging container; one
 * that is there already is replaced. The first lines are written when not all can be: what follows a line that cannot be
 * read, or that is too much for one file, is left out. Undefined when there is none.
 */
export async function stageLines(
  storage: StorageAccess,
  containerClient: Promise<ContainerClient>,
  request: LinesToStage,
  signal: AbortSignal,
): Promise<StagedLines | undefined> {
  const about = { request: 'PUT {staged file}', tried: 'Staging refused lines' };
  try {
    const texts = await readLines(storage, request, signal);
    if (texts.length === 0) return undefined;
    const content = `${texts.join('\n')}\n`;
    const bytes = Buffer.byteLength(content);
    const container = await containerClient;
    const { etag } = await container.getBlockBlobClient(request.path).upload(content, bytes, {
      abortSignal: signal,
      blobHTTPHeaders: { blobContentType: 'application/fhir+ndjson' },
    });
    if (etag === undefined)
      throw new FailureError({ kind: 'unexpectedAnswer', message: 'The storage account gave no ETag for a new file.' });
    const url = blobUrl(storage.account, { container: container.containerName, path: request.path });
    return { url, etag: plainEtag(etag), bytes, lines: texts.length };
  } catch (error) {
    throw await storage.failure(error, about, signal);
  }
}

async function readLines(
  storage: StorageAccess,
  { inputs }: LinesToStage,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const client = await storage.client();
  const texts: string[] = [];
  let bytes = 0;
  for (const { url, places } of inputs) {
    const { container, path } = parseBlobAddress(storage.account, url);
    const blob = client.getContainerClient(container).getBlobClient(path);
    const found = new Map<string, string>();
    for (const [offset, wanted] of Map.groupBy(places, (place) => place.offset)) {
      const numbers = new Set(wanted.map(({ line }) => line));
      const last = Math.max(...numbers);
      let number = 0;
      for await (const text of unitLines(blob, offset, signal)) {
        number += 1;
        if (numbers.has(number) && text !== undefined) found.set(`${offset}:${number}`, text);
        if (number >= last) break;
      }
    }
    for (const { offset, line } of places) {
      const text = found.get(`${offset}:${line}`);
      bytes += text === undefined ? 0 : Buffer.byteLength(text) + 1;
      if (text === undefined || bytes > maxStagedBytes) return texts;
      texts.push(text);
    }
  }
  return texts;
}
