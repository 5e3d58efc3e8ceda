import type { Bench, Figure } from './figure.ts';

/** Every benchmark, cheap ones first. */
export const benches: readonly Bench[] = [
  { name: 'makespan', run: async () => (await import('./makespan.ts')).makespan() },
  { name: 'sharedCapacity', run: async () => (await import('./sharedCapacity.ts')).sharedCapacity() },
  { name: 'freezeToDone', run: async () => (await import('./freezeToDone.ts')).freezeToDone() },
  { name: 'syncSoak', run: async () => (await import('./syncSoak.ts')).syncSoak() },
  { name: 'watchedJobs', run: async () => (await import('./watchedJobs.ts')).watchedJobs() },
  { name: 'perType', run: async () => (await import('./perType.ts')).perType() },
  { name: 'chatter', run: async () => (await import('./chatter.ts')).chatter() },
  { name: 'importBodies', run: async () => (await import('./importBodies.ts')).importBodies() },
  { name: 'statements', run: async () => (await import('./statements.ts')).statements() },
  { name: 'comparison', run: async () => (await import('./comparison.ts')).comparison() },
  { name: 'journal', run: async () => (await import('./journal.ts')).journal() },
  { name: 'discovery', run: async () => (await import('./discovery.ts')).discovery() },
  { name: 'compareExports', run: async () => (await import('./compareExports.ts')).compareExports() },
  { name: 'verification', run: async () => (await import('./verification.ts')).verification() },
  { name: 'verifyRate', run: async () => (await import('./verifyRate.ts')).verifyRate() },
  { name: 'verifyMemory', run: async () => (await import('./verifyMemory.ts')).verifyMemory() },
  { name: 'plantedMillion', run: async () => (await import('./plantedMillion.ts')).plantedMillion() },
  {
    name: 'panelSnapshot',
    run: async (): Promise<readonly Figure[]> => {
      const value = (await import('./panelSnapshot.ts')).panelSnapshot();
      const against = 'JSON.parse of the same text';
      return [{ name: 'panelSnapshot', value, unit: 'times', bound: 'atMost', goal: 8, against }];
    },
  },
  {
    name: 'packageSize',
    run: async (): Promise<readonly Figure[]> => {
      const value = await (await import('./packageSize.ts')).packageSize();
      return [
        {
          name: 'packageSize',
          value,
          unit: 'bytes',
          bound: 'atMost',
          goal: 2_000_000,
          against: 'the .vsix as it ships',
        },
      ];
    },
  },
  {
    name: 'activation',
    run: async (): Promise<readonly Figure[]> => {
      const value = (await (await import('./activation.ts')).activation()).aboveEmptyMs;
      const against = 'an extension that does nothing, in the same host';
      return [{ name: 'activation', value, unit: 'ms', bound: 'atMost', goal: 30, against }];
    },
  },
];
