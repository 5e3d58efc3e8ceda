import {
  type Comparing,
  type Difference,
  type DifferenceReason,
  isSame,
  type ListedResource,
  type ResourceReading,
} from './differences.ts';

/** `changedLater`: the source changed it after the end of what is compared, so that the target cannot have it yet. */
export type Classified = Difference | 'equal' | 'changedLater';

/** Judges a resource by what both services answer when asked for it alone. */
export function classify(
  resource: { readonly type: string; readonly id: string },
  source: ResourceReading,
  target: ResourceReading,
  comparing: Comparing,
): Classified {
  const found = (difference: Difference['class'], reason: DifferenceReason): Difference => ({
    ...resource,
    class: difference,
    reason,
    sourceVersion: source.state === 'present' ? source.versionId : undefined,
    targetVersion: target.state === 'present' ? target.versionId : undefined,
  });
  if (source.state === 'unreadable' || target.state === 'unreadable') return found('unreadable', 'refused');
  if (source.state === 'present') {
    if (target.state === 'present') {
      if (isSame(source, target, comparing)) return 'equal';
      if (isLater(source.lastUpdated, comparing)) return 'changedLater';
      return found('differs', reasonOf(source, target, comparing));
    }
    if (isLater(source.lastUpdated, comparing)) return 'changedLater';
    return found('missingOnTarget', target.state === 'deleted' ? 'deletedOnTarget' : 'neverThere');
  }
  if (target.state !== 'present') return 'equal';
  const wrote = isWritten(target.lastUpdated, comparing);
  if (source.state === 'absent') return found('extraOnTarget', wrote ? 'writtenOnTarget' : 'notOnSource');
  if (isLater(source.at, comparing)) return 'changedLater';
  const isAfter = wrote && source.at !== undefined && (target.lastUpdated ?? 0) > source.at;
  return found('extraOnTarget', isAfter ? 'writtenOnTarget' : 'deletedOnSource');
}

const isLater = (at: number | undefined, { till }: Comparing): boolean =>
  at !== undefined && till !== undefined && at >= till;

const isWritten = (at: number | undefined, { began }: Comparing): boolean =>
  at !== undefined && began !== undefined && at >= began;

function reasonOf(source: ListedState, target: ListedState, comparing: Comparing): DifferenceReason {
  const sameVersion = source.versionId === target.versionId && source.lastUpdated === target.lastUpdated;
  if (sameVersion || !comparing.versions) return 'content';
  if (comparing.content && source.digest === target.digest) return 'version';
  if (source.lastUpdated === undefined || target.lastUpdated === undefined) return 'version';
  if (source.lastUpdated === target.lastUpdated) return 'version';
  return target.lastUpdated > source.lastUpdated ? 'changedOnTarget' : 'staleOnTarget';
}

type ListedState = Omit<ListedResource, 'id'>;
