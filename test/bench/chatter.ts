import type { Figure } from './figure.ts';
import { referenceCalls, referenceLooks, referenceTableCalls } from './referenceSchedule.ts';
import { equalTimes, simulate } from './simulated.ts';

/** Operations after which a kind has its experience. */
const experience = 5;

/**
 * What 60 windows with operations of 60 minutes cost in requests and in writes to the journal, and how soon their ends
 * are noticed once five of a kind were seen.
 */
export async function chatter(): Promise<readonly Figure[]> {
  const { windows, exports, imports, fhirCalls, looks, appends, delays } = await simulate({
    windows: 60,
    ...equalTimes(60, 60),
  });
  const later = [...delays.export.slice(experience), ...delays.import.slice(experience)];
  return [
    {
      name: 'fhirCallsPerWindow',
      value: fhirCalls / windows,
      unit: 'calls',
      bound: 'atMost',
      goal: 40,
      against: `${referenceCalls(60, 60)} of the reference tool`,
    },
    {
      name: 'journalAppendsPerWindow',
      value: appends / windows,
      unit: 'appends',
      bound: 'atMost',
      goal: 30,
      against: `${referenceTableCalls(60, 60)} table calls of the reference tool`,
    },
    {
      name: 'noticingDelay',
      value: later.reduce((sum, delay) => sum + delay, 0) / later.length / 1_000,
      unit: 's',
      bound: 'atMost',
      goal: 15,
      against: 'the end itself, on average after five operations of a kind',
    },
    {
      name: 'looksPerOperation',
      value: looks / (exports + imports),
      unit: 'looks',
      bound: 'atMost',
      goal: referenceLooks(60) + 12,
      against: `${referenceLooks(60)} of the reference tool`,
    },
  ];
}
