import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../src/failure/failure.ts';
import { BlobJournal } from '../../../src/engine/journal/blobJournal.ts';
import { writeCreation } from '../../../src/engine/journal/createMigration.ts';
import { JournalStores } from '../../../src/services/migrations/journalStores.ts';
import { Migration } from '../../../src/services/migrations/migration.ts';
import { MemoryBlobs } from '../engine/journal/memoryBlobs.ts';
import { migration } from '../engine/journal/migration.ts';
import { scripted } from '../engine/simulation/script.ts';
import { minute, silentLog, start } from '../engine/simulation/world.ts';

describe('a driver whose staging account is out of reach for a while', () => {
  it('waits, lets go, and drives again by itself when the account is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'again-'));
    const world = scripted({ flavour: 'ahds', changes: 0, resources: 20 });
    const { clock } = world;
    const never = new AbortController().signal;
    const blobs = new MemoryBlobs(() => clock.now());
    const append = blobs.append.bind(blobs);
    let refused = 0;
    blobs.append = (name, at, bytes) => {
      const isAway = clock.now() > start + 20 * minute && clock.now() < start + 60 * minute;
      if (!isAway) return append(name, at, bytes);
      refused += 1;
      return Promise.reject(new FailureError({ kind: 'network', message: 'It does not answer.' }));
    };
    const options = { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms, never) };
    try {
      const store = await BlobJournal.create(blobs, migration, options);
      await writeCreation(store, world.plan, 'creator', clock.now());
      const journals = new JournalStores(folder, () => blobs);
      await journals.shared.approve(migration, world.plan);
      // It is asked on the disk, and no simulated time may pass meanwhile.
      const isApproved = journals.shared.isApproved.bind(journals.shared);
      journals.shared.isApproved = (...asked) => clock.hold(isApproved(...asked));
      const handle = await Migration.open(
        { store, account: undefined },
        {
          driverId: 'driver',
          clock,
          random: () => 0.5,
          log: silentLog,
          journals,
          portsOf: () => Promise.resolve(world.outside()),
          closed: (_, ended) => void ended.catch(() => undefined),
        },
      );
      let stops = 0;
      const complete = new Promise<void>((resolve) => {
        handle.onChange(() => {
          if (!handle.drivenHere) stops += 1;
          if (handle.overview().phase === 'complete') resolve();
        });
      });
      await clock.run(handle.drive());
      await clock.run(complete);
      assert.ok(refused > 10, 'It was patient.');
      assert.ok(stops > 1, 'It let go, and came back.');
      assert.equal(new Set(world.target.jobs.map(({ body }) => body)).size, world.target.jobs.length);
      handle.dispose();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
