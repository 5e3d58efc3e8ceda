import assert from 'node:assert/strict';
import { blobEndpoint, blobList, fakeAccount, storageError } from '../unit/azure/fakeBlobs.ts';
import { failureOf, never } from '../unit/http/fakeHttp.ts';
import type { FakeAnswer, SentRequest } from '../unit/http/fakeHttp.ts';
import type { Staging } from '../../src/azure/staging.ts';

const blobs = 300_000;
const pageSize = 1_000;
const pathOf = (index: number): string => `f/P-${index}.ndjson`;

/** A page of the listing; `again`: the page whose continuation leads back to the one before it. */
function page({ url }: SentRequest, again = Infinity): FakeAnswer {
  const first = Number(url.searchParams.get('marker') ?? 0);
  const names = Array.from({ length: pageSize }, (_, index) => ({ name: pathOf(first + index) }));
  const next = first + pageSize;
  const isLast = next >= blobs;
  return blobList(names, [], first === again * pageSize ? String(first) : isLast ? '' : String(next));
}

/** Indexes of the files, in the order of the listing. */
async function indexesOf(staging: Staging): Promise<Int32Array> {
  const found = new Int32Array(blobs + 10 * pageSize);
  let length = 0;
  for await (const files of staging.files('f', never)) {
    for (const { path, url } of files) {
      if (length < 3) assert.equal(url, `${blobEndpoint}/migration/${path}`);
      found[length++] = Number(/\d+/.exec(path)?.[0]);
    }
  }
  return found.subarray(0, length);
}

describe('a listing of 300,000 blobs', function () {
  // The SDK takes some 80 µs to read a blob of a listing.
  this.timeout(300_000);

  it('is the exact set, each once, although the account throttles every third request', async () => {
    const codes = [
      [503, 'ServerBusy'],
      [500, 'OperationTimedOut'],
    ] as const;
    let throttled = 0;
    const { staging, http } = fakeAccount((sent, index) => {
      if (index % 3 !== 1) return page(sent);
      throttled += 1;
      const [status, code] = codes[throttled % codes.length] ?? codes[0];
      return storageError(status, code, 'The server is busy.');
    });
    const found = await indexesOf(staging);
    assert.equal(found.length, blobs);
    assert.ok(found.every((index, place) => index === place));
    assert.ok(throttled > 100 && http.sent.length === blobs / pageSize + throttled);
  });

  it('ends with the reason when a continuation comes back, however late', async () => {
    const { staging, http } = fakeAccount((sent) => page(sent, 7));
    assert.match((await failureOf(indexesOf(staging))).message, /does not come to an end/);
    assert.ok(http.sent.length <= 9);
  });
});
