import { countRanges } from './countRanges.ts';
import type { FhirClient } from './fhirClient.ts';

/**
 * Counts the current resources of many types in one batch request. A type whose count failed is left out: it is
 * unknown, not zero. Bounds are milliseconds since 1970 UTC, `since` inclusive, `till` exclusive.
 * Throws when the batch itself fails, `invalidInput` for more types than a bundle takes (500).
 */
export async function countTypes(
  client: FhirClient,
  types: readonly string[],
  range: { readonly since?: number; readonly till?: number },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const counted = await countRanges(
    client,
    types.map((type) => ({ of: 'current', type, ...range })),
    signal,
  );
  const counts = new Map<string, number>();
  for (const [index, type] of types.entries()) {
    const total = counted[index];
    if (total !== undefined) counts.set(type, total);
  }
  return counts;
}
