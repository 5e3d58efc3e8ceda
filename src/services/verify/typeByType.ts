import { type Compared, type Comparison, maxDifferences } from './verifyServices.ts';

/** Compares one type after the other, for a side that holds in memory what it knows of a type. */
export async function typeByType(
  comparison: Comparison,
  compare: (comparison: Comparison, signal: AbortSignal) => Promise<Compared>,
  signal: AbortSignal,
): Promise<Compared> {
  const found: Compared[] = [];
  let { done = {} } = comparison;
  let room = maxDifferences;
  for (const type of comparison.types) {
    if (room <= 0) {
      found.push({ types: [], differences: [], truncated: true, openRanges: [] });
      break;
    }
    const one = await compare(
      {
        ...comparison,
        types: [type],
        done,
        checkpoint: (reached) => {
          done = reached;
          comparison.checkpoint?.(reached);
        },
      },
      signal,
    );
    found.push(one);
    room -= one.differences.length;
  }
  return {
    types: found.flatMap(({ types }) => types),
    differences: found.flatMap(({ differences }) => differences),
    truncated: found.some(({ truncated }) => truncated),
    openRanges: found.flatMap(({ openRanges }) => openRanges),
  };
}
