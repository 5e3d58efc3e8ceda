/*
 * Random faults for as long as one likes: `npm run soak -- --seeds 100000 --from 10001`, or one seed again:
 * `npm run soak -- --seed 4711`.
 */
import { runSeeds } from './randomFaults.ts';

function numberAfter(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const seed = numberAfter('--seed', 0);
if (seed > 0) {
  await runSeeds(seed, 1);
  console.log(`Seed ${seed}: nothing lost, nothing doubled.`);
} else {
  const from = numberAfter('--from', 10_001);
  const seeds = numberAfter('--seeds', 20_000);
  const step = 500;
  for (let first = from; first < from + seeds; first += step) {
    const count = Math.min(step, from + seeds - first);
    await runSeeds(first, count);
    console.log(`Seeds ${first} to ${first + count - 1}: nothing lost, nothing doubled.`);
  }
}
