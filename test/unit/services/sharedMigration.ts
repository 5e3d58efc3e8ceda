import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobJournal } from '../../../src/engine/journal/blobJournal.ts';
import { writeCreation } from '../../../src/engine/journal/createMigration.ts';
import { JournalStores } from '../../../src/services/migrations/journalStores.ts';
import { Migration } from '../../../src/services/migrations/migration.ts';
import { MemoryBlobs } from '../engine/journal/memoryBlobs.ts';
import { migration } from '../engine/journal/migration.ts';
import { scripted } from '../engine/simulation/script.ts';
import { silentLog } from '../engine/simulation/world.ts';

/** Runs a test with the handle of a migration between simulated services, its journal in simulated blobs. */
export async function withSharedMigration(
  test: (of: {
    readonly world: ReturnType<typeof scripted>;
    readonly blobs: MemoryBlobs;
    readonly store: BlobJournal;
    readonly handle: Migration;
  }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'shared-migration-'));
  const world = scripted({ flavour: 'ahds', changes: 0, resources: 20 });
  const { clock } = world;
  const never = new AbortController().signal;
  const blobs = new MemoryBlobs(() => clock.now());
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
    await test({ world, blobs, store, handle });
    handle.dispose();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
