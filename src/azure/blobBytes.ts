import type { BlobClient } from '@azure/storage-blob';
import { FailureError } from '../failure/failure.ts';

/** Size of one read. Whole work units of an import are about 10 MB. */
const rangeBytes = 4 * 1_048_576;

/**
 * Bytes of a blob from an offset on, in ranges, until its end, the limit, or the reader stops. Every range is of the same
 * version: a blob that changes meanwhile throws the storage service's 412.
 */
export async function* blobBytes(
  blob: BlobClient,
  { from, limit }: { readonly from: number; readonly limit: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer, void> {
  let position = from;
  let etag: string | undefined;
  while (position < from + limit) {
    const count = Math.min(rangeBytes, from + limit - position);
    const answer = await blob
      .download(position, count, {
        abortSignal: signal,
        ...(etag === undefined ? {} : { conditions: { ifMatch: etag } }),
      })
      .catch((error: unknown) => {
        if (isRangeOutside(error)) return undefined;
        throw error;
      });
    if (answer === undefined) return;
    etag ??= answer.etag;
    const chunk = await collect(answer.readableStreamBody, count);
    if (chunk.length === 0) return;
    yield chunk;
    position += chunk.length;
    const total = Number(/\/(\d+)$/.exec(answer.contentRange ?? '')?.[1] ?? Number.NaN);
    if (position >= total || (Number.isNaN(total) && chunk.length < count)) return;
  }
}

/** An offset at or behind the end, also that of an empty blob. */
function isRangeOutside(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 416;
}

async function collect(stream: NodeJS.ReadableStream | undefined, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream ?? []) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += buffer.length;
    if (bytes > count)
      throw new FailureError({
        kind: 'unexpectedAnswer',
        message: 'The storage account sent more bytes than were asked for.',
      });
    chunks.push(buffer);
  }
  return Buffer.concat(chunks, bytes);
}
