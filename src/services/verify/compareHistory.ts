import type { Difference } from '../../verify/differences.ts';
import { narrow, narrowingLimits } from '../../verify/narrow.ts';
import { pairVersions } from '../../verify/pairVersions.ts';
import { countBothOf } from './counting.ts';
import type { OpenRange } from './verification.ts';
import type { Comparison } from './verifyServices.ts';

/** Versions come with their content, so that a range is narrow before they are read. */
const limits = { ...narrowingLimits, rows: 20, unknownDivisions: 0 };
/** Most versions of a range that are read: very many may have one date. */
const maxVersions = 1_000;
/** Most ranges whose versions are read. */
const maxRanges = 500;

/**
 * Counts versions per type and range, tombstones included, and narrows what differs to the resources whose history is
 * not the same. @param known resources whose current versions differ, which their histories follow
 */
export async function compareHistory(
  { source, target, since, till, first }: Comparison,
  types: readonly string[],
  known: readonly Difference[],
  signal: AbortSignal,
): Promise<{ readonly differences: readonly Difference[]; readonly openRanges: readonly OpenRange[] }> {
  const count = countBothOf(source, target, 'versions', signal);
  const { different, unknown } = await narrow(types, { since, till }, first, count, limits);
  const explained = new Set(known.map(keyOf));
  const differences = new Map<string, Difference>();
  const openRanges: OpenRange[] = unknown.map((range) => ({ of: 'versions', ...range }));
  for (const [index, range] of different.entries()) {
    const isNarrow = index < maxRanges && Math.max(range.source ?? 0, range.target ?? 0) <= maxVersions;
    const [onSource, onTarget] = isNarrow
      ? await Promise.all([source, target].map((side) => side.versions(range, signal)))
      : [];
    const found = onSource === undefined || onTarget === undefined ? [] : pairVersions(range.type, onSource, onTarget);
    // What is counted and cannot be shown stays open.
    if (found.length === 0) openRanges.push({ of: 'versions', ...range });
    for (const difference of found)
      if (!explained.has(keyOf(difference))) differences.set(keyOf(difference), difference);
  }
  return { differences: [...differences.values()], openRanges };
}

const keyOf = ({ type, id }: Difference): string => `${type}/${id}`;
