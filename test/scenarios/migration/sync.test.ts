import assert from 'node:assert/strict';
import { clientSecretTokens } from '../../../src/services/services.ts';
import { changeSource } from '../../demo/liveChanges.ts';
import { demoSource } from '../../demo/world.ts';
import { cloudOf } from '../../sandbox/cloudSettings.ts';
import { assertComplete, openFastWorld, until, type World } from './world.ts';

/** Safety lag and overlap in seconds, so that a test sees several windows. */
const quick = {
  sync: { purpose: 'cutover', lagTargetSeconds: 60 },
  options: { safetyLagSeconds: 1, overlapSeconds: 30 },
  limits: { windowDays: 3_660 },
} as const;

const change = (world: World): Promise<number> => {
  const { tenantId, clientId, clientSecret } = world.sandbox;
  const cloud = cloudOf(world.sandbox);
  return changeSource(world.sandbox, clientSecretTokens(cloud, { tenantId, clientId, secret: clientSecret }));
};

describe('a migration between sandbox services that is kept in sync', function () {
  this.timeout(120_000);

  for (const flavour of ['azureApiForFhir', 'ahds'] as const) {
    it(`follows changes and deletions, and proves the freeze (${flavour})`, async () => {
      await using world = await openFastWorld({ flavour });
      const plan = world.plan({ ...quick, source: { ...world.plan().source, kind: flavour } });
      const handle = await world.services().startMigration(plan);
      await until(handle, ({ phase, sync }) => phase === 'syncing' && sync?.copiedUntil !== undefined);
      assert.ok(handle.overview().windows.length > 0);
      await change(world);
      const frozenAt = world.clock.now();
      await handle.finish(frozenAt);
      const overview = await handle.stopped();
      assertComplete(world, overview);
      const { finish } = overview;
      assert.equal(finish?.state, 'frozen');
      assert.equal(finish.by, 'search');
      assert.ok(finish.newestBefore !== undefined && finish.newestBefore === finish.newestAfter);
      assert.ok((finish.freezeToDoneMs ?? Infinity) <= world.clock.now() - frozenAt);
    });
  }

  it('rests after a refusal, does not end while somebody goes on writing, and keeps in sync instead', async () => {
    await using world = await openFastWorld();
    world.sandbox.addFault({
      service: demoSource,
      path: '_history',
      count: 1,
      effect: { kind: 'status', status: 429, headers: { 'x-ms-retry-after-ms': '50' } },
    });
    const handle = await world
      .services()
      .startMigration(world.plan({ ...quick, options: { ...quick.options, nice: 0.1 } }));
    await until(handle, ({ waiting }) => waiting?.startsWith(`Throttled by ${demoSource} until `) === true);
    await until(handle, ({ phase }) => phase === 'syncing');
    await handle.finish(world.clock.now());
    await until(handle, ({ finish }) => finish !== undefined);
    await change(world);
    await until(handle, ({ finish }) => finish?.state === 'written' || finish?.state === 'frozen');
    assert.equal(handle.overview().finish?.state, 'written');
    await until(handle, ({ phase }) => phase === 'syncing');
    await handle.finish(world.clock.now());
    assertComplete(world, await handle.stopped());
  });

  it('is taken up by the next process where the last one left it, and obeys limits that are changed', async () => {
    await using world = await openFastWorld();
    const first = await world.services().startMigration(world.plan(quick));
    await until(first, ({ phase }) => phase === 'syncing');
    await first.detach();
    await first.change({ exportsAtOnce: 2, calendar: { timeZone: 'Europe/Berlin', running: 'drain' } });
    assert.equal(first.overview().plan.limits.exportsAtOnce, 2);
    await change(world);
    const second = await world.services().openMigration(first.id);
    assert.equal(second.overview().plan.calendar?.timeZone, 'Europe/Berlin');
    await second.finish(world.clock.now());
    assertComplete(world, await second.stopped());
    assert.equal(second.overview().plan.limits.exportsAtOnce, 2);
  });
});
