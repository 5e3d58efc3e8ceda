import assert from 'node:assert/strict';
import { overview, type MigrationOverview } from '../../../../src/engine/overview.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { day, minute, start, type World } from './world.ts';

async function migrate(world: World): Promise<{ readonly runner: Runner; readonly seen: MigrationOverview }> {
  await world.create();
  const runner = await world.drive();
  return { runner, seen: seenOf(world, runner) };
}

function seenOf(world: World, runner: Runner): MigrationOverview {
  return overview(runner.state, runner.observations(), world.clock.now());
}

describe('a migration of a source that is written all the time', () => {
  const variants: readonly (readonly [string, ScriptOptions])[] = [
    ['Azure API for FHIR', { flavour: 'azureApiForFhir' }],
    ['Azure API for FHIR with history', { flavour: 'azureApiForFhir', plan: { scope: { history: true } } }],
    ['AHDS', { flavour: 'ahds' }],
    ['AHDS with history', { flavour: 'ahds', plan: { scope: { history: true } } }],
    ['AHDS, not parallel', { flavour: 'ahds', plan: { options: { parallelExport: false } } }],
  ];
  for (const [name, options] of variants) {
    it(`brings every add, change and delete to the target (${name})`, async () => {
      for (let seed = 1; seed <= 8; seed += 1) {
        const world = scripted({ ...options, seed, changes: 40 });
        const { runner, seen } = await migrate(world);
        assert.equal(seen.phase, 'complete');
        assert.ok(seen.windows.some(({ kind }) => kind === 'catchUp'));
        await check(world, runner);
      }
    });
  }

  it('ends in attention while the writing does not stop, and completes after one more catch-up', async () => {
    const world = scripted({ flavour: 'azureApiForFhir', changes: 300 });
    const { seen } = await migrate(world);
    assert.equal(seen.phase, 'needsAttention');
    const [item] = seen.attention;
    assert.match(item?.failure.message ?? '', /still being written: \d+ changes since/);
    assert.deepEqual(item?.actions, ['catchUp']);
    assert.ok(seen.windows.filter(({ kind }) => kind === 'catchUp').length <= 6);
    await world.clock.run(world.clock.sleep(day, new AbortController().signal));
    await world.ask('catchUp');
    const runner = await world.drive();
    assert.equal(seenOf(world, runner).phase, 'complete');
    await check(world, runner);
  });

  it('loses none of many commits that arrive up to five minutes late', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0 });
    for (let index = 0; index < 400; index += 1) {
      const at = start + index * 9_000;
      const late = (index * 37_777) % 290_000;
      world.clock.at(at + late, () =>
        world.source.store.write('Patient', `late${index}`, at + 7_300, false, `late ${index}`),
      );
    }
    const { runner, seen } = await migrate(world);
    assert.equal(seen.phase, 'complete');
    await check(world, runner);
  });

  it('never exports the backlog twice for its catch-up', async () => {
    const world = scripted({ flavour: 'azureApiForFhir', changes: 10 });
    const { seen } = await migrate(world);
    const backlog = seen.windows.filter(({ kind }) => kind === 'backlog');
    const first = seen.windows.find(({ kind }) => kind === 'catchUp');
    assert.equal(first?.since, (backlog.at(-1)?.till ?? 0) - 5 * minute);
  });
});

describe('a migration of a retired source', () => {
  it('searches backwards without counts, and takes no catch-up', async () => {
    const world = scripted({ flavour: 'azureApiForFhir', changes: 0 });
    world.source.isDeprecated = true;
    const { runner, seen } = await migrate(world);
    assert.equal(seen.phase, 'complete');
    assert.ok(seen.blind);
    assert.ok(seen.windows.length <= 6, `${seen.windows.length} windows`);
    assert.ok(seen.windows.every(({ kind }) => kind === 'backlog'));
    assert.equal(world.calls.get('source count'), undefined);
    await check(world, runner);
  });

  it('splits what is too large, down to what goes through', async () => {
    const world = scripted({
      flavour: 'azureApiForFhir',
      changes: 0,
      exports: { flavour: 'azureApiForFhir', tooLarge: 9 },
    });
    world.source.isDeprecated = true;
    const { runner, seen } = await migrate(world);
    assert.equal(seen.phase, 'complete');
    assert.ok(seen.windows.some(({ state }) => state === 'split'));
    await check(world, runner);
  });

  it('that retires in the middle goes on blindly and takes one round more', async () => {
    for (const after of [0, 3, 17, 40, 70, 100]) {
      const world = scripted({ flavour: 'azureApiForFhir', changes: 0 });
      world.clock.at(start + 1 + after * minute, () => {
        world.source.store.write('Patient', 'last', world.source.now(), false, 'last');
        world.source.isDeprecated = true;
      });
      const { runner, seen } = await migrate(world);
      assert.equal(seen.phase, 'complete', `after ${after} minutes`);
      await check(world, runner);
    }
  });

  it('takes search parameters from the staged files', async () => {
    const world = scripted({ flavour: 'azureApiForFhir', changes: 0 });
    world.source.store.write('SearchParameter', 'sp1', start - day, false, 'custom');
    world.source.isDeprecated = true;
    const { runner, seen } = await migrate(world);
    assert.equal(seen.phase, 'complete');
    assert.equal(runner.state.searchParameters.outcomes.size, 1);
    assert.ok(seen.notes.some((note) => note.includes('search parameters')));
    assert.ok(seen.notes.some((note) => note.includes('reindexed')));
    assert.equal(world.target.store.current('SearchParameter', 'sp1'), undefined);
  });
});

describe('a migration with a given scope', () => {
  it('moves only the types and the range that the plan names', async () => {
    const world = scripted({
      flavour: 'ahds',
      changes: 0,
      plan: {
        scope: {
          resourceTypes: ['Patient'],
          since: new Date(start - 100 * day).toISOString(),
          till: new Date(start - 20 * day).toISOString(),
        },
      },
    });
    const { seen } = await migrate(world);
    assert.equal(seen.phase, 'complete');
    assert.deepEqual(Object.keys(seen.totals), ['Patient']);
    for (const versions of world.target.store.everything()) {
      for (const { type, lastUpdated } of versions) {
        assert.equal(type, 'Patient');
        assert.ok(lastUpdated >= start - 100 * day && lastUpdated < start - 20 * day);
      }
    }
    assert.ok(
      seen.windows.every(({ kind }) => kind === 'backlog'),
      'nothing beyond the end',
    );
  });

  it('says what an end in the past means on a source that shows only the present', async () => {
    const till = new Date(start - 20 * day).toISOString();
    const { seen } = await migrate(scripted({ flavour: 'azureApiForFhir', changes: 0, plan: { scope: { till } } }));
    assert.ok(seen.notes.some((note) => note.includes('ends at a given instant')));
  });

  it('of an empty source is complete at once', async () => {
    const { seen } = await migrate(scripted({ flavour: 'ahds', resources: 0, changes: 0 }));
    assert.equal(seen.phase, 'complete');
    assert.deepEqual(seen.totals, {});
  });
});
