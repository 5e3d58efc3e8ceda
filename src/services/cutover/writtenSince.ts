import { bundleName, returnBundles } from '../../cutover/returnBundles.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Instant } from '../../engine/ports.ts';
import { FailureError } from '../../failure/failure.ts';
import { changedSince } from '../../fhir/changedSince.ts';
import { exactText } from '../../fhir/exactJson.ts';
import type { FhirClient } from '../../fhir/fhirClient.ts';
import type { TakeBundle, WrittenSince } from './contract.ts';

/**
 * What applications wrote on the target since the cutover. Every version of the source is older than its own newest
 * change at the freeze, whatever the clocks say, so that it begins right after that where it is known.
 */
export async function writtenSince(
  overview: MigrationOverview,
  target: FhirClient,
  take: TakeBundle | undefined,
  signal: AbortSignal,
): Promise<WrittenSince> {
  const since = beginning(overview);
  const types = new Map<string, { written: number; deleted: number }>();
  let bundles = 0;
  for await (const page of changedSince(target, since, signal)) {
    for (const { type, resource } of page) {
      const counts = types.get(type) ?? { written: 0, deleted: 0 };
      counts[resource === undefined ? 'deleted' : 'written'] += 1;
      types.set(type, counts);
    }
    if (take === undefined) continue;
    const entries = page.map(({ type, id, resource }) => ({
      type,
      id,
      text: resource === undefined ? undefined : exactText(resource),
    }));
    for (const text of returnBundles(entries)) {
      bundles += 1;
      await take(bundleName(bundles), text);
    }
  }
  const sorted = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
  const resources = sorted.reduce((sum, [, { written, deleted }]) => sum + written + deleted, 0);
  return { since, types: Object.fromEntries(sorted), resources, bundles };
}

function beginning({ finish, cutover, plan }: MigrationOverview): Instant {
  const frozen = cutover?.signedOff?.cutoverAt ?? finish?.frozenAt;
  if (frozen === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: `There was no cutover to ${plan.target.name}: nothing was written there since.`,
    });
  const newest = finish?.newestAfter ?? finish?.newestBefore;
  return newest === undefined ? frozen : newest + 1;
}
