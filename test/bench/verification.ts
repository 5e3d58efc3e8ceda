import { verifyContent } from '../../src/services/verify/verifyContent.ts';
import { type Compared, verifyRanges } from '../../src/services/verify/verifyServices.ts';
import type { Figure } from './figure.ts';
import { openPair, type Pair } from './verifyPair/pair.ts';
import { types } from './verifyPair/resources.ts';

const total = 1_000_000;
const planted = 10;
const deletes = 100;
const contentTypes = types.slice(0, 2);
const { signal } = new AbortController();

/** Requests that it takes to prove a million resources of 30 types equal, to find lost ones, and to read content. */
export async function verification(): Promise<readonly Figure[]> {
  await using pair = await openPair({ total, latencyMs: 0 });
  const { comparison } = pair;
  const equal = await requestsOf(pair, () => verifyRanges(comparison, signal), 0);
  const content = await requestsOf(pair, () => verifyContent({ ...comparison, types: contentTypes }, signal), 0);
  await pair.ask({ kind: 'lose', count: planted });
  const differing = await requestsOf(pair, () => verifyRanges(comparison, signal), planted);
  await pair.ask({ kind: 'lose', count: deletes });
  const cpu = process.threadCpuUsage();
  const found = await requestsOf(pair, () => verifyRanges(comparison, signal), planted + deletes);
  const { user, system } = process.threadCpuUsage(cpu);
  const compared = (total / types.length) * contentTypes.length;
  const figure = { unit: 'requests', bound: 'atMost' } as const;
  const against = '1.1 per resource of the reference tool';
  return [
    { ...figure, name: 'verifyRangesEqual', value: equal, goal: 100, against },
    { ...figure, name: 'verifyRangesPerDelete', value: (differing - equal) / planted, goal: 60, against },
    {
      ...figure,
      name: 'verifyContentPerThousand',
      value: (content * 1_000) / compared,
      goal: 2.2,
      against: '1,100 of the reference tool',
    },
    {
      ...figure,
      name: 'findDeletesPerThousand',
      value: (found * 1_000) / total,
      goal: 2,
      against: 'a hundred hard deletes among a million ids',
    },
    {
      name: 'findDeletesCpu',
      value: (user + system) / 1_000_000,
      unit: 's',
      bound: 'atMost',
      goal: 3,
      against: 'a hundred hard deletes among a million ids',
    },
  ];
}

async function requestsOf(pair: Pair, run: () => Promise<Compared>, differences: number): Promise<number> {
  await pair.ask({ kind: 'reset' });
  const result = await run();
  if (result.differences.length !== differences || result.openRanges.length > 0)
    throw new Error(`Found ${result.differences.length} differences instead of ${differences}.`);
  return (await pair.ask({ kind: 'counters' })) as number;
}
