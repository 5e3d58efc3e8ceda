import assert from 'node:assert/strict';
import { decodeEvent } from '../../../../src/engine/journal/eventFormat.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { check } from './checker.ts';
import { scripted } from './script.ts';
import { minute, start } from './world.ts';

const hours = 12 * 60 * minute;

describe('a machine that sleeps for twelve hours', () => {
  for (const after of [3, 7, 13, 26, 40, 55]) {
    it(`is at its operations again within a minute, and starts none of them anew (asleep after ${after} min)`, async () => {
      const asleep = { from: start + after * minute, till: start + after * minute + hours };
      const looks: number[] = [];
      const world = scripted({
        flavour: 'ahds',
        changes: 0,
        asleep,
        trouble: ({ name }) => {
          if (name.endsWith('status') && world.clock.now() >= asleep.till) looks.push(world.clock.now() - asleep.till);
          return undefined;
        },
      });
      await world.create();
      const runner = await world.drive();
      assert.equal(runner.state.run, 'complete');
      assert.ok(Math.min(...looks) <= minute, `first look ${Math.min(...looks)} ms after waking`);
      const seen = overview(runner.state, runner.observations(), world.clock.now());
      assert.ok(seen.windows.every(({ attempts }) => attempts <= 1));
      const kinds = new Set<string>(
        world.journal.records.map(({ sequence, text }) => decodeEvent(text, sequence).kind),
      );
      for (const again of ['exportFailed', 'importFailed', 'operationCancelled', 'exportAbandoned'])
        assert.ok(!kinds.has(again), again);
      assert.equal(world.source.jobs.length, seen.windows.length, 'one export for each window');
      assert.equal(new Set(world.target.jobs.map(({ body }) => body)).size, world.target.jobs.length);
      await check(world, runner);
    });
  }
});
