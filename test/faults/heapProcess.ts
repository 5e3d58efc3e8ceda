/*
 * A process with little memory that migrates one window of 100,000 files: `node --max-old-space-size=256 heapProcess.ts`.
 * Ends with 0 when the migration is complete.
 */
import { scripted } from '../unit/engine/simulation/script.ts';
import { day, start } from '../unit/engine/simulation/world.ts';

const files = 100_000;
const world = scripted({
  flavour: 'ahds',
  resources: 0,
  changes: 0,
  plan: { limits: { windowDays: 3_660, joinBelowResources: 10_000_000 } },
  exports: { linesPerFile: 1 },
});
for (let index = 0; index < files; index += 1)
  world.source.store.write('Patient', `p${index}`, start - 20 * day + index * 1_000, false, '');
await world.create();
const runner = await world.drive();
process.exitCode = runner.state.run === 'complete' && world.target.store.types().length === 1 ? 0 : 1;
