import assert from 'node:assert/strict';
import type { Failure } from '../../../../src/failure/failure.ts';
import type { OperationId } from '../../../../src/engine/ids.ts';
import { overview } from '../../../../src/engine/overview.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { check } from './checker.ts';
import { scripted } from './script.ts';
import { minute, type World } from './world.ts';

/** Drives until somebody stops it, choosing of the operations that run then. */
async function stopped(world: World, choose: (running: readonly OperationId[]) => readonly OperationId[]) {
  await world.create();
  let chosen: readonly OperationId[] = [];
  let running: readonly OperationId[] = [];
  const runner = await world.driveOnce((started: Runner) => {
    const look = (): void => {
      const seen = overview(started.state, started.observations(), world.clock.now());
      running = seen.operations.filter(({ state }) => state === 'running').map(({ id }) => id);
      const kinds = new Set(seen.operations.map(({ kind }) => kind));
      if (running.length < 2 || kinds.size < 2) {
        world.clock.at(world.clock.now() + minute, look);
        return;
      }
      chosen = choose(running);
      void world.ask({ kind: 'stop', cancel: chosen });
    };
    world.clock.at(world.clock.now() + minute, look);
  });
  assert.ok(runner !== undefined);
  return { runner, chosen, running };
}

const jobStates = (world: World): readonly string[] =>
  [...world.source.jobs, ...world.target.jobs].map(({ state }) => state);

describe('stopping', () => {
  it('cancels the operations that were chosen, leaves the others, and goes on with all of it later', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0 });
    const { runner, chosen, running } = await stopped(world, (ids) => ids.slice(0, 1));
    assert.equal(runner.state.run, 'paused');
    const left = [...runner.state.exports.keys(), ...runner.state.imports.keys()];
    assert.deepEqual(left.sort(), running.filter((id) => !chosen.includes(id)).sort());
    assert.equal(jobStates(world).filter((state) => state === 'cancelled').length, 1);
    await world.ask('resume');
    const again = await world.drive();
    assert.equal(again.state.run, 'complete');
    await check(world, again);
  });

  it('leaves no job behind when all are chosen', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0 });
    const { runner } = await stopped(world, (ids) => ids);
    assert.equal(runner.state.run, 'paused');
    assert.equal(runner.state.exports.size + runner.state.imports.size, 0);
    assert.ok(jobStates(world).every((state) => state !== 'running'));
    await world.ask('resume');
    const again = await world.drive();
    assert.equal(again.state.run, 'complete');
    await check(world, again);
  });

  it('cancels nothing when all are left, and attaches to them again', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0 });
    const { runner, running } = await stopped(world, () => []);
    assert.equal(runner.state.run, 'paused');
    assert.ok(running.length >= 2);
    await world.ask('resume');
    const again = await world.drive();
    assert.equal(again.state.run, 'complete');
    assert.ok(jobStates(world).every((state) => state === 'completed'));
    await check(world, again);
  });

  it('comes to its end although a service refuses to cancel, and says so', async () => {
    const failure: Failure = { kind: 'rejected', status: 400, message: 'no' };
    const world = scripted({
      flavour: 'ahds',
      changes: 0,
      trouble: ({ name }) => (name.startsWith('cancel') ? { kind: 'refuse', failure } : undefined),
    });
    const { runner } = await stopped(world, (ids) => ids);
    assert.equal(runner.state.run, 'paused');
    assert.ok(runner.state.notes.some((note) => note.includes('could not be cancelled')));
  });

  it('cancels an export whose answers can never be read, instead of leaving it behind', async () => {
    let looks = 0;
    const world = scripted({
      flavour: 'ahds',
      changes: 0,
      trouble: ({ name }) => {
        if (name !== 'export status') return undefined;
        looks += 1;
        const failure: Failure = { kind: 'unexpectedAnswer', message: 'no manifest' };
        return looks <= 5 ? { kind: 'refuse', failure } : undefined;
      },
    });
    await world.create();
    const runner = await world.drive();
    assert.equal(runner.state.run, 'complete');
    assert.equal(world.source.jobs[0]?.state, 'cancelled');
    await check(world, runner);
  });
});
