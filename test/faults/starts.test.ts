import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCreation } from '../../src/engine/journal/createMigration.ts';
import { FileJournal } from '../../src/engine/journal/fileJournal.ts';
import { JournalStores } from '../../src/services/migrations/journalStores.ts';
import { Migration } from '../../src/services/migrations/migration.ts';
import { MemoryBlobs } from '../unit/engine/journal/memoryBlobs.ts';
import { migration } from '../unit/engine/journal/migration.ts';
import { scripted } from '../unit/engine/simulation/script.ts';
import { silentLog } from '../unit/engine/simulation/world.ts';
import { ScaledClock } from './scaledClock.ts';

describe('a migration that is started a thousand times at once', () => {
  it('runs once, in one of the windows that were asked', async function () {
    this.timeout(60_000);
    const root = await mkdtemp(join(tmpdir(), 'starts-'));
    const clock = new ScaledClock(Date.now(), 60_000);
    const world = scripted({ flavour: 'ahds', changes: 0, resources: 20, clock });
    try {
      const store = await FileJournal.create(root, migration);
      await writeCreation(store, world.plan, 'creator', clock.now());
      let runs = 0;
      const windows = await Promise.all(
        ['first', 'second'].map((driverId) =>
          Migration.open(
            { store: FileJournal.open(root, migration), account: undefined },
            {
              driverId,
              clock,
              random: Math.random,
              log: silentLog,
              journals: new JournalStores(root, () => new MemoryBlobs()),
              portsOf: () => {
                runs += 1;
                return Promise.resolve(world.outside());
              },
              closed: (_, ended) => void ended.catch(() => undefined),
            },
          ),
        ),
      );
      const starts = Array.from({ length: 500 }, () => windows.map((window) => window.drive())).flat();
      const results = await Promise.allSettled(starts);
      assert.equal(runs, 1);
      assert.equal(windows.filter(({ drivenHere }) => drivenHere).length, 1);
      // Whoever did not get to drive is told who does.
      for (const result of results) {
        if (result.status === 'rejected') assert.match(String(result.reason), /drives this migration/);
      }
      await Promise.all(windows.map((window) => window.stopped()));
      assert.equal(new Set(world.source.jobs.map(({ request }) => request.till)).size, world.source.jobs.length);
      for (const window of windows) window.dispose();
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
