import assert from 'node:assert/strict';
import { setImmediate as pendingWork } from 'node:timers/promises';
import { settled, startExport } from './exportCalls.ts';
import { ScaledClock } from '../../sandbox/clock.ts';
import { SharedRate } from '../../sandbox/jobs/sharedRate.ts';
import { Bench, start, ticking, until, version } from './fixture.ts';
import { patient, startImport, upload } from './importCalls.ts';

const states = (bench: Bench): readonly string[] => bench.service.jobs().map(({ state }) => state);

/** Waits until the jobs are in these states. */
function reach(bench: Bench, ...expected: readonly string[]): Promise<unknown> {
  const matches = (): true | undefined => (states(bench).join() === expected.join() ? true : undefined);
  return until(matches, `jobs are ${expected.join(', ')}`);
}

describe('server jobs, timing', () => {
  it('stay queued until they are picked up', async () => {
    const bench = await Bench.open({ exportTiming: { pickUpMs: 60_000 } });
    await startExport(bench);
    bench.clock.advance(59_999);
    await pendingWork();
    assert.deepEqual(states(bench), ['queued']);
    assert.deepEqual(bench.service.operations.active('export'), ['1']);
    bench.clock.advance(1);
    await reach(bench, 'completed');
    assert.deepEqual(bench.service.operations.active('export'), []);
  });

  it('last as long as they are told to', async () => {
    const bench = await Bench.open({ exportTiming: { fixedMs: 600_000 } });
    await startExport(bench);
    await reach(bench, 'running');
    bench.clock.advance(599_999);
    await pendingWork();
    assert.deepEqual(states(bench), ['running']);
    bench.clock.advance(1);
    await reach(bench, 'completed');
  });

  it('run one export at a time on gen1, in the order of their start, and any number on AHDS', async () => {
    const timing = { exportTiming: { fixedMs: 1_000 } };
    const gen1 = await Bench.open({ flavour: 'azureApiForFhir', ...timing });
    const ahds = await Bench.open(timing);
    for (const bench of [gen1, ahds]) for (let count = 0; count < 3; count += 1) await startExport(bench);
    await reach(gen1, 'running', 'queued', 'queued');
    await reach(ahds, 'running', 'running', 'running');
    gen1.clock.advance(1_000);
    await reach(gen1, 'completed', 'running', 'queued');
    gen1.clock.advance(1_000);
    await reach(gen1, 'completed', 'completed', 'running');
  });

  it('hand the place of a cancelled job, running or queued, to the next', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir', exportTiming: { fixedMs: 1_000 } });
    const first = await startExport(bench);
    const second = await startExport(bench);
    await startExport(bench);
    await reach(bench, 'running', 'queued', 'queued');
    await bench.call('DELETE', second);
    await bench.call('DELETE', first);
    await reach(bench, 'cancelled', 'cancelled', 'running');
  });

  it('run as many exports at a time as the service is given', async () => {
    const bench = await Bench.open({
      flavour: 'azureApiForFhir',
      exportsAtOnce: 2,
      exportTiming: { fixedMs: 1_000 },
    });
    for (let count = 0; count < 3; count += 1) await startExport(bench);
    await reach(bench, 'running', 'running', 'queued');
  });

  it('share the throughput of the service', async () => {
    const bench = await Bench.open({ importTiming: { resourcesPerSecond: 100 } });
    for (const letter of ['a', 'b']) {
      const lines = Array.from({ length: 1_000 }, (_, index) => patient(`${letter}${index}`));
      await startImport(bench, [{ url: await upload(bench, lines) }]);
    }
    await ticking(bench, 100, () => reach(bench, 'completed', 'completed'));
    // Each alone, 1,000 lines would take 10 s.
    assert.ok(bench.clock.now() - start >= 20_000);
  });

  it('get their throughput in the order of asking, exactly', async () => {
    const clock = new ScaledClock({ factor: 0, startAt: start });
    const rate = new SharedRate(clock, () => 100);
    const order: string[] = [];
    const { signal } = new AbortController();
    const takers = ['first', 'second'].map((name) => rate.take(1_000, signal).then(() => order.push(name)));
    for (const [advance, expected] of [
      [9_999, ''],
      [1, 'first'],
      [9_999, 'first'],
      [1, 'first,second'],
    ] as const) {
      clock.advance(advance);
      await pendingWork();
      assert.equal(order.join(), expected);
    }
    await Promise.all(takers);
    clock.dispose();
  });

  it('take a change of the throughput at once', async () => {
    const bench = await Bench.open({ exportTiming: { resourcesPerSecond: 0.001 } });
    bench.service.configure({ exportTiming: {} });
    bench.put(version('p', 1, '2024-01-01'));
    assert.equal((await settled(bench, await startExport(bench))).status, 200);
  });

  it('end when the service stops', async () => {
    const bench = await Bench.open({ exportTiming: { fixedMs: 1_000 }, importTiming: { pickUpMs: 1_000 } });
    await startExport(bench);
    await startImport(bench, [{ url: await upload(bench, [patient('p')]) }]);
    await bench.stop();
    assert.equal(bench.service.store.size.current, 0);
  });
});
