import assert from 'node:assert/strict';
import { overview } from '../../../../src/engine/overview.ts';
import type { ControlRequest } from '../../../../src/engine/ports.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { day, minute, start, type World } from './world.ts';

async function driveUntil(
  options: ScriptOptions,
  request: ControlRequest,
  after: number,
): Promise<readonly [World, Runner]> {
  const world = scripted(options);
  await world.create();
  world.clock.at(start + after, () => void world.ask(request));
  return [world, await world.drive()];
}

function phaseOf(world: World, runner: Runner): string {
  return overview(runner.state, runner.observations(), world.clock.now()).phase;
}

describe('asking the driver', () => {
  it('to pause stops at once, leaves the servers’ jobs alone, and resuming repeats none of them', async () => {
    for (const after of [1, 3 * minute, 20 * minute, 45 * minute]) {
      const [world, runner] = await driveUntil({ flavour: 'azureApiForFhir' }, 'pause', after);
      assert.equal(phaseOf(world, runner), 'paused');
      assert.ok(world.clock.now() - start <= after + 1_000);
      assert.ok([...world.source.jobs, ...world.target.jobs].every(({ state }) => state !== 'cancelled'));
      await world.clock.run(world.clock.sleep(12 * 60 * minute, new AbortController().signal));
      await world.ask('resume');
      const next = await world.drive();
      assert.equal(phaseOf(world, next), 'complete');
      await check(world, next);
      const windows = overview(next.state, next.observations(), 0).windows;
      assert.equal(world.source.jobs.length, windows.length, 'no export twice');
    }
  });

  it('to pause does nothing further until somebody resumes', async () => {
    const [world, runner] = await driveUntil({ flavour: 'ahds' }, 'pause', 20 * minute);
    const calls = [...world.calls.values()].reduce((sum, count) => sum + count, 0);
    const again = await world.drive();
    assert.equal(phaseOf(world, again), 'paused');
    assert.equal(
      [...world.calls.values()].reduce((sum, count) => sum + count, 0),
      calls,
    );
    assert.equal(again.state.sequence, runner.state.sequence);
  });

  it('to cancel cancels every job on the servers and keeps the journal', async () => {
    for (const after of [1, 3 * minute, 20 * minute, 31 * minute, 45 * minute]) {
      const [world, runner] = await driveUntil(
        { flavour: 'ahds', plan: { limits: { exportsAtOnce: 3 } } },
        'cancel',
        after,
      );
      assert.equal(phaseOf(world, runner), 'cancelled');
      for (const { state } of [...world.source.jobs, ...world.target.jobs]) assert.notEqual(state, 'running');
      await world.ask('resume');
      assert.equal(phaseOf(world, await world.drive()), 'cancelled');
    }
  });

  it('to cancel is possible when nobody drives, and finds an export whose answer was lost', async () => {
    let isKilled = false;
    const world = scripted({
      flavour: 'ahds',
      exports: { flavour: 'ahds', duration: () => 3 * 60 * minute, fate: () => undefined },
      trouble: ({ name }) => {
        if (name !== 'start export' || isKilled) return undefined;
        isKilled = true;
        return { kind: 'killAfter' };
      },
    });
    await world.create();
    assert.equal(await world.driveOnce(), undefined);
    world.journal.expire();
    await world.clock.run(world.clock.sleep(100 * minute, new AbortController().signal));
    await world.ask('cancel');
    const runner = await world.drive();
    assert.equal(phaseOf(world, runner), 'cancelled');
    assert.deepEqual(
      world.source.jobs.map(({ state }) => state),
      ['cancelled'],
    );
  });

  it('to cancel on a retired source says that its job runs on', async () => {
    const world = scripted({ flavour: 'azureApiForFhir', changes: 0 });
    world.source.isDeprecated = true;
    await world.create();
    world.clock.at(start + 3 * minute, () => void world.ask('cancel'));
    const runner = await world.drive();
    assert.equal(phaseOf(world, runner), 'cancelled');
    assert.ok(runner.state.notes.some((note) => note.includes('could not be cancelled')));
  });

  it('to retry cancels an operation that never ends, and does its work again', async () => {
    const world = scripted({
      flavour: 'ahds',
      changes: 0,
      exports: { flavour: 'ahds', duration: (_, job) => (job === 4 ? 400 * day : 8 * minute) },
    });
    await world.create();
    const attention: number[] = [];
    let driving: Runner | undefined;
    world.clock.at(start + 5 * 60 * minute, () => {
      assert.ok(driving !== undefined);
      attention.push(overview(driving.state, driving.observations(), world.clock.now()).attention.length);
      void world.ask('retry');
    });
    const runner = await world.driveOnce((started) => {
      driving = started;
    });
    assert.ok(runner !== undefined);
    assert.deepEqual(attention, [1]);
    assert.equal(phaseOf(world, runner), 'complete');
    assert.equal(world.source.jobs[3]?.state, 'cancelled');
    await check(world, runner);
  });

  it('to catch up moves what changed since', async () => {
    const world = scripted({ flavour: 'ahds', changes: 4 });
    await world.create();
    await world.drive();
    world.source.store.write('Patient', 'r1', world.source.now(), false, 'later');
    await world.ask('catchUp');
    const runner = await world.drive();
    assert.equal(phaseOf(world, runner), 'complete');
    await check(world, runner);
  });
});

describe('a driver', () => {
  it('that is detached leaves its jobs to the next one, which starts none of them again', async () => {
    for (const after of [minute, 9 * minute, 22 * minute]) {
      const world = scripted({ flavour: 'ahds' });
      await world.create();
      const first = await world.driveOnce((runner) => {
        world.clock.at(start + after, () => void runner.detach());
      });
      assert.equal(first?.state.run, 'running');
      assert.equal(await world.journal.driver(), undefined, 'the lease is given back');
      const runner = await world.drive();
      assert.equal(phaseOf(world, runner), 'complete');
      await check(world, runner);
      assert.equal(world.source.jobs.length, runner.state.windows.size);
    }
  });

  it('that was superseded while it slept stops and touches nothing', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0 });
    await world.create();
    let first: Runner | undefined;
    let taken: Promise<unknown> | undefined;
    world.clock.at(start + 5 * minute, () => {
      world.journal.expire();
      taken = world.journal.acquire('other');
    });
    const runner = await world.driveOnce((started) => {
      first = started;
    });
    await taken;
    assert.equal(runner?.stopped?.kind, 'journal');
    assert.equal(first?.stopped?.kind, 'journal');
    assert.equal((await world.journal.driver())?.id, 'other');
    assert.equal(phaseOf(world, runner), 'needsAttention');
  });

  it('that meets a full disk stops before it asks for anything, and goes on when there is space', async () => {
    let appends = 0;
    let isFull = true;
    const world = scripted({
      flavour: 'ahds',
      trouble: ({ name }) => {
        if (name !== 'append') return undefined;
        appends += 1;
        return isFull && appends > 30
          ? { kind: 'refuse', failure: { kind: 'diskFull', message: 'No space.' } }
          : undefined;
      },
    });
    await world.create();
    const runner = await world.drive();
    assert.equal(runner.stopped?.kind, 'diskFull');
    const seen = overview(runner.state, runner.observations(), world.clock.now());
    assert.equal(seen.phase, 'needsAttention');
    assert.equal(seen.attention[0]?.failure.kind, 'diskFull');
    isFull = false;
    const next = await world.drive();
    assert.equal(phaseOf(world, next), 'complete');
    await check(world, next);
  });

  it('that finds a document changed refuses to go on with it', async () => {
    const [world] = await driveUntil({ flavour: 'ahds', changes: 0 }, 'pause', 20 * minute);
    assert.ok(world.journal.attachments.size > 0);
    for (const name of world.journal.attachments.keys()) world.journal.attachments.set(name, '{"v":1,"content":{}}');
    await world.ask('resume');
    const runner = await world.drive();
    assert.equal(runner.stopped?.kind, 'journal');
    assert.match(runner.stopped.message, /is not the one that the journal names/);
  });
});
