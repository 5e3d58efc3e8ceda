/** A resource as a listing shows it. */
export interface ListedResource {
  readonly id: string;
  readonly versionId: string | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly lastUpdated: number | undefined;
  /** Digest of the content, where it was read. */
  readonly digest: string | undefined;
}

/** What one service answers when it is asked for one resource. */
export type ResourceReading =
  | ({ readonly state: 'present' } & Omit<ListedResource, 'id'>)
  /** `at`: when it was deleted, milliseconds since 1970 UTC, where the service tells. */
  | { readonly state: 'deleted'; readonly at: number | undefined }
  /** Never there, or removed with all its versions. */
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable' };

export const differenceClasses = ['differs', 'missingOnTarget', 'extraOnTarget', 'unreadable'] as const;
export type DifferenceClass = (typeof differenceClasses)[number];

/**
 * Why a resource is not equal.
 * - `content`: same version, other content; `version`: same content, other version or date
 * - `changedOnTarget`: the target's version is newer; `staleOnTarget`: the source's is
 * - `neverThere`, `deletedOnTarget`: of a missing one; `notOnSource` (hard-deleted, or written on the target alone) and
 *   `deletedOnSource` (soft-deleted): of an extra one; `writtenOnTarget`: of one that the target wrote itself since the
 *   migration began, which nothing exported
 * - `history`: the current versions are equal, and one side holds an older version that the other does not
 * - `refused`: one of the services did not give it
 */
export type DifferenceReason =
  | 'content'
  | 'version'
  | 'changedOnTarget'
  | 'staleOnTarget'
  | 'neverThere'
  | 'deletedOnTarget'
  | 'notOnSource'
  | 'deletedOnSource'
  | 'writtenOnTarget'
  | 'history'
  | 'refused';

/** A resource that is not equal on both services. Ids live in memory and on the screen only: never logged or stored. */
export interface Difference {
  readonly class: DifferenceClass;
  readonly reason: DifferenceReason;
  readonly type: string;
  readonly id: string;
  readonly sourceVersion: string | undefined;
  readonly targetVersion: string | undefined;
}

/** What a comparison looks at. */
export interface Comparing {
  readonly content: boolean;
  /** Search parameters are written to the target, not imported: they keep neither version nor date. */
  readonly versions: boolean;
  /** Exclusive end of what is compared, milliseconds since 1970 UTC: later changes of the source are no difference. */
  readonly till: number | undefined;
  /**
   * From when on the target can have written an extra resource itself, milliseconds since 1970 UTC by its clock; absent:
   * there is no migration that tells.
   */
  readonly began?: number | undefined;
}

/** Whether two listed resources of the same id are equal as far as they are compared. */
export function isSame(
  source: Omit<ListedResource, 'id'>,
  target: Omit<ListedResource, 'id'>,
  comparing: Comparing,
): boolean {
  if (comparing.content && source.digest !== target.digest) return false;
  if (!comparing.versions) return true;
  return source.versionId === target.versionId && source.lastUpdated === target.lastUpdated;
}

/** Whether an import of the current version makes it equal: a history is moved by its whole window. */
export const isImportable = ({ class: kind, reason }: Pick<Difference, 'class' | 'reason'>): boolean =>
  (kind === 'missingOnTarget' || kind === 'differs') && reason !== 'history';

/** Whether the target itself changed it: somebody has to choose whose version stays. */
export const isConflict = (reason: DifferenceReason): boolean =>
  reason === 'changedOnTarget' || reason === 'deletedOnTarget' || reason === 'writtenOnTarget';
