import assert from 'node:assert/strict';
import { withSharedMigration } from './sharedMigration.ts';

describe('a request to a driver that is about to let go', () => {
  it('is carried out, although the driver does not look at requests any more', async () => {
    await withSharedMigration(async ({ world: { clock }, store, handle }) => {
      const release = store.release.bind(store);
      let releases = 0;
      store.release = async (driver) => {
        releases += 1;
        if (releases === 1) await handle.control('cancel');
        await release(driver);
      };
      const cancelled = new Promise<void>((resolve) => {
        handle.onChange(() => {
          if (handle.overview().phase === 'cancelled' && !handle.drivenHere) resolve();
        });
      });
      await clock.run(handle.drive());
      await clock.run(handle.control('pause'));
      await clock.run(cancelled);
      assert.equal(releases, 2);
    });
  });
});
