import { runSeeds } from './randomFaults.ts';

// In two files, so that two processors share the work.
describe('random faults, second half', () => {
  it('of five thousand seeded schedules leave every resource on the target, once', async function () {
    this.timeout(600_000);
    await runSeeds(5_001, 5_000);
  });
});
