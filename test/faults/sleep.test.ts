import assert from 'node:assert/strict';
import { check } from '../unit/engine/simulation/checker.ts';
import { scripted } from '../unit/engine/simulation/script.ts';
import { minute, start } from '../unit/engine/simulation/world.ts';

const hour = 60 * minute;

describe('a machine that sleeps for twelve hours', () => {
  for (const flavour of ['azureApiForFhir', 'ahds'] as const) {
    it(`looks at every job again within a minute of waking, and starts none again (${flavour})`, async () => {
      const calm = scripted({ flavour, changes: 0 });
      await calm.create();
      await calm.drive();

      const asleep = { from: start + 30 * minute, till: start + 30 * minute + 12 * hour };
      const looks: number[] = [];
      const world = scripted({
        flavour,
        changes: 0,
        asleep,
        trouble: ({ name }) => {
          if (name.includes('status') && world.clock.now() >= asleep.till) looks.push(world.clock.now());
          return undefined;
        },
      });
      await world.create();
      const runner = await world.drive();
      assert.equal(runner.state.run, 'complete');
      const [first] = looks;
      assert.ok(first !== undefined && first - asleep.till <= minute, `${((first ?? 0) - asleep.till) / 1_000} s`);
      assert.equal(world.source.jobs.length, calm.source.jobs.length);
      assert.equal(world.target.jobs.length, calm.target.jobs.length);
      assert.ok([...world.source.jobs, ...world.target.jobs].every(({ state }) => state === 'completed'));
      await check(world, runner);
    });
  }
});

describe('a process that stalls for half a minute', () => {
  it('at any time keeps driving, and does nothing twice', async () => {
    for (let at = 1; at <= 60; at += 2) {
      const from = start + at * minute;
      const world = scripted({ flavour: 'ahds', changes: 0, resources: 24, asleep: { from, till: from + 30_000 } });
      await world.create();
      const runner = await world.drive();
      assert.equal(runner.state.run, 'complete');
      assert.equal(world.kills, 0);
      assert.equal(new Set(world.target.jobs.map(({ body }) => body)).size, world.target.jobs.length);
      await check(world, runner);
    }
  });
});
