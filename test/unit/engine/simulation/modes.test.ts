import assert from 'node:assert/strict';
import * as v from 'valibot';
import { exportMode } from '../../../../src/engine/exports/mode.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { planSchema, type PlanInput } from '../../../../src/engine/plan.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { planFor } from './world.ts';

async function migrate(options: ScriptOptions) {
  const world = scripted({ changes: 0, ...options });
  await world.create();
  const runner = await world.drive();
  return { world, runner, seen: overview(runner.state, runner.observations(), world.clock.now()) };
}

describe('one export for each type', () => {
  const scopes: readonly NonNullable<PlanInput['scope']>[] = [
    {},
    { history: true },
    { resourceTypes: ['Patient', 'Observation'] },
  ];
  for (const scope of scopes)
    it(`moves everything, and asks for no type that a window does not hold (${JSON.stringify(scope)})`, async () => {
      const { world, runner, seen } = await migrate({
        flavour: 'ahds',
        plan: { scope, options: { perType: true } },
      });
      assert.equal(seen.phase, 'complete');
      assert.equal(seen.exportMode?.mode, 'perType');
      for (const { request } of world.source.jobs) assert.equal(request.types?.length, 1);
      const empty = world.source.jobs.filter(({ output }) => output.length === 0);
      // What is caught up with holds nothing, and is asked for all the same.
      assert.ok(empty.length <= 4, `${empty.length} empty exports`);
      assert.equal(new Set(seen.windows.map(({ id }) => id)).size, seen.windows.length);
      await check(world, runner);
    });

  it('that fails costs only its own', async () => {
    const { world, runner, seen } = await migrate({
      flavour: 'ahds',
      plan: { options: { perType: true } },
      exports: { fate: (job) => (job === 2 ? { kind: 'forget' } : undefined) },
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(seen.windows.filter(({ attempts }) => attempts > 1).length, 1);
    await check(world, runner);
  });

  it('keeps its type when it is split', async () => {
    const { world, runner, seen } = await migrate({
      flavour: 'ahds',
      plan: { options: { perType: true } },
      exports: { tooLarge: 3 },
    });
    assert.equal(seen.phase, 'complete');
    assert.ok(seen.windows.some(({ state }) => state === 'split'));
    for (const { request } of world.source.jobs) assert.equal(request.types?.length, 1);
    await check(world, runner);
  });

  it('is given up where the source cannot be counted, and says why', async () => {
    const { seen } = await migrate({
      flavour: 'azureApiForFhir',
      plan: { options: { perType: true } },
      trouble: ({ name }) =>
        name === 'source earliest' || name.startsWith('source count')
          ? { kind: 'refuse', failure: { kind: 'forbidden', status: 403, message: 'no' } }
          : undefined,
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(seen.exportMode?.mode, 'parallel');
    assert.match(seen.exportMode.reason, /cannot be counted/);
  });
});

describe('the mode of exports', () => {
  const modeOf = (kind: 'ahds' | 'azureApiForFhir', change: Parameters<typeof planFor>[1]) =>
    exportMode({ plan: planFor(kind, change), source: undefined });

  it('follows what the source is, unless the plan says otherwise, and always has a reason', () => {
    assert.equal(modeOf('ahds', {}).mode, 'parallel');
    assert.match(modeOf('ahds', {}).reason, /ranges of ids/);
    assert.match(modeOf('azureApiForFhir', {}).reason, /partitions/);
    assert.deepEqual(modeOf('ahds', { options: { parallelExport: false } }), {
      mode: 'sequential',
      reason: 'The plan asks for it.',
    });
    const filtered = {
      scope: { resourceTypes: ['Patient'], typeFilters: ['Patient?active=true'], softDeleted: false },
    };
    assert.equal(modeOf('ahds', filtered).mode, 'sequential');
    assert.match(modeOf('ahds', filtered).reason, /filters/);
  });

  it('takes filters only of types that are moved, and without deleted resources, as the services do', () => {
    const problems = (scope: object): string[] => {
      const read = v.safeParse(planSchema, { ...planFor('ahds'), scope });
      return read.success ? [] : read.issues.map(({ message }) => message);
    };
    const typeFilters = ['Patient?active=true'];
    assert.deepEqual(problems({ resourceTypes: ['Patient'], typeFilters, softDeleted: false }), []);
    assert.match(problems({ typeFilters, softDeleted: false }).join(), /resourceTypes/);
    assert.match(problems({ resourceTypes: ['Patient'], typeFilters }).join(), /deleted/);
    assert.match(problems({ resourceTypes: ['Patient'], typeFilters: ['x'], softDeleted: false }).join(), /search/);
  });
});
