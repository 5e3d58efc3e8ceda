import { verifyContent } from '../../src/services/verify/verifyContent.ts';
import { type Compared, type Comparison, verifyRanges } from '../../src/services/verify/verifyServices.ts';
import { failingCounts, losing } from '../scenarios/verify/faultySides.ts';
import type { Planted } from '../scenarios/verify/planted.ts';
import type { Figure } from './figure.ts';
import { openPair } from './verifyPair/pair.ts';

const total = 1_000_000;
/** Counts of longer ranges fail, as on a server that runs out of time. */
const countsFailFrom = 300 * 86_400_000;
/** What no count can show. */
const contentAlone = new Set(['changed', 'decimal']);
const { signal } = new AbortController();

/** Kinds of differences and of sameness planted among a million pairs: all found and classed right, and nothing else. */
export async function plantedMillion(): Promise<readonly Figure[]> {
  await using pair = await openPair({ total, latencyMs: 0 });
  const planted = (await pair.ask({ kind: 'plant' })) as Planted;
  const { comparison } = pair;
  const faulty: Comparison = {
    ...comparison,
    source: losing(failingCounts(comparison.source, countsFailFrom), 31),
    target: losing(comparison.target, 33),
  };
  const byCount = Object.fromEntries(Object.entries(planted).filter(([id]) => !contentAlone.has(id)));
  return [
    figureOf('plantedByContent', planted, await verifyContent(comparison, signal)),
    figureOf('plantedByRange', byCount, await verifyRanges(comparison, signal)),
    figureOf('plantedWithFaultsByContent', planted, await verifyContent(faulty, signal)),
    figureOf('plantedWithFaultsByRange', byCount, await verifyRanges(faulty, signal)),
  ];
}

/** Resources that were found wrongly, not found, or could not be compared. */
function figureOf(name: string, planted: Planted, { differences, types, openRanges, truncated }: Compared): Figure {
  const found = new Map(differences.map((difference) => [difference.id, `${difference.class} ${difference.reason}`]));
  const ids = new Set([...found.keys(), ...Object.keys(planted)]);
  const wrong = [...ids].filter((id) => found.get(id) !== planted[id]).length;
  const unread = types.reduce((sum, type) => sum + type.unread, 0);
  return {
    name,
    value: wrong + unread + openRanges.length + Number(truncated),
    unit: 'mistakes',
    bound: 'atMost',
    goal: 0,
    against: `${Object.keys(planted).length} differences among a million pairs`,
  };
}
