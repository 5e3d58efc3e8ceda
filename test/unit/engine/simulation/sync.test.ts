import assert from 'node:assert/strict';
import { overview, type MigrationOverview } from '../../../../src/engine/overview.ts';
import type { DriverRequest } from '../../../../src/engine/ports.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { minute, start, type World } from './world.ts';

const hour = 60 * minute;
const sync = { purpose: 'cutover', lagTargetSeconds: 900 } as const;

/** Drives a migration that is kept in sync, looks at it every minute, and asks for something at given times. */
async function drive(
  world: World,
  asked: readonly (readonly [after: number, request: DriverRequest])[],
  look: (seen: MigrationOverview, runner: Runner) => void = () => undefined,
): Promise<{ readonly runner: Runner; readonly seen: MigrationOverview }> {
  await world.create();
  for (const [after, request] of asked) world.clock.at(start + after, () => void world.ask(request));
  let driving: Runner | undefined;
  const lookAgain = (): void => {
    if (driving !== undefined) look(overview(driving.state, driving.observations(), world.clock.now()), driving);
    if (world.clock.now() < start + 100 * hour) world.clock.at(world.clock.now() + minute, lookAgain);
  };
  world.clock.at(start, lookAgain);
  const runner = await world.driveOnce((started) => {
    driving = started;
  });
  assert.ok(runner !== undefined);
  return { runner, seen: overview(runner.state, runner.observations(), world.clock.now()) };
}

const finishAt = (after: number): readonly [number, DriverRequest] => [
  after,
  { kind: 'finish', frozenAt: start + after },
];

describe('a migration that is kept in sync', () => {
  const variants: readonly (readonly [string, ScriptOptions])[] = [
    ['Azure API for FHIR', { flavour: 'azureApiForFhir' }],
    ['Azure API for FHIR with history', { flavour: 'azureApiForFhir', plan: { scope: { history: true } } }],
    ['AHDS', { flavour: 'ahds' }],
    ['AHDS with history', { flavour: 'ahds', plan: { scope: { history: true } } }],
  ];
  for (const [name, options] of variants) {
    it(`follows every change, and ends complete with the freeze proved (${name})`, async () => {
      // Changes for twelve hours, frozen for a minute before the end is asked for.
      const world = scripted({ ...options, plan: { ...options.plan, sync }, changes: 360 });
      const frozen = 12 * hour + 3 * minute;
      const { runner, seen } = await drive(world, [finishAt(frozen)]);
      assert.equal(seen.phase, 'complete');
      assert.equal(seen.finish?.state, 'frozen');
      assert.equal(seen.finish.by, 'search');
      assert.equal(seen.finish.newestAfter, seen.finish.newestBefore);
      assert.ok(seen.finish.newestBefore !== undefined);
      const { freezeToDoneMs } = seen.finish;
      assert.ok(freezeToDoneMs !== undefined && freezeToDoneMs <= world.clock.now() - (start + frozen));
      assert.ok(seen.windows.filter(({ kind }) => kind === 'catchUp').length > 20);
      assert.ok(Object.values(seen.totals).every(({ onSource, onTarget }) => onSource === onTarget));
      await check(world, runner);
    });
  }

  it('keeps the copy as young as it was asked to, and makes no more windows than that needs', async () => {
    const steady = { duration: () => 2 * minute };
    const world = scripted({
      flavour: 'ahds',
      plan: { sync: { ...sync, lagTargetSeconds: 1_800 } },
      changes: 900,
      exports: steady,
      imports: { duration: () => 3 * minute },
    });
    const lags: number[] = [];
    const { seen } = await drive(world, [finishAt(30 * hour + minute)], ({ phase, sync: view }) => {
      if (phase === 'syncing' && view?.lagMs !== undefined) lags.push(view.lagMs);
    });
    const settled = lags.slice(60);
    assert.ok(settled.length > 1_000);
    assert.ok(Math.max(...settled) <= 1_800_000 + minute, `${Math.max(...settled)} ms`);
    // 30 minutes, of which 5 are the safety lag and 5 the window itself: one every 20 minutes.
    const windows = seen.windows.filter(({ kind }) => kind === 'catchUp');
    assert.ok(windows.length <= 30 * 3 + 10, `${windows.length} windows`);
  });

  it('asks an idle source only for its clock and a count', async () => {
    const world = scripted({ flavour: 'ahds', plan: { sync }, changes: 0 });
    const { seen } = await drive(world, [finishAt(24 * hour)]);
    assert.equal(seen.phase, 'complete');
    assert.equal(seen.windows.filter(({ kind }) => kind === 'catchUp').length, 0);
    assert.ok((world.calls.get('source count') ?? 0) <= 24 * 12 + 100);
  });

  it('goes on in sync when the source was written after all, says so, and can be finished again', async () => {
    const world = scripted({ flavour: 'ahds', plan: { sync }, changes: 60 });
    const states: string[] = [];
    const { runner, seen } = await drive(world, [finishAt(1.5 * hour), finishAt(6 * hour)], ({ phase, finish }) => {
      const now = `${phase} ${finish?.state ?? ''}`;
      if (states.at(-1) !== now) states.push(now);
    });
    const written = states.indexOf('syncing written');
    assert.ok(states.includes('finishing draining'), states.join());
    assert.ok(written > 0, states.join());
    assert.equal(seen.phase, 'complete');
    assert.equal(seen.finish?.state, 'frozen');
    await check(world, runner);
  });

  it('can be told to keep in sync while the last window is on its way, and after it', async () => {
    const world = scripted({ flavour: 'ahds', plan: { sync }, changes: 200 });
    const first = await drive(world, [finishAt(2 * hour), [2 * hour + minute, 'keepSyncing'], finishAt(8 * hour)]);
    assert.equal(first.seen.phase, 'complete');
    const rounds = first.runner.state.rounds.length;
    world.source.store.write('Patient', 'afterwards', world.source.now(), false, 'afterwards');
    await world.ask('keepSyncing');
    world.clock.at(world.clock.now() + hour, () => {
      void world.ask({ kind: 'finish', frozenAt: world.clock.now() });
    });
    const runner = await world.drive();
    assert.equal(overview(runner.state, runner.observations(), world.clock.now()).phase, 'complete');
    assert.ok(runner.state.rounds.length > rounds);
    await check(world, runner);
  });

  it('pauses, resumes and stops like any other', async () => {
    const world = scripted({ flavour: 'ahds', plan: { sync }, changes: 300 });
    const paused = await drive(world, [[3 * hour, 'pause']]);
    assert.equal(paused.seen.phase, 'paused');
    await world.ask('resume');
    world.clock.at(world.clock.now() + hour, () => void world.ask('cancel'));
    const runner = await world.drive();
    assert.equal(overview(runner.state, runner.observations(), world.clock.now()).phase, 'cancelled');
    for (const { state } of [...world.source.jobs, ...world.target.jobs]) assert.notEqual(state, 'running');
  });

  it('proves the freeze of a source without searches by one more export that holds nothing', async () => {
    const refuse = { kind: 'refuse', failure: { kind: 'forbidden', status: 403, message: 'No.' } } as const;
    const world = scripted({
      flavour: 'azureApiForFhir',
      plan: { sync },
      changes: 30,
      trouble: ({ name }) => (name === 'source count' || name === 'source earliest' ? refuse : undefined),
    });
    const { runner, seen } = await drive(world, [finishAt(4 * hour)]);
    assert.equal(seen.phase, 'complete');
    assert.equal(seen.finish?.state, 'frozen');
    assert.equal(seen.finish.by, 'export');
    await check(world, runner);
  });

  it('of a retired source ends by itself, since nobody can write to it', async () => {
    const world = scripted({ flavour: 'azureApiForFhir', plan: { sync }, changes: 0 });
    world.source.isDeprecated = true;
    const { seen } = await drive(world, []);
    assert.equal(seen.phase, 'complete');
  });

  it('survives the death of its driver at any time, and loses nothing', async () => {
    const world = scripted({
      flavour: 'ahds',
      plan: { sync },
      changes: 120,
      trouble: ({ number }) => {
        if (number % 41 !== 0 || number > 41 * 40) return undefined;
        return { kind: number % 2 === 0 ? 'killBefore' : 'killAfter' };
      },
    });
    await world.create();
    const [after, request] = finishAt(8 * hour);
    world.clock.at(start + after, () => void world.ask(request));
    const runner = await world.drive();
    assert.ok(world.kills > 10, `${world.kills} kills`);
    const seen = overview(runner.state, runner.observations(), world.clock.now());
    assert.deepEqual(seen.attention, []);
    assert.equal(seen.phase, 'complete');
    await check(world, runner);
  });
});
