import type { BlobClient } from '@azure/storage-blob';
import { FailureError } from '../failure/failure.ts';

/** Size of one read. Whole work units of an import are about 10 MB. */
const rangeBytes = 4 * 1_048_576;
/** A connection slower than 14 KB/s is taken for a broken one. */
const rangeDeadlineMs = 300_000;

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
    const range = await readRange(blob, { position, count, etag }, signal);
    if (range === undefined || range.bytes.length === 0) return;
    yield range.bytes;
    etag = range.etag;
    position += range.bytes.length;
    if (position >= range.total || (Number.isNaN(range.total) && range.bytes.length < count)) return;
  }
}

interface Range {
  readonly bytes: Buffer;
  readonly etag: string | undefined;
  /** Size of the blob; NaN when the answer does not say. */
  readonly total: number;
}

/** One range; undefined when it lies behind the end. */
async function readRange(
  blob: BlobClient,
  { position, count, etag }: { readonly position: number; readonly count: number; readonly etag: string | undefined },
  signal: AbortSignal,
): Promise<Range | undefined> {
  const deadline = AbortSignal.timeout(rangeDeadlineMs);
  try {
    const answer = await blob.download(position, count, {
      abortSignal: AbortSignal.any([signal, deadline]),
      ...(etag === undefined ? {} : { conditions: { ifMatch: etag } }),
    });
    const bytes = await collect(answer.readableStreamBody, count);
    const total = Number(/\/(\d+)$/.exec(answer.contentRange ?? '')?.[1] ?? Number.NaN);
    return { bytes, etag: etag ?? answer.etag, total };
  } catch (error) {
    if (isRangeOutside(error)) return undefined;
    if (deadline.aborted && !signal.aborted)
      throw new FailureError(
        {
          kind: 'network',
          code: 'DEADLINE',
          message: `The storage account did not send a part of a file within ${rangeDeadlineMs / 1_000} seconds.`,
        },
        { cause: error },
      );
    throw error;
  }
}

/** An offset at or behind the end, also that of an empty blob. */
function isRangeOutside(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 416;
}

/** All bytes of a stream. Throws `unexpectedAnswer` when there are more than `count`. */
export async function collect(stream: NodeJS.ReadableStream | undefined, count: number): Promise<Buffer> {
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
