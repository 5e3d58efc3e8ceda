import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { noObservations } from '../../src/engine/decide/observations.ts';
import { overview } from '../../src/engine/overview.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';
import { day, minute, start, World } from '../unit/engine/simulation/world.ts';
import type { Trouble } from '../unit/engine/simulation/effects.ts';
import type { Figure } from './figure.ts';

const hours = 72;
const hour = 60 * minute;
const faults = 0.01;

/** Memory that grows while a migration is kept in sync for three days and one request in a hundred goes wrong. */
export async function syncSoak(): Promise<readonly Figure[]> {
  const collect = garbageCollector();
  const random = seeded(72);
  const world = new World({
    plan: { sync: { purpose: 'cutover', lagTargetSeconds: 600 }, options: { safetyLagSeconds: 60 } },
    exports: { flavour: 'ahds', skew: 0, duration: () => (1 + random()) * minute, linesPerFile: 50 },
    imports: { duration: () => (1 + 2 * random()) * minute },
    snapshotEvery: 500,
    trouble: ({ name }) => (random() < faults ? troubleWith(name, random()) : undefined),
  });
  for (let index = 0; index < 200; index += 1) {
    world.source.store.write('Patient', `r${index}`, start - day + index * minute, false, 'content');
  }
  const end = start + hours * hour;
  const write = (): void => {
    const at = Math.floor(world.source.now());
    world.source.store.write('Patient', `r${Math.floor(random() * 200)}`, at, false, 'changed');
    if (world.clock.now() < end) world.clock.at(world.clock.now() + 30_000, write);
  };
  world.clock.at(start + 1, write);
  const points: (readonly [hour: number, bytes: number])[] = [];
  for (let at = 6; at <= hours; at += 2) {
    world.clock.at(start + at * hour, () => {
      collect();
      points.push([at, process.memoryUsage().heapUsed]);
    });
  }
  await world.create();
  world.clock.at(end + hour, () => void world.ask({ kind: 'finish', frozenAt: end + hour }));
  const { state } = await world.drive();
  const { phase, attention } = overview(state, noObservations, world.clock.now());
  if (phase !== 'complete') throw new Error(`The simulated sync ended in ${phase}: ${attention[0]?.failure.message}`);
  return [
    {
      name: 'syncMemoryPerHour',
      value: slopeOf(points) / 1_048_576,
      unit: 'MB/h',
      bound: 'atMost',
      goal: 1,
      against: `${hours} virtual hours with ${faults * 100} % faults, simulated services and journal included`,
    },
    {
      name: 'syncWindowsKept',
      value: state.windows.size,
      unit: 'windows',
      bound: 'atMost',
      goal: 200,
      against: `${world.source.jobs.length} exports in all`,
    },
  ];
}

function troubleWith(name: string, dice: number): Trouble | undefined {
  // A journal that cannot be written to stops the driver, which is another matter.
  if (['append', 'snapshot', 'attach'].includes(name)) return undefined;
  if (dice < 0.2) return { kind: dice < 0.1 ? 'killBefore' : 'killAfter' };
  if (dice < 0.4) return { kind: 'lostReply' };
  const status = dice < 0.7 ? 503 : 429;
  const kind = status === 503 ? 'unavailable' : 'throttled';
  return { kind: 'refuse', failure: { kind, status, message: 'Not now.' } };
}

/** Least squares. */
function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  return mean((point) => (point[0] - x) * (point[1] - y)) / mean((point) => (point[0] - x) ** 2);
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
