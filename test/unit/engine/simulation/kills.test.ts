import assert from 'node:assert/strict';
import { check } from './checker.ts';
import type { Effect, Trouble } from './effects.ts';
import { scripted, type ScriptOptions } from './script.ts';

const variants: readonly (readonly [string, ScriptOptions])[] = [
  ['Azure API for FHIR', { flavour: 'azureApiForFhir' }],
  ['AHDS', { flavour: 'ahds' }],
  [
    'AHDS with history, two exports at once',
    { flavour: 'ahds', plan: { scope: { history: true }, limits: { exportsAtOnce: 2 } } },
  ],
];

async function run(options: ScriptOptions, trouble: (effect: Effect) => Trouble | undefined): Promise<number> {
  const world = scripted({ ...options, trouble });
  await world.create();
  const runner = await world.drive();
  assert.equal(runner.state.run, 'complete');
  await check(world, runner);
  assert.ok(world.kills <= 1);
  return world.effects.count;
}

describe('a driver that is killed', () => {
  for (const [name, options] of variants) {
    for (const kind of ['killBefore', 'killAfter'] as const) {
      it(`leaves nothing lost or doubled, wherever it dies (${name}, ${kind})`, async function () {
        // Some four hundred migrations, on machines of any speed.
        this.timeout(300_000);
        const effects = await run(options, () => undefined);
        for (let at = 1; at <= effects; at += 1) {
          try {
            await run(options, ({ number }) => (number === at ? { kind } : undefined));
          } catch (error) {
            throw new Error(`${kind} at effect ${at} of ${effects}`, { cause: error });
          }
        }
      });
    }
  }
});
