import assert from 'node:assert/strict';
import { check } from '../unit/engine/simulation/checker.ts';
import type { World } from '../unit/engine/simulation/world.ts';

const mostRetries = 12;

/** Drives a new migration to its end, whose user retries whenever asked, and checks what both services hold then. */
export async function driveToEnd(world: World): Promise<void> {
  await world.create();
  let runner = await world.drive();
  for (let retries = 0; runner.state.run !== 'complete' && retries < mostRetries; retries += 1) {
    assert.equal(runner.state.run, 'attention', 'I4: done, or a person is asked');
    await world.ask('retry');
    runner = await world.drive();
  }
  assert.equal(runner.state.run, 'complete');
  await check(world, runner);
}
