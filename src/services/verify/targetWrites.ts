import { lineIdentity } from '../../azure/lineIdentity.ts';
import type { Staging } from '../../azure/staging.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import { toFailure } from '../../failure/failure.ts';
import { type Difference, isConflict } from '../../verify/differences.ts';
import { stagedFilesByType } from '../definitions/stagedFiles.ts';
import { add, compareRange, nothing } from './compareRange.ts';
import { type Comparison, maxDifferences, sidesOf, writtenType } from './verifyServices.ts';

/** How far the clocks of the product and of the services may be apart. */
const clocksApartMs = 10 * 60_000;

/** From when on a version of the target can be one that it wrote itself while the migration ran, by the target's clock. */
export const beganOf = ({ createdAt }: MigrationOverview): number => createdAt - clocksApartMs;

/** Whether the target is the one that is written to: what is written there is no conflict any more. */
export const isTargetInUse = ({ cutover }: MigrationOverview): boolean =>
  cutover?.signedOff !== undefined && (cutover.wentBack === undefined || cutover.wentBack.at < cutover.signedOff.at);

/**
 * What was written on the target after the end of a comparison. What was imported ahead of the watermark is equal on both
 * services, and what the source changed since is still to come: neither is a conflict.
 */
export async function conflictsBeyond(
  comparison: Comparison,
  signal: AbortSignal,
): Promise<{ readonly differences: readonly Difference[]; readonly truncated: boolean }> {
  const { target, till, types, began } = comparison;
  const ranges = types.filter((type) => type !== writtenType).map((type) => ({ type, since: till, till: undefined }));
  const counts = await target.counts(ranges, 'current', signal);
  const sides = sidesOf(
    comparison,
    false,
    counts.reduce((sum: number, count) => sum + (count ?? 0), 0),
  );
  let found = nothing;
  for (const [index, range] of ranges.entries()) {
    if (counts[index] === 0) continue;
    const maxSuspects = maxDifferences - found.differences.length;
    if (maxSuspects <= 0) {
      found = { ...found, truncated: true };
      break;
    }
    const { comparing, ...rest } = sides(range.type);
    const judging = { ...comparing, till: undefined, began };
    found = add(found, await compareRange({ ...rest, maxSuspects, comparing: judging }, range, signal));
  }
  return { differences: found.differences.filter(({ reason }) => isConflict(reason)), truncated: found.truncated };
}

/**
 * Tells what was exported, and then deleted for good on the source, from what the target wrote itself: the files of the
 * windows that end after the migration began hold the first and not the second. What they cannot tell stays a conflict,
 * which nothing deletes unasked.
 */
export async function withOrigin(
  differences: readonly Difference[],
  { windows, ...proved }: MigrationOverview,
  staging: () => Staging,
  signal: AbortSignal,
): Promise<readonly Difference[]> {
  const written = differences.filter(({ reason }) => reason === 'writtenOnTarget');
  if (written.length === 0) return differences;
  const began = beganOf({ windows, ...proved });
  const folders = windows.filter(({ till }) => till > began).flatMap((window) => window.folders ?? []);
  const exported = await exportedAmong(written, staging, [...new Set(folders)], signal);
  return differences.map((difference) =>
    difference.reason === 'writtenOnTarget' && exported.has(keyOf(difference))
      ? { ...difference, reason: 'notOnSource' }
      : difference,
  );
}

async function exportedAmong(
  written: readonly Difference[],
  staging: () => Staging,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const wanted = new Set(written.map(keyOf));
  const types = new Set(written.map(({ type }) => type));
  const exported = new Set<string>();
  try {
    const container = staging();
    for (const [type, files] of await stagedFilesByType(container, folders, signal))
      for (const { path } of types.has(type) ? files : [])
        for await (const line of container.lines(path, signal)) {
          const identity = line.tooLong ? undefined : lineIdentity(line.text);
          if (identity === undefined) continue;
          const key = keyOf({ type, id: identity.id, targetVersion: identity.versionId });
          if (wanted.has(key)) exported.add(key);
        }
  } catch (error) {
    if (toFailure(error).kind === 'cancelled') throw error;
  }
  return exported;
}

const keyOf = ({ type, id, targetVersion = '' }: Pick<Difference, 'type' | 'id' | 'targetVersion'>): string =>
  `${type}/${id}/${targetVersion}`;
