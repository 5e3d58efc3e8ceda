import type { Figure } from './figure.ts';
import { referenceCalls, referenceTableCalls } from './referenceSchedule.ts';
import { simulate } from './simulated.ts';

/** What 60 windows with operations of 60 minutes cost in requests and in writes to the journal. */
export async function chatter(): Promise<readonly Figure[]> {
  const { windows, fhirCalls, appends } = await simulate(60, 60, 60, 5);
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
  ];
}
