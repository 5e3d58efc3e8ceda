import type { BlobClient } from '@azure/storage-blob';
import { blobBytes } from './blobBytes.ts';
import { ndjsonLines } from './ndjsonLines.ts';

/** Documents of Azure API for FHIR end at 2 MB; longer ones come from elsewhere. */
const maxLineBytes = 16 * 1_048_576;
/** A work unit is 10 MB unless a plan raises it (processingUnitBytesToRead). */
const maxUnitBytes = 256 * 1_048_576;

/**
 * Lines of a work unit of an import as the server counts them: a unit that does not start at 0 leaves out the line it
 * starts in, which belongs to the unit before (fhir-server: ImportResourceLoader.ReadLines). Undefined: too long to be
 * read. `offset`: the unit's first byte.
 */
export async function* unitLines(
  blob: BlobClient,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<string | undefined, void> {
  const bytes = blobBytes(blob, { from: offset, limit: maxUnitBytes }, signal);
  for await (const line of ndjsonLines(offset === 0 ? bytes : afterFirstLineEnd(bytes), maxLineBytes))
    yield line.tooLong ? undefined : line.text;
}

async function* afterFirstLineEnd(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let skipping = true;
  for await (const chunk of bytes) {
    if (!skipping) {
      yield chunk;
      continue;
    }
    const end = chunk.indexOf(0x0a);
    if (end === -1) continue;
    skipping = false;
    yield chunk.subarray(end + 1);
  }
}
