import { minute } from '../unit/engine/simulation/world.ts';
import type { Figure } from './figure.ts';
import { equalWindows, referenceMakespan } from './referenceSchedule.ts';
import { simulate, type Simulation, type SimulatedRun } from './simulated.ts';

const windows = 200;
const linesPerWindow = 40;

interface Work {
  readonly exportMinutes: number;
  readonly importMinutes: number;
  readonly exportsAtOnce: number;
}

/** One export at a time, of windows whose work is a few minutes. */
const usual: Work = { exportMinutes: 3, importMinutes: 4, exportsAtOnce: 1 };
/** Work of a few seconds beside what each job costs anyway, and exports that come faster than imports can begin. */
const tiny: Work = { exportMinutes: 0.05, importMinutes: 0.05, exportsAtOnce: 20 };

/** The servers look into their queues once a minute (ExportJobConfiguration, ImportJobConfiguration). */
const pickUp = 1;
/** An export counts as done 15 s after its last worker (FhirOperationDataStoreBase). */
const settle = 0.25;

/** One capacity that the jobs of a service share: the work of each begins when it is picked up and the others are done. */
function shared(work: (lines: number) => number, after: number): Simulation['exportTime'] {
  let free = 0;
  return (lines, _, at) => {
    free = Math.max(at + pickUp * minute, free) + work(lines) * minute;
    return free - at + after * minute;
  };
}

/** 200 small windows and five imports at once; `filesPerImport` of one keeps windows from sharing an import. */
function run({ exportMinutes, importMinutes, exportsAtOnce }: Work, filesPerImport: number): Promise<SimulatedRun> {
  return simulate({
    windows,
    linesPerWindow,
    bytesPerLine: 700,
    limits: { exportsAtOnce, filesPerImport },
    exportTime: shared((lines) => (lines / linesPerWindow) * exportMinutes, settle),
    importTime: shared((lines) => (lines / linesPerWindow) * importMinutes, 0),
  });
}

/** Services whose jobs share one capacity: many small windows cost what their jobs cost, unless they share imports. */
export async function sharedCapacity(): Promise<readonly Figure[]> {
  const { minutes } = await run(usual, 10_000);
  const together = await run(tiny, 10_000);
  const alone = await run(tiny, 1);
  const reference = equalWindows(windows, pickUp + usual.exportMinutes + settle, pickUp + usual.importMinutes);
  return [
    {
      name: 'sharedCapacity.referenceHourly',
      value: referenceMakespan(reference, 60) / minutes,
      unit: 'times',
      bound: 'atLeast',
      goal: 8,
      against: 'the reference tool with its hourly timer, in units of ours',
    },
    {
      name: 'sharedCapacity.coalescing',
      value: alone.minutes / together.minutes,
      unit: 'times',
      bound: 'atLeast',
      goal: 1.5,
      against: 'the same with one import for each window, in units of ours',
    },
  ];
}
