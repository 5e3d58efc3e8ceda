import { minute } from '../unit/engine/simulation/world.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';
import type { Figure } from './figure.ts';
import { equalWindows, lowerBound, referenceMakespan, type WindowTimes } from './referenceSchedule.ts';
import { equalTimes, simulate } from './simulated.ts';

interface Case {
  readonly name: string;
  readonly windows: number;
  readonly exportMinutes: number;
  readonly importMinutes: number;
  /** Times shorter than the reference tool with its hourly timer, at least. */
  readonly hourly: number;
}

/** The cases whose makespans are published for the reference tool's schedule. */
const cases: readonly Case[] = [
  { name: 'a', windows: 60, exportMinutes: 10, importMinutes: 15, hourly: 5 },
  { name: 'b', windows: 60, exportMinutes: 45, importMinutes: 70, hourly: 2.4 },
  { name: 'c', windows: 200, exportMinutes: 3, importMinutes: 4, hourly: 15 },
  { name: 'd', windows: 24, exportMinutes: 180, importMinutes: 240, hourly: 2.3 },
];

const importsAtOnce = 5;
const [leastTime, hourlyTimer, shortTimer] = [
  'the least time possible',
  'the reference tool with its hourly timer, in units of ours',
  'the reference tool with a timer of five minutes, in units of ours',
];

/** Time for windows of equal operations, one export and five imports at once; then for times that vary. */
export async function makespan(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const varied: number[] = [];
  for (const each of cases) {
    const { name, windows, exportMinutes, importMinutes, hourly } = each;
    const { minutes } = await simulate({ windows, ...equalTimes(exportMinutes, importMinutes) });
    const times = equalWindows(windows, exportMinutes, importMinutes);
    const unit = 'times';
    figures.push(
      {
        name: `makespan.${name}`,
        value: minutes / lowerBound(times, 1, importsAtOnce),
        unit,
        bound: 'atMost',
        goal: 1.05,
        against: leastTime,
      },
      {
        name: `makespan.${name}.referenceHourly`,
        value: referenceMakespan(times, 60) / minutes,
        unit,
        bound: 'atLeast',
        goal: hourly,
        against: hourlyTimer,
      },
      {
        name: `makespan.${name}.referenceFiveMinutes`,
        value: referenceMakespan(times, 5) / minutes,
        unit,
        bound: 'atLeast',
        goal: 2,
        against: shortTimer,
      },
    );
    for (const seed of [1, 2, 3]) varied.push(await variedTimes(each, seed));
  }
  figures.push({
    name: 'makespan.lognormal',
    value: varied.reduce((sum, value) => sum + value, 0) / varied.length,
    unit: 'times',
    bound: 'atMost',
    goal: 1.03,
    against: 'the least time with one import a window, on average of all cases with lognormal times',
  });
  return figures;
}

/** Standard deviation of the logarithm of times that vary: most lie within a quarter of the median. */
const sigma = 0.25;

/**
 * The makespan over the least time where every export and every window's import takes a time of its own. Windows hold two
 * types, as real ones hold many: their imports may run at the same time, which shortens the end of the last window.
 */
async function variedTimes(each: Case, seed: number): Promise<number> {
  const random = seeded(seed);
  const draw = (median: number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return median * Math.exp(sigma * normal);
  };
  const times = Array.from({ length: each.windows }, (): WindowTimes => ({
    exportMinutes: draw(each.exportMinutes),
    importMinutes: draw(each.importMinutes),
  }));
  const linesPerWindow = 40;
  let imported = 0;
  const { minutes } = await simulate({
    windows: each.windows,
    linesPerWindow,
    types: ['Observation', 'Patient'],
    exportTime: (_, job) => (times[job - 1]?.exportMinutes ?? 0) * minute,
    // Windows come to the target in the order of their exports: an import takes the time of those that it holds.
    importTime: (lines) => {
      let length = 0;
      for (let left = lines / linesPerWindow; left > 1e-9;) {
        const share = Math.min(left, 1 - (imported % 1));
        length += share * (times[Math.floor(imported + 1e-9)]?.importMinutes ?? each.importMinutes) * minute;
        imported += share;
        left -= share;
      }
      return length;
    },
  });
  return minutes / lowerBound(times, 1, importsAtOnce);
}
