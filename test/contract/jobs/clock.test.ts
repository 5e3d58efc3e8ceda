import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setImmediate as pendingWork } from 'node:timers/promises';
import { promisify } from 'node:util';
import path from 'node:path';
import { ScaledClock } from '../../sandbox/clock.ts';

describe('the sandbox clock', () => {
  it('starts where it is told to and runs as fast as it is told to', async () => {
    const clock = new ScaledClock({ startAt: 1_000_000, factor: 1_000 });
    const real = performance.now();
    const before = clock.now();
    await clock.sleep(20_000);
    const passed = (performance.now() - real) * 1_000;
    assert.ok(clock.now() - before >= 20_000);
    // Never faster than told: 20 s of the sandbox are 20 ms here.
    assert.ok(passed >= 19_000, `${passed} ms`);
    clock.dispose();
  });

  it('counts whole milliseconds', () => {
    const clock = new ScaledClock({ startAt: 1_000, factor: 0.37 });
    assert.ok(Number.isInteger(clock.now()));
    clock.dispose();
  });

  it('stands still at factor 0 but for advance', () => {
    const clock = new ScaledClock({ startAt: 5, factor: 0 });
    assert.equal(clock.now(), 5);
    clock.advance(86_400_000);
    assert.equal(clock.now(), 86_400_005);
    clock.dispose();
  });

  it('wakes who is due when it is advanced, in the order in which they are due', async () => {
    const clock = new ScaledClock({ startAt: 0, factor: 0 });
    const woken: number[] = [];
    for (const ms of [300, 100, 200, 400])
      void clock.sleep(ms).then(
        () => woken.push(ms),
        () => undefined,
      );
    clock.advance(300);
    await pendingWork();
    assert.deepEqual(woken, [100, 200, 300]);
    clock.dispose();
  });

  it('does not sleep at all for no time', async () => {
    const clock = new ScaledClock({ factor: 0 });
    await clock.sleep(0);
    await clock.sleep(-5);
    clock.dispose();
  });

  it('ends a sleep that is aborted, before or during it', async () => {
    const clock = new ScaledClock({ factor: 0 });
    const abort = new AbortController();
    const during = assert.rejects(clock.sleep(10, abort.signal), { name: 'AbortError' });
    abort.abort();
    await during;
    await assert.rejects(clock.sleep(10, abort.signal), { name: 'AbortError' });
    clock.dispose();
  });

  it('sleeps longer than a timer can be set to', async () => {
    const clock = new ScaledClock({ startAt: 0 });
    const year = 365 * 86_400_000;
    let awake = false;
    const sleep = clock.sleep(year).then(() => (awake = true));
    await pendingWork();
    assert.equal(awake, false);
    clock.advance(year);
    await sleep;
    clock.dispose();
  });

  it('ends all sleep when it is disposed', async () => {
    const clock = new ScaledClock();
    const sleep = assert.rejects(clock.sleep(1_000_000), { name: 'AbortError' });
    clock.dispose();
    await sleep;
    await assert.rejects(clock.sleep(1), { name: 'AbortError' });
  });

  it('keeps no process alive after it is disposed', async () => {
    const script = `
      import { ScaledClock } from ${JSON.stringify(path.resolve('test/sandbox/clock.ts'))};
      const clock = new ScaledClock();
      clock.sleep(1e9).catch(() => process.stdout.write('ended'));
      clock.dispose();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script]);
    assert.equal(stdout, 'ended');
  });

  it('refuses to go back', () => {
    const clock = new ScaledClock();
    assert.throws(() => clock.advance(-1), RangeError);
    assert.throws(() => new ScaledClock({ factor: -1 }), RangeError);
    clock.dispose();
  });
});
