import assert from 'node:assert/strict';
import { check } from '../unit/engine/simulation/checker.ts';
import type { Effect, Trouble } from '../unit/engine/simulation/effects.ts';
import { scripted, type ScriptOptions } from '../unit/engine/simulation/script.ts';
import { places } from '../unit/engine/journal/stores.ts';

const variants: readonly (readonly [string, ScriptOptions])[] = [
  ['Azure API for FHIR', { flavour: 'azureApiForFhir' }],
  ['AHDS', { flavour: 'ahds' }],
  [
    'AHDS with history, two exports at once',
    { flavour: 'ahds', plan: { scope: { history: true }, limits: { exportsAtOnce: 2 } } },
  ],
];

/*
 * Every request to a service and every append to the journal is an effect. Killed before a request: before it was sent;
 * after one: after it was sent, its answer never heard; before an append: after the answer, which is lost with the
 * process; after one: after it was journalled.
 */
const points = ['killBefore', 'killAfter'] as const;

async function run(options: ScriptOptions, trouble: (effect: Effect) => Trouble | undefined): Promise<number> {
  const world = scripted({ ...options, trouble });
  await world.create();
  try {
    const runner = await world.drive();
    assert.equal(runner.state.run, 'complete', 'I4');
    assert.ok(world.kills <= 1);
    await check(world, runner);
    // I3: a kill costs at most one export, and never an import.
    assert.ok(world.source.jobs.length <= runner.state.windows.size + 1, 'I3: exports');
    assert.equal(new Set(world.target.jobs.map(({ body }) => body)).size, world.target.jobs.length, 'I3: imports');
  } finally {
    await world.end();
  }
  return world.effects.count;
}

async function killAtEach(options: ScriptOptions, step: number): Promise<number> {
  const effects = await run(options, () => undefined);
  let runs = 0;
  for (let at = 1; at <= effects; at += step) {
    for (const kind of points) {
      runs += 1;
      try {
        await run(options, ({ number }) => (number === at ? { kind } : undefined));
      } catch (error) {
        throw new Error(`${kind} at effect ${at} of ${effects}`, { cause: error });
      }
    }
  }
  return runs;
}

describe('a driver that is killed', function () {
  // Hundreds of migrations, on machines of any speed.
  this.timeout(600_000);

  for (const [name, options] of variants) {
    it(`leaves nothing lost or doubled, wherever it dies (${name})`, async () => {
      const runs = await killAtEach({ resources: 48, changes: 12, ...options }, 1);
      assert.ok(runs >= 450, `${runs} runs`);
    });
  }

  for (const [name, place] of places) {
    it(`leaves nothing lost or doubled when its journal lies ${name}`, async () => {
      // Every write to a file waits for the disk.
      const step = name === 'in a folder' ? 150 : 17;
      assert.ok((await killAtEach({ flavour: 'ahds', resources: 24, changes: 4, place }, step)) > 4);
    });
  }
});
