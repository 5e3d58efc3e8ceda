import { createHmac } from 'node:crypto';
import type { MigrationId } from '../../engine/ids.ts';
import type { VerificationRecord, VerifiedType } from '../../engine/verified.ts';
import type { Difference, DifferenceClass } from '../../verify/differences.ts';
import type { Verification } from './verification.ts';

/**
 * Digest by which an accepted difference is known again, without telling which resource it is of: another version, or
 * another kind of difference, is another one. @param scope the migration, or what two services are called
 */
export function differenceKey(scope: MigrationId | string, difference: Difference): string {
  const { type, id, class: kind, reason, sourceVersion = '', targetVersion = '' } = difference;
  return createHmac('sha256', scope)
    .update([type, id, kind, reason, sourceVersion, targetVersion].join('\n'))
    .digest('base64url');
}

/** How many differences there are of each class. */
export function classesOf(differences: readonly Difference[]): Readonly<Record<DifferenceClass, number>> {
  const classes = { differs: 0, missingOnTarget: 0, extraOnTarget: 0, unreadable: 0 };
  for (const difference of differences) classes[difference.class]++;
  return classes;
}

/** The numbers of a verification, which the journal keeps: no id and no content. */
export function recordOf(result: Verification): VerificationRecord {
  const { depth, outcome, truth, since, till, startedAt, endedAt, differences, sample, openRanges, truncated } = result;
  return {
    depth,
    outcome,
    truth,
    since,
    till,
    startedAt,
    endedAt,
    types: typesOf(result),
    sample,
    openRanges: openRanges.length,
    truncated,
    accepted: differences.filter(({ accepted }) => accepted !== undefined).length,
  };
}

function typesOf({ types, differences }: Verification): readonly VerifiedType[] {
  const byType = new Map<string, Difference[]>();
  for (const difference of differences)
    byType.set(difference.type, [...(byType.get(difference.type) ?? []), difference]);
  const told = new Map(types.map((row) => [row.type, row]));
  return [...new Set([...told.keys(), ...byType.keys()])].sort().map((type) => {
    const row = told.get(type);
    return {
      type,
      source: row?.source,
      target: row?.target,
      equal: row?.equal ?? 0,
      unread: row?.unread ?? 0,
      recovered: row?.recovered ?? 0,
      changedLater: row?.changedLater ?? 0,
      ...classesOf(byType.get(type) ?? []),
    };
  });
}
