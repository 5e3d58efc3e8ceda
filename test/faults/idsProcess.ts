/*
 * A process with little memory that lays two listings of five million resources side by side, of which three differ:
 * `node --max-old-space-size=256 idsProcess.ts`. Ends with 0 when exactly those were found.
 */
import type { ListedResource } from '../../src/verify/differences.ts';
import { mergeListings } from '../../src/verify/mergeListings.ts';

const resources = 5_000_000;
const pageSize = 1_000;
const lost = new Set([17, 2_500_000, 4_999_999]);

async function* listing(without: ReadonlySet<number>): AsyncGenerator<readonly ListedResource[]> {
  for (let first = 0; first < resources; first += pageSize) {
    const page: ListedResource[] = [];
    for (let index = first; index < first + pageSize; index += 1) {
      if (!without.has(index)) page.push({ id: `r${index}`, versionId: '1', lastUpdated: index, digest: undefined });
    }
    await Promise.resolve();
    yield page;
  }
}

const { same, suspects, stopped } = await mergeListings(
  listing(new Set()),
  listing(lost),
  (source, target) => source.versionId === target.versionId,
  1_000,
);
const found = [...suspects.keys()].sort().join();
const wanted = [...lost].map((index) => `r${index}`).sort();
process.exitCode = !stopped && same === resources - lost.size && found === wanted.join() ? 0 : 1;
