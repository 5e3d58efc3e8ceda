import assert from 'node:assert/strict';
import { withSharedMigration } from './sharedMigration.ts';

/** As a sign-in fails that ends with its window. */
const failure = { kind: 'notSignedIn', message: 'Nobody is signed in.' } as const;

describe('a window that closes while something is asked', () => {
  for (const asked of [
    'source search parameters',
    'start export',
    'export status',
    'list files',
    'start import',
    'import status',
  ]) {
    it(`leaves a migration that can go on, whatever becomes of: ${asked}`, async () => {
      await withSharedMigration(async ({ world, store, handle }) => {
        const { clock } = world;
        let closing: Promise<void> | undefined;
        const ports = world.outside(({ name }) => {
          if (name !== asked || closing !== undefined) return undefined;
          closing = handle.detach();
          return { kind: 'refuse', failure };
        });
        world.outside = () => ports;
        await clock.run(handle.drive());
        await clock.run(handle.stopped());
        assert.ok(closing !== undefined, 'it was asked');
        await closing;
        assert.deepEqual(
          { attention: handle.overview().attention, driver: await store.driver() },
          { attention: [], driver: undefined },
        );
        await clock.run(handle.drive());
        await clock.run(handle.stopped());
        assert.equal(handle.overview().phase, 'complete');
      });
    });
  }
});
