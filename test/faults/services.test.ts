import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileJournal } from '../../src/engine/journal/fileJournal.ts';
import { migration } from '../unit/engine/journal/migration.ts';
import { FailureError } from '../../src/failure/failure.ts';
import { check, checkData } from '../unit/engine/simulation/checker.ts';
import { scripted, type ScriptOptions } from '../unit/engine/simulation/script.ts';
import { minute, start, type World } from '../unit/engine/simulation/world.ts';

async function migrated(options: ScriptOptions): Promise<World> {
  const world = scripted(options);
  await world.create();
  const runner = await world.drive();
  assert.equal(runner.state.run, 'complete');
  await check(world, runner);
  return world;
}

const hour = 60 * minute;

/** Windows meet, and overlap by no more than the plan asks for. */
function assertNoGap({ plan, source }: World): void {
  const { overlapSeconds } = plan.options;
  const ranges = source.jobs.map(({ request }) => [request.since ?? -Infinity, request.till] as const);
  ranges.sort((a, b) => a[1] - b[1]);
  for (const [index, [since]] of ranges.entries()) {
    const before = ranges[index - 1]?.[1] ?? since;
    assert.ok(since <= before, 'no gap');
    assert.ok(before - since <= overlapSeconds * 1_000 || since === -Infinity, `${before - since} ms of overlap`);
  }
}

describe('clocks that are wrong', () => {
  for (const hours of [-2, 2]) {
    it(`by ${hours} hours leave no gap and no overlap beyond the one that is asked for`, async () => {
      assertNoGap(await migrated({ flavour: 'ahds', exports: { flavour: 'ahds', skew: hours * hour } }));
    });
  }

  const jumps: readonly (readonly [string, (elapsed: number) => number])[] = [
    ['goes back by two hours', (elapsed) => (elapsed > 25 * minute ? -2 * hour : 0)],
    ['goes ahead by two hours', (elapsed) => (elapsed > 25 * minute ? 2 * hour : 0)],
    [
      'changes to and fro, as by a change of the time zone',
      (elapsed) => (Math.floor(elapsed / (20 * minute)) % 2) * hour,
    ],
    ['is set again and again', (elapsed) => ([0, 2, -2, 0.5, -1][Math.floor(elapsed / (7 * minute)) % 5] ?? 0) * hour],
  ];
  for (const [what, wrong] of jumps) {
    it(`cost neither data nor time when the one of this machine ${what}`, async () => {
      const options = { flavour: 'ahds', changes: 24 } as const;
      const calm = await migrated(options);
      const world = await migrated({ ...options, wrongBy: (now) => wrong(now - start) });
      assertNoGap(world);
      assert.equal(new Set(world.target.jobs.map(({ body }) => body)).size, world.target.jobs.length);
      const longer = world.clock.now() - calm.clock.now();
      assert.ok(longer <= 15 * minute, `${longer / minute} minutes longer`);
    });
  }
});

describe('a source whose export says that it is done before it is', () => {
  it('is found out by a count, and nothing is missing in the end', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0 });
    const { source } = world;
    const status = source.status.bind(source);
    const asked = new Map<string, number>();
    // The first answer of every second job comes with half of its files.
    source.status = (id) => {
      const answer = status(id);
      if (answer.state !== 'completed' || Number(id) % 2 === 0) return answer;
      const times = (asked.get(id) ?? 0) + 1;
      asked.set(id, times);
      if (times > 1) return answer;
      const { output } = answer.manifest;
      return { ...answer, manifest: { ...answer.manifest, output: output.slice(0, Math.floor(output.length / 2)) } };
    };
    await world.create();
    const runner = await world.drive();
    assert.equal(runner.state.run, 'complete');
    assert.ok(asked.size > 0);
    await check(world, runner);
  });
});

describe('a journal folder that somebody deletes while it is written', () => {
  for (const minutes of [1, 6, 12, 18, 25, 32, 40]) {
    it(`stops its driver before it starts anything further, and is made up for by a new start (minute ${minutes})`, async () => {
      const root = await mkdtemp(join(tmpdir(), 'deleted-'));
      let started = 0;
      let deletedAt = Infinity;
      const world: World = scripted({
        flavour: minutes % 2 === 0 ? 'azureApiForFhir' : 'ahds',
        changes: 0,
        resources: 20,
        place: ({ now }) => ({
          create: () => FileJournal.create(root, migration, { now, leaseMs: minute }),
          open: () => FileJournal.open(root, migration, { now, leaseMs: minute }),
          end: () => rm(root, { recursive: true, force: true }),
        }),
        trouble: ({ name, number }) => {
          if (name.startsWith('start') && number > deletedAt) started += 1;
          return undefined;
        },
      });
      await world.create();
      const timer = world.clock.at(world.clock.now() + minutes * minute, () => {
        deletedAt = world.effects.count;
        void world.clock.hold(rm(root, { recursive: true }));
      });
      try {
        const runner = await world.driveOnce();
        assert.equal(runner?.stopped?.kind, 'journal');
        assert.match(runner.stopped.nextStep ?? '', /deleted|restore|driver|Watch/i);
        assert.ok(started <= 1, `${started} requests were sent without a journal`);
        await assert.rejects(world.store().read(), (error) => FailureError.is(error, 'journal'));
        // What was lost is only the account of it: versions that are there are taken for what they are.
        deletedAt = Infinity;
        await world.create();
        assert.equal((await world.drive()).state.run, 'complete');
        checkData(world);
      } finally {
        timer();
        await world.end();
      }
    });
  }
});

describe('a process with 256 MB of memory', () => {
  for (const [what, file] of [
    ['migrates a window of 100,000 files', 'heapProcess.ts'],
    ['compares two listings of five million ids', 'idsProcess.ts'],
  ] as const) {
    it(what, async function () {
      this.timeout(120_000);
      const program = fileURLToPath(new URL(file, import.meta.url));
      const child = fork(program, [], { execArgv: ['--max-old-space-size=256'], stdio: 'inherit' });
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0);
    });
  }
});
