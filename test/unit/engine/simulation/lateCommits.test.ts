import assert from 'node:assert/strict';
import { overview } from '../../../../src/engine/overview.ts';
import { check } from './checker.ts';
import { seeded } from './virtualClock.ts';
import { minute, start, World, type WorldOptions } from './world.ts';

const tenThousand = 10_000;
/** Between two of them, milliseconds: 10,000 take about eight hours. */
const pace = 3_000;
const latest = 5 * minute;

type Flavour = WorldOptions['exports']['flavour'];

/**
 * A source whose every commit becomes visible up to five minutes after the date that it carries, while it is followed.
 * The last window is asked for when the last commit is there.
 */
async function follow(
  flavour: Flavour,
  options: NonNullable<WorldOptions['plan']>['options'],
  commits = tenThousand,
): Promise<World> {
  const random = seeded(11);
  const world = new World({
    plan: { sync: { purpose: 'follow', lagTargetSeconds: 900 }, options: { ...options } },
    exports: { flavour, skew: 4_200, duration: () => (1 + 2 * random()) * minute, linesPerFile: 500 },
    imports: { duration: () => (1 + 2 * random()) * minute },
  });
  const arrivals: { readonly at: number; readonly commit: () => void }[] = [];
  for (let index = 0; index < commits; index += 1) {
    const lastUpdated = Math.floor(start + 4_200 + index * pace);
    const late = index % 10 === 0 ? latest : Math.floor(latest * random());
    const type = index % 2 === 0 ? 'Patient' : 'Observation';
    // Every third changes what is there, and some of those delete it.
    const id = index % 3 === 2 ? `r${index - 2}` : `r${index}`;
    const deleted = index % 30 === 29;
    const commit = (): void => {
      if ((world.source.store.current(type, id)?.lastUpdated ?? 0) > lastUpdated) return;
      world.source.store.write(type, id, lastUpdated, deleted, `commit ${index}`);
    };
    arrivals.push({ at: lastUpdated - 4_200 + late, commit });
  }
  arrivals.sort((a, b) => a.at - b.at);
  const arrive = (index: number): void => {
    const next = arrivals[index];
    if (next === undefined) return;
    world.clock.at(next.at, () => {
      next.commit();
      arrive(index + 1);
    });
  };
  arrive(0);
  await world.create();
  const frozenAt = start + commits * pace + latest + 1;
  world.clock.at(frozenAt, () => void world.ask({ kind: 'finish', frozenAt }));
  const runner = await world.drive();
  assert.equal(overview(runner.state, runner.observations(), world.clock.now()).phase, 'complete');
  await check(world, runner);
  return world;
}

describe('ten thousand commits that arrive up to five minutes late', () => {
  const variants: readonly (readonly [string, Flavour, NonNullable<WorldOptions['plan']>['options']])[] = [
    ['by the safety lag and the overlap of every plan', 'ahds', {}],
    ['by the safety lag and the overlap of every plan, where exports show the present', 'azureApiForFhir', {}],
    ['by the safety lag alone', 'ahds', { overlapSeconds: 0 }],
    ['by the overlap alone', 'ahds', { safetyLagSeconds: 0 }],
  ];
  for (const [name, flavour, options] of variants) {
    it(`are all on the target ${name}`, async () => {
      const world = await follow(flavour, options);
      const windows = new Set(world.source.jobs.map(({ request }) => request.till));
      assert.ok(windows.size > 30, `${windows.size} windows`);
    }).timeout(60_000);
  }

  it('would be lost without both, so that this shows something', async () => {
    await assert.rejects(follow('ahds', { overlapSeconds: 0, safetyLagSeconds: 0 }, 4_000), /needsAttention|I1/);
  }).timeout(60_000);
});

describe('windows of a follower between AHDS services', () => {
  it('meet without a gap: the end of one is the beginning of the next, and belongs to the next', async () => {
    const world = new World({
      plan: {
        sync: { purpose: 'follow', lagTargetSeconds: 600 },
        options: { overlapSeconds: 0, safetyLagSeconds: 60 },
      },
      exports: { flavour: 'ahds', skew: 0, duration: () => minute, linesPerFile: 500 },
      imports: { duration: () => minute },
    });
    // One change in every single second, on the second, as the ends of windows are.
    const write = (second: number): void => {
      world.source.store.write('Patient', `p${second % 700}`, start + second * 1_000, false, `at ${second}`);
      if (second < 7_199) world.clock.at(start + (second + 1) * 1_000, () => write(second + 1));
    };
    world.clock.at(start, () => write(0));
    await world.create();
    const frozenAt = start + 7_200_000;
    world.clock.at(frozenAt, () => void world.ask({ kind: 'finish', frozenAt }));
    let ages: number[] = [];
    const runner = await world.driveOnce((started) => {
      const look = (): void => {
        const { sync, phase } = overview(started.state, started.observations(), world.clock.now());
        if (phase === 'syncing' && sync?.lagMs !== undefined) ages = [...ages, sync.lagMs];
        if (world.clock.now() < frozenAt) world.clock.at(world.clock.now() + 10_000, look);
      };
      world.clock.at(start, look);
    });
    assert.ok(runner !== undefined);
    await check(world, runner);
    const requests = world.source.jobs.map(({ request }) => request).sort((a, b) => a.till - b.till);
    const sync = requests.slice(1, -1);
    assert.ok(sync.length > 8);
    sync.forEach((request, index) => assert.equal(request.since, requests[index]?.till));
    // The lag is the recovery point: it never passes what is wanted.
    assert.ok(ages.length > 100 && Math.max(...ages.slice(60)) <= 600_000 + 30_000, `${Math.max(...ages)} ms`);
  });
});
