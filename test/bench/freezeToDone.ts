import { noObservations } from '../../src/engine/decide/observations.ts';
import { overview } from '../../src/engine/overview.ts';
import { day, minute, start, World } from '../unit/engine/simulation/world.ts';
import type { Figure } from './figure.ts';

const exportMinutes = 2;
const importMinutes = 3;
/** Moments of the cycle of sync at which somebody finishes. */
const moments = 24;

/**
 * From the stop of the writers to the proof that nothing came after it, for a source that is written until then. The
 * least time possible is one export and one import; whatever the sync was doing goes on beside them.
 */
export async function freezeToDone(): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let moment = 0; moment < moments; moment += 1) times.push(await finishAt(moment * 45_000));
  const least = (exportMinutes + importMinutes) * minute;
  const against = `one export of ${exportMinutes} and one import of ${importMinutes} minutes; the longest of ${moments}`;
  const value = Math.max(...times) / least;
  return [{ name: 'freezeToDone', value, unit: 'times', bound: 'atMost', goal: 1.15, against }];
}

async function finishAt(offset: number): Promise<number> {
  const world = new World({
    plan: { sync: { purpose: 'cutover', lagTargetSeconds: 900 } },
    exports: { flavour: 'ahds', skew: 2_500, duration: () => exportMinutes * minute, linesPerFile: 50 },
    imports: { duration: () => importMinutes * minute },
  });
  for (let index = 0; index < 100; index += 1) {
    world.source.store.write('Patient', `r${index}`, start - day + index * minute, false, 'content');
  }
  const frozenAt = start + 4 * 60 * minute + offset;
  const write = (): void => {
    if (world.clock.now() >= frozenAt) return;
    const id = `r${Math.floor(world.clock.now() / 7_000) % 100}`;
    world.source.store.write('Patient', id, Math.floor(world.source.now()), false, 'changed');
    world.clock.at(Math.min(frozenAt, world.clock.now() + 7_000), write);
  };
  world.clock.at(start + 1, write);
  await world.create();
  world.clock.at(frozenAt, () => void world.ask({ kind: 'finish', frozenAt }));
  const { state } = await world.drive();
  const { phase, finish } = overview(state, noObservations, world.clock.now());
  if (phase !== 'complete' || finish?.state !== 'frozen') throw new Error(`The simulated migration ended in ${phase}.`);
  return world.clock.now() - frozenAt;
}
