import assert from 'node:assert/strict';
import { systemClock } from '../../../src/http/clock.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { assertComplete, openWorld, until } from './world.ts';

const hours = 12 * 3_600_000;

describe('a machine that slept for twelve hours', function () {
  this.timeout(120_000);
  const now = (): number => Date.now();
  afterEach(() => {
    systemClock.now = now;
  });

  it('finds its operations again, although tokens and sockets are gone, and restarts none', async () => {
    // Longer than the test may take: only what passes during the sleep ends it.
    await using world = await openWorld({ exportTiming: { fixedMs: hours / 2 } });
    const plan = world.plan({ limits: { windowDays: 3_660 } });
    const handle = await world.services().startMigration(plan);
    await until(handle, ({ operations }) => operations.some(({ state }) => state === 'running'));
    const [before] = handle.overview().operations;
    let asleep = 0;
    systemClock.now = () => now() + asleep;
    world.sandbox.clock.advance(hours);
    // What ended during the sleep has ended when the machine wakes.
    while (world.sandbox.jobs(demoSource).some(({ state }) => state === 'running')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    asleep = hours;
    world.sandbox.expireTokens();
    world.sandbox.addFault({ service: '*', path: '_operations', count: 1, effect: { kind: 'drop' } });
    world.sandbox.configure(demoSource, { exportTiming: {} });
    await until(handle, ({ windows }) => windows.some(({ exported }) => exported > 0));
    const overview = await handle.stopped();
    assertComplete(world, overview);
    assert.ok(overview.windows.every(({ attempts }) => attempts <= 1));
    const exports = world.sandbox.jobs(demoSource).filter(({ operation }) => operation === 'export');
    assert.equal(exports.length, overview.windows.filter(({ attempts }) => attempts > 0).length);
    assert.ok(before?.jobId !== undefined && exports.some(({ id }) => id === before.jobId));
    const counters = world.sandbox.counters();
    assert.equal(counters['DELETE export'] ?? 0, 0);
    assert.equal(counters['DELETE import'] ?? 0, 0);
    const imports = world.sandbox.jobs(demoTarget).filter(({ operation }) => operation === 'import');
    assert.ok(imports.every(({ state }) => state === 'completed'));
  });
});
