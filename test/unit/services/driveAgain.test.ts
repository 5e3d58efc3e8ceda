import assert from 'node:assert/strict';
import { FailureError } from '../../../src/failure/failure.ts';
import { minute, start } from '../engine/simulation/world.ts';
import { withSharedMigration } from './sharedMigration.ts';

describe('a driver whose staging account is out of reach for a while', () => {
  it('waits, lets go, and drives again by itself when the account is back', async () => {
    await withSharedMigration(async ({ world, blobs, handle }) => {
      const { clock } = world;
      const append = blobs.append.bind(blobs);
      let refused = 0;
      blobs.append = (name, at, bytes) => {
        const isAway = clock.now() > start + 20 * minute && clock.now() < start + 60 * minute;
        if (!isAway) return append(name, at, bytes);
        refused += 1;
        return Promise.reject(new FailureError({ kind: 'network', message: 'It does not answer.' }));
      };
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
    });
  });
});
