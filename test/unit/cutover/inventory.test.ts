import assert from 'node:assert/strict';
import type { StagedBlob, StagedBlobs } from '../../../src/azure/stagedBlobs.ts';
import { migrationId } from '../../../src/engine/ids.ts';
import type { Leftovers } from '../../../src/engine/run/leftovers.ts';
import { takeInventory } from '../../../src/services/cleanup/inventory.ts';
import { wholeOverview } from '../report/facts.ts';

const never = new AbortController().signal;
const account = 'https://contosostaging.blob.core.windows.net';
const nothing: Leftovers = { exportJobs: [], errorFiles: [], retried: [], unreadable: 0 };

/** A container with files of these paths; the ETag of each tells its path. */
function blobsOf(container: string, paths: readonly string[], kept = false): StagedBlobs {
  const all = paths.map((path): StagedBlob => ({
    container,
    path,
    bytes: 10,
    etag: `of ${path}`,
    leased: false,
    immutable: false,
  }));
  const roots = [...new Set(paths.map((path) => (path.includes('/') ? `${path.split('/')[0] ?? ''}/` : path)))];
  return {
    async *list(name, prefix) {
      await Promise.resolve();
      yield name === container ? all.filter(({ path }) => path.startsWith(prefix)) : [];
    },
    place: (url) => ({ container, path: url.slice(`${account}/${container}/`.length) }),
    container: (name) => Promise.resolve(name === container ? { changedAt: Date.now(), kept, roots } : undefined),
    remove: () => Promise.reject(new Error('Nothing is deleted while looking.')),
    removeContainer: () => Promise.reject(new Error('Nothing is deleted while looking.')),
  };
}

describe('Looking for what a migration made', () => {
  const mine = wholeOverview({ id: migrationId('20260503-000000-mine0000') });
  const { container } = mine.staging;
  const inventory = (paths: readonly string[], leftovers: Partial<Leftovers> = {}, kept = false) =>
    takeInventory(
      {
        overview: mine,
        driven: false,
        leftovers: { ...nothing, ...leftovers },
        others: [],
        blobs: blobsOf(container, paths, kept),
        changes: [],
        madeContainers: new Set([container]),
        now: Date.now(),
      },
      never,
      () => undefined,
    );
  const retried = async (...of: Parameters<typeof inventory>): Promise<readonly string[]> =>
    ((await inventory(...of)).files.get(`retriedLines:${container}/retries`) ?? []).map(({ path }) => path);

  it('takes lines that were staged again by the id of the migration, also in a container that others use', async () => {
    const own = `retries/${mine.id}/i0001/Patient-w0001-0.ndjson`;
    const theirs = 'retries/20260503-000000-theirs00/i0001/Patient-w0001-0.ndjson';
    assert.deepEqual(await retried([own, theirs]), [own]);
    const { items } = await inventory([own, theirs]);
    assert.match(items.find(({ kind }) => kind === 'container')?.blocked ?? '', /holds 1 other/);
    const alone = await inventory([own]);
    assert.equal(alone.items.find(({ kind }) => kind === 'container')?.blocked, undefined);
  });

  it('says beforehand that a hold or a policy on the container keeps files', async () => {
    assert.doesNotMatch((await inventory([])).warnings.join(), /immutability/);
    assert.match((await inventory([], {}, true)).warnings.join(), /immutability policy is on the container/);
  });

  it('takes lines of a folder without an id only where the journal knows exactly this file', async () => {
    const path = 'retries/i0001/Patient-w0001-0.ndjson';
    const url = `${account}/${container}/${path}`;
    assert.deepEqual(await retried([path]), []);
    assert.deepEqual(await retried([path], { retried: [{ url, etag: 'of another' }] }), []);
    assert.deepEqual(await retried([path], { retried: [{ url, etag: `of ${path}` }] }), [path]);
  });
});
