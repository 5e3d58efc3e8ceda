import type { Figure } from './figure.ts';
import { equalWindows, referenceMakespan } from './referenceSchedule.ts';
import { minute } from '../unit/engine/simulation/world.ts';
import { simulate } from './simulated.ts';

const [windows, types] = [61, 25];
const [exportMinutes, importMinutes] = [2, 3];

/** One export for each type of each window, as the reference tool does it, one at a time, with five imports at once. */
export async function perType(): Promise<readonly Figure[]> {
  const names = Array.from({ length: types }, (_, index) => `Type${String.fromCharCode(65 + index)}`);
  const { minutes, exports } = await simulate({
    windows,
    types: names,
    linesPerWindow: types,
    options: { perType: true },
    // Every export writes one line, and an import of several takes as long as theirs together.
    exportTime: () => exportMinutes * minute,
    importTime: (lines) => lines * importMinutes * minute,
  });
  if (exports !== windows * types) throw new Error(`${exports} exports instead of ${windows * types}.`);
  const reference = referenceMakespan(equalWindows(windows * types, exportMinutes, importMinutes), 60);
  return [
    {
      name: 'perType.referenceHourly',
      value: reference / minutes,
      unit: 'times',
      bound: 'atLeast',
      goal: 25,
      against: 'the reference tool with its hourly timer, in units of ours',
    },
  ];
}
