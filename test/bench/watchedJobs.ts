import { overview } from '../../src/engine/overview.ts';
import type { Runner } from '../../src/engine/run/runner.ts';
import { day, minute, start, World } from '../unit/engine/simulation/world.ts';
import type { Figure } from './figure.ts';

const jobs = 5;
const hours = 6;

/** Processor time of following operations that run for hours: five migrations, each with one, looked at by their views. */
export async function watchedJobs(): Promise<readonly Figure[]> {
  // The first run pays for loading and compiling, which is no cost of watching.
  await watch(1, 1);
  const before = process.cpuUsage();
  await watch(jobs, hours);
  const { user, system } = process.cpuUsage(before);
  return [
    {
      name: 'watchedJobsCpu',
      value: (user + system) / 1_000_000,
      unit: 's',
      bound: 'atMost',
      goal: 2,
      against: `${jobs} jobs for ${hours} virtual hours, simulated services included`,
    },
  ];
}

async function watch(count: number, length: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await watchOne(length);
}

async function watchOne(length: number): Promise<void> {
  const world = new World({
    exports: { flavour: 'ahds', skew: 0, duration: () => length * 60 * minute, linesPerFile: 50 },
    imports: { duration: () => minute },
  });
  world.source.store.write('Patient', 'r', start - day, false, 'content');
  await world.create();
  let driving: Runner | undefined;
  let looks = 0;
  const look = (): void => {
    if (driving !== undefined) {
      overview(driving.state, driving.observations(), world.clock.now());
      looks += 1;
    }
    if (world.clock.now() < start + length * 60 * minute) world.clock.at(world.clock.now() + 15_000, look);
  };
  world.clock.at(start, look);
  world.clock.at(start + length * 60 * minute, () => void world.ask('pause'));
  const runner = await world.driveOnce((started) => {
    driving = started;
  });
  if (runner === undefined || looks === 0) throw new Error('Nothing was watched.');
}
