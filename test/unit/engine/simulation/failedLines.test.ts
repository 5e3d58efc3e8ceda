import assert from 'node:assert/strict';
import { decodeEvent } from '../../../../src/engine/journal/eventFormat.ts';
import { overview, type MigrationOverview } from '../../../../src/engine/overview.ts';
import type { RefusedLine } from '../../../../src/engine/ports.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { check } from './checker.ts';
import { scripted } from './script.ts';
import type { ImportFate } from './targetModel.ts';
import type { World } from './world.ts';

/** A world whose target refuses every n-th line of some imports. */
function refusing(reason: RefusedLine['reason'], isRefusing: (job: number) => boolean, every = 3): World {
  const fate = (job: number): ImportFate | undefined =>
    isRefusing(job) ? { kind: 'refuseLines', every, reason } : undefined;
  return scripted({ flavour: 'ahds', changes: 0, imports: { fate } });
}

async function drive(world: World): Promise<{ readonly runner: Runner; readonly seen: MigrationOverview }> {
  const runner = await world.drive();
  return { runner, seen: overview(runner.state, runner.observations(), world.clock.now()) };
}

/** Imports of files that were staged once more, with the number of their lines. */
function retriesOf(world: World): readonly number[] {
  return world.target.jobs.flatMap(({ request }) => {
    const staged = request.files.filter(({ url }) => url.includes('/retries/'));
    if (staged.length === 0) return [];
    assert.equal(staged.length, request.files.length, 'lines of a retry do not lie beside others');
    return staged.map(({ url }) => world.staging.blob(url)?.lines.length ?? 0);
  });
}

function refusedIn(world: World, job: number): number {
  return world.target.jobs[job - 1]?.result.error.reduce((sum, { count }) => sum + count, 0) ?? 0;
}

describe('refused lines', () => {
  for (const reason of ['unknown', 'tooLarge', 'conflict', 'duplicate'] as const) {
    it(`that another import may take (${reason}) go into one alone, from a file of their own`, async () => {
      const world = refusing(reason, (job) => job === 1);
      await world.create();
      const { runner, seen } = await drive(world);
      assert.equal(seen.phase, 'complete');
      const retries = retriesOf(world);
      assert.ok(refusedIn(world, 1) > 0);
      assert.equal(
        retries.reduce((sum, lines) => sum + lines, 0),
        refusedIn(world, 1),
      );
      assert.ok(seen.staging.folders.some((folder) => folder.startsWith('retries/')));
      await check(world, runner);
    });
  }

  it('that no import takes are tried twice alone, and are then left to a person', async () => {
    const world = refusing('unknown', () => true, 1);
    await world.create();
    const { runner, seen } = await drive(world);
    assert.equal(seen.phase, 'needsAttention');
    for (const part of [...runner.state.windows.values()].flatMap(({ parts }) => parts)) {
      assert.equal(part.retries, 2);
      assert.equal(part.imported + part.failed, part.resources);
    }
  });

  it('that are wrong in themselves are not tried again until somebody asks for it; then only they are', async () => {
    let isRefusing = true;
    const world = refusing('invalid', () => isRefusing);
    await world.create();
    const first = await drive(world);
    assert.equal(first.seen.phase, 'needsAttention');
    assert.deepEqual(retriesOf(world), []);
    const failed = Object.values(first.seen.totals).reduce((sum, totals) => sum + totals.failed, 0);
    isRefusing = false;
    await world.ask('retry');
    const { runner, seen } = await drive(world);
    assert.equal(seen.phase, 'complete');
    assert.equal(
      retriesOf(world).reduce((sum, lines) => sum + lines, 0),
      failed,
    );
    await check(world, runner);
  });

  it('with dates ahead of the target are tried again when these have passed', async () => {
    const world = scripted({
      flavour: 'ahds',
      changes: 0,
      imports: { fate: (job) => (job === 1 ? { kind: 'refuseLines', every: 1, reason: 'future' } : undefined) },
    });
    await world.create();
    const { runner, seen } = await drive(world);
    assert.equal(seen.phase, 'complete');
    await check(world, runner);
  });

  it('may be left behind with a reason: the journal then holds numbers, words and no id', async () => {
    const world = refusing('invalid', () => true);
    await world.create();
    const { seen } = await drive(world);
    const windows = seen.windows.filter(({ state }) => state === 'needsAttention');
    assert.ok(windows.length > 0);
    for (const { id, failed } of windows) {
      assert.ok(failed > 0);
      await world.ask({
        kind: 'tell',
        fact: {
          kind: 'linesAccepted',
          at: world.clock.now(),
          window: id,
          lines: failed,
          reasons: { invalid: failed },
          because: 'Test data of 2019',
        },
      });
    }
    await world.ask('resume');
    const after = await drive(world);
    assert.equal(after.seen.phase, 'complete');
    assert.deepEqual(after.seen.attention, []);
    for (const { id, failed } of windows) {
      const window = after.seen.windows.find((candidate) => candidate.id === id);
      assert.equal(window?.state, 'done');
      assert.equal(window.failed, 0);
      assert.equal(window.accepted?.lines, failed);
      assert.equal(window.accepted.because, 'Test data of 2019');
    }
    const told = world.journal.records.filter(({ text }) => text.includes('"linesAccepted"'));
    assert.equal(told.length, windows.length);
    for (const { text } of told) assert.doesNotMatch(text, /"r\d+"/);
  });

  it('that failed after somebody decided are not taken for accepted', async () => {
    const world = refusing('invalid', () => true);
    await world.create();
    const { seen } = await drive(world);
    const [window] = seen.windows.filter(({ state }) => state === 'needsAttention');
    assert.ok(window !== undefined);
    const fact = { kind: 'linesAccepted', at: 1, window: window.id, reasons: {}, because: 'x' } as const;
    await world.ask({ kind: 'tell', fact: { ...fact, lines: window.failed - 1 } });
    await world.ask('resume');
    const after = await drive(world);
    assert.equal(after.seen.phase, 'needsAttention');
    assert.equal(after.seen.windows.find(({ id }) => id === window.id)?.failed, window.failed);
  });

  it('are never counted twice, whatever dies in between', async () => {
    for (let nth = 1; nth <= 120; nth += 7) {
      let seen = 0;
      const world: World = scripted({
        flavour: 'ahds',
        changes: 0,
        imports: { fate: (job) => (job <= 2 ? { kind: 'refuseLines', every: 2, reason: 'unknown' } : undefined) },
        trouble: () => ((seen += 1) === nth * 3 ? { kind: 'killAfter' } : undefined),
      });
      await world.create();
      const { runner } = await drive(world);
      assert.equal(runner.state.run, 'complete', `killed after effect ${nth * 3}`);
      await check(world, runner);
      for (const { sequence, text } of world.journal.records) decodeEvent(text, sequence);
    }
  });
});
