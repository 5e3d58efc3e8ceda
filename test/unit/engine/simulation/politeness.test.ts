import assert from 'node:assert/strict';
import { overview, type MigrationOverview } from '../../../../src/engine/overview.ts';
import type { DriverRequest, LoadSample } from '../../../../src/engine/ports.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { minute, start, type World } from './world.ts';

const hour = 60 * minute;
/** The simulation starts at noon UTC on a Friday, at 14:00 in Berlin. */
const berlin = 'Europe/Berlin';

interface Watched {
  readonly world: World;
  readonly runner: Runner;
  readonly seen: readonly MigrationOverview[];
}

/** Drives to the end, looking on every minute. */
async function watch(
  options: ScriptOptions,
  asked: readonly (readonly [number, DriverRequest])[] = [],
  meanwhile: (world: World) => void = () => undefined,
): Promise<Watched> {
  const world = scripted(options);
  await world.create();
  meanwhile(world);
  for (const [after, request] of asked) world.clock.at(start + after, () => void world.ask(request));
  const seen: MigrationOverview[] = [];
  let driving: Runner | undefined;
  const look = (): void => {
    if (driving !== undefined) {
      seen.push(overview(driving.state, driving.observations(), world.clock.now(), berlin));
    }
    world.clock.at(world.clock.now() + minute, look);
  };
  world.clock.at(start, look);
  const runner = await world.driveOnce((started) => {
    driving = started;
  });
  assert.ok(runner !== undefined);
  seen.push(overview(runner.state, runner.observations(), world.clock.now(), berlin));
  return { world, runner, seen };
}

const isNight = (at: number): boolean => {
  const wall = ((at + 2 * hour) / hour) % 24;
  return wall >= 18 || wall < 20 - 24 || wall < 6;
};

const starts = (world: World): readonly number[] =>
  world.source.jobs.map(({ createdAt }) => createdAt - (world.source.now() - world.clock.now()));

describe('a migration with a calendar', () => {
  const nights = [{ from: '18:00', till: '06:00' }];

  it('starts exports only when it may, says until when it waits, and imports meanwhile', async () => {
    const { world, runner, seen } = await watch({
      flavour: 'ahds',
      changes: 0,
      plan: { calendar: { timeZone: berlin, exports: nights } },
      exports: { duration: () => 100 * minute },
    });
    assert.equal(seen.at(-1)?.phase, 'complete');
    assert.equal(seen[5]?.waiting, 'Outside window for exports until 18:00.');
    assert.ok(starts(world).every(isNight));
    assert.ok(starts(world).length > 5);
    const drained = seen.filter(({ operations }) => operations.some(({ kind }) => kind === 'export'));
    assert.ok(drained.length > 60, 'what runs when the time is over runs to its end');
    await check(world, runner);
  });

  it('names the time zone where the reader has another one', async () => {
    const { seen } = await watch(
      { flavour: 'ahds', changes: 0, plan: { calendar: { timeZone: 'Asia/Kolkata', imports: nights } } },
      [],
    );
    const waiting = seen.find(({ waiting: words }) => words !== undefined)?.waiting;
    assert.equal(waiting, 'Outside window for imports until 18:00 (Asia/Kolkata).');
    assert.equal(seen.at(-1)?.phase, 'complete');
  });

  it('cancels what runs when its time is over, where that is asked, and does it again', async () => {
    const { world, runner, seen } = await watch({
      flavour: 'ahds',
      changes: 0,
      plan: { calendar: { timeZone: berlin, exports: nights, imports: nights, running: 'cancel' } },
      exports: { duration: () => 170 * minute },
    });
    assert.equal(seen.at(-1)?.phase, 'complete');
    assert.ok(world.source.jobs.some(({ state }) => state === 'cancelled'));
    for (const { operations, throughput } of seen) {
      const at = throughput.at(-1)?.at;
      if (at !== undefined && !isNight(at - minute)) assert.deepEqual(operations, []);
    }
    await check(world, runner);
  });

  it('takes the last window at once, whatever the calendar says', async () => {
    // Saturday, half past ten in Berlin: closed since six.
    const asked = 20.5 * hour;
    const { seen, world } = await watch(
      {
        flavour: 'ahds',
        plan: { sync: {}, calendar: { timeZone: berlin, exports: nights, imports: nights } },
        changes: 60,
      },
      [[asked, { kind: 'finish', frozenAt: start + asked }]],
      (world) => {
        world.clock.at(start + asked - minute, () =>
          world.source.store.write('Patient', 'last', world.source.now(), false, 'last'),
        );
      },
    );
    const last = seen.at(-1);
    assert.equal(last?.phase, 'complete');
    assert.ok((last.finish?.freezeToDoneMs ?? Infinity) < 45 * minute);
    assert.ok(world.target.store.current('Patient', 'last') !== undefined);
  });
});

describe('limits of a migration that runs', () => {
  it('can be changed: more exports at once from then on', async () => {
    const { runner, seen } = await watch({ flavour: 'ahds', changes: 0, exports: { duration: () => 60 * minute } }, [
      [90 * minute, { kind: 'change', settings: { exportsAtOnce: 3, importsAtOnce: 2 } }],
    ]);
    const exportsAt = (after: number): number =>
      seen[after]?.operations.filter(({ kind }) => kind === 'export').length ?? 0;
    assert.equal(exportsAt(80), 1);
    assert.equal(exportsAt(100), 3);
    assert.equal(runner.state.plan.limits.importsAtOnce, 2);
    assert.equal(seen.at(-1)?.plan.limits.exportsAtOnce, 3);
    assert.equal(seen.at(-1)?.phase, 'complete');
  });

  it('can be changed: a calendar that holds everything back, and none again', async () => {
    const lateNight = [{ from: '02:00', till: '03:00' }];
    const closed = { timeZone: berlin, exports: lateNight, running: 'drain' } as const;
    const { seen } = await watch({ flavour: 'ahds', changes: 0 }, [
      [5 * minute, { kind: 'change', settings: { calendar: closed } }],
      [3 * hour, { kind: 'change', settings: { calendar: null } }],
    ]);
    assert.equal(seen[150]?.waiting, 'Outside window for exports until Saturday 02:00.');
    assert.equal(seen[190]?.waiting, undefined);
    assert.equal(seen.at(-1)?.phase, 'complete');
  });
});

describe('a migration whose services are under pressure', () => {
  const sample = (at: number, more: Partial<LoadSample>): LoadSample => ({
    at,
    request: 'GET /?_summary=count',
    ms: 600,
    throttled: false,
    ...more,
  });
  const tell = (world: World, service: 'source' | 'target', after: number, more: Partial<LoadSample>): void => {
    world.clock.at(start + after, () => {
      for (const listener of world.watching[service]) listener(sample(world.clock.now(), more));
    });
  };

  it('starts nothing new after a refusal for a while, says until when, and goes on by itself', async () => {
    const { world, runner, seen } = await watch(
      { flavour: 'azureApiForFhir', changes: 0, plan: { options: { nice: 10 } } },
      [],
      (each) => tell(each, 'source', 4.5 * minute, { throttled: true, retryAfterMs: 1_000 }),
    );
    assert.equal(seen[5]?.waiting, 'Throttled by source until 14:09.');
    const rest = starts(world).filter((at) => at > start + 4.5 * minute && at < start + 9.4 * minute);
    assert.deepEqual(rest, []);
    assert.equal(seen.at(-1)?.phase, 'complete');
    await check(world, runner);
  });

  it('slows down when answers take longer than usual, the more the nicer it is', async () => {
    const slow = async (nice: number): Promise<Watched> =>
      watch({ flavour: 'azureApiForFhir', changes: 0, plan: { options: { nice } } }, [], (each) => {
        for (let index = 0; index < 20; index += 1) tell(each, 'source', minute + index * 1_000, {});
        for (let index = 0; index < 40; index += 1) tell(each, 'source', (3 + index) * minute, { ms: 6_000 });
      });
    const [none, some] = await Promise.all([slow(0), slow(2)]);
    assert.ok(none.seen.every(({ waiting }) => waiting === undefined));
    assert.match(
      some.seen.map(({ waiting }) => waiting).find((words) => words !== undefined) ?? '',
      /^Slowed down until 14:\d\d(:\d\d)?: source takes longer to answer than usual\.$/,
    );
    assert.ok(some.world.clock.now() > none.world.clock.now());
    assert.equal(some.seen.at(-1)?.phase, 'complete');
    await check(some.world, some.runner);
  });

  it('journals rests only when they are news', async () => {
    const { world } = await watch({ flavour: 'ahds', changes: 0 }, [], (each) => {
      for (let index = 0; index < 600; index += 1) {
        tell(each, 'target', minute + index * 1_000, { throttled: true, retryAfterMs: 1_000 });
      }
    });
    const rests = world.journal.records.filter(({ text }) => text.includes('"slowedDown"'));
    assert.ok(rests.length > 2 && rests.length < 15, `${rests.length} records`);
  });
});
