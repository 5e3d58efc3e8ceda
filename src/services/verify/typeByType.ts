import type { FoundDifference } from './verification.ts';
import { type Compared, type Comparison, maxDifferences } from './verifyServices.ts';

/** Compares one type after the other, for a side that holds in memory what it knows of a type. */
export async function typeByType(
  comparison: Comparison,
  compare: (comparison: Comparison, signal: AbortSignal) => Promise<Compared>,
  signal: AbortSignal,
): Promise<Compared> {
  const found: Compared[] = [];
  let { done = {} } = comparison;
  let differences: readonly FoundDifference[] = [];
  for (const type of comparison.types) {
    if (differences.length >= maxDifferences) {
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
    differences = [...differences, ...one.differences];
  }
  return {
    types: found.flatMap(({ types }) => types),
    differences,
    truncated: found.some(({ truncated }) => truncated),
    openRanges: found.flatMap(({ openRanges }) => openRanges),
  };
}
