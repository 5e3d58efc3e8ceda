import assert from 'node:assert/strict';
import type { MigrationPorts } from '../../../src/engine/run/context.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import { withSharedMigration } from './sharedMigration.ts';

/** Ports of which one method runs something, and fails as a sign-in does that ends with its window, the first time. */
function failingOnce(
  ports: MigrationPorts,
  side: 'source' | 'target' | 'staging',
  method: string,
  first: () => void,
): MigrationPorts {
  let failed = false;
  const port = new Proxy<object>(ports[side], {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]): unknown => {
        if (name !== method || failed) return Reflect.apply(value, target, given);
        failed = true;
        first();
        return Promise.reject(new FailureError({ kind: 'notSignedIn', message: 'Nobody is signed in.' }));
      };
    },
  });
  return { ...ports, [side]: port };
}

describe('a window that closes while something is asked', () => {
  for (const [side, method] of [
    ['source', 'searchParameters'],
    ['source', 'startExport'],
    ['source', 'exportStatus'],
    ['staging', 'files'],
    ['target', 'startImport'],
    ['target', 'importStatus'],
  ] as const) {
    it(`leaves a migration that can go on, whatever becomes of ${side} ${method}`, async () => {
      await withSharedMigration(async ({ world, store, handle }) => {
        const { clock } = world;
        let closing: Promise<void> | undefined;
        const ports = failingOnce(world.outside(), side, method, () => {
          closing = handle.detach();
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
