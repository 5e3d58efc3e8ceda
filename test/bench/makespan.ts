import type { Figure } from './figure.ts';
import { lowerBound, referenceMakespan } from './referenceSchedule.ts';
import { simulate } from './simulated.ts';

/** Time for 60 windows with exports of 10 and imports of 15 minutes, one export and five imports at once. */
export async function makespan(): Promise<readonly Figure[]> {
  const [windows, exportMinutes, importMinutes] = [60, 10, 15];
  const { minutes } = await simulate(windows, exportMinutes, importMinutes, 5);
  const least = lowerBound(windows, exportMinutes, importMinutes, 1, 5);
  const hourly = referenceMakespan(windows, exportMinutes, importMinutes, 60);
  const often = referenceMakespan(windows, exportMinutes, importMinutes, 5);
  return [
    {
      name: 'makespan',
      value: minutes / least,
      unit: 'times',
      bound: 'atMost',
      goal: 1.1,
      against: 'the least time possible',
    },
    {
      name: 'makespan.referenceHourly',
      value: hourly / minutes,
      unit: 'times',
      bound: 'atLeast',
      goal: 5,
      against: 'the reference tool with its hourly timer, in units of ours',
    },
    {
      name: 'makespan.referenceFiveMinutes',
      value: often / minutes,
      unit: 'times',
      bound: 'atLeast',
      goal: 2,
      against: 'the reference tool with a timer of five minutes, in units of ours',
    },
  ];
}
