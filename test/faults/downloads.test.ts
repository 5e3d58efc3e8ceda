import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobClient } from '@azure/storage-blob';
import { blobBytes } from '../../src/azure/blobBytes.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';

const size = 9_000_000;
const content = Buffer.alloc(size, 0);
for (let index = 0; index < size; index += 7) content[index] = index % 251;
const wanted = createHash('sha256').update(content).digest('hex');

/** A blob whose connection is cut once, at a byte, with an error or as if it were the end. */
function cutBlob(at: number, loudly: boolean): BlobClient {
  let cuts = 0;
  return {
    download: (from: number, count: number) => {
      const whole = content.subarray(from, Math.min(size, from + count));
      const isCut = cuts === 0 && at >= from && at < from + whole.length;
      if (isCut) cuts += 1;
      const sent = isCut ? whole.subarray(0, at - from) : whole;
      const stream = Readable.from(
        (function* () {
          if (sent.length > 0) yield sent;
          if (isCut && loudly) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        })(),
      );
      const contentRange = `bytes ${from}-${from + whole.length - 1}/${size}`;
      return Promise.resolve({ readableStreamBody: stream, etag: '"1"', contentRange });
    },
  } as unknown as BlobClient;
}

async function hashOf(blob: BlobClient): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of blobBytes(blob, { from: 0, limit: Infinity }, new AbortController().signal)) {
    hash.update(bytes);
  }
  return hash.digest('hex');
}

describe('a download whose connection is cut at any byte', () => {
  it('is whole after it was tried again, a thousand times of a thousand', async function () {
    this.timeout(120_000);
    const random = seeded(48);
    for (let cut = 0; cut < 1_000; cut += 1) {
      // Behind the first byte: an answer of none is an end, and looks like one.
      const blob = cutBlob(1 + Math.floor(random() * (size - 1)), cut % 2 === 0);
      const hash = await hashOf(blob).catch(() => hashOf(blob));
      assert.equal(hash, wanted, `cut ${cut}`);
    }
  });
});
