import type { RememberedChange } from '../compare/changes/remembered.ts';
import type { MigrationOverview } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';

/*
 * What a clean-up offers: exactly what a migration made, never the source, its account or anything of somebody else.
 * Pure: what lies in the staging account is given.
 */

/** Files of one kind in one place. */
export interface FoundFiles {
  readonly container: string;
  /** Folder, or what else brings them together. */
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly leased: number;
  readonly immutable: number;
}

export type CleanupKind = 'exportFolder' | 'retriedLines' | 'errorFiles' | 'container' | 'change';

/** One thing that can be taken away. */
export interface CleanupItem {
  readonly id: string;
  readonly kind: CleanupKind;
  readonly title: string;
  readonly container: string | undefined;
  readonly files: number;
  readonly bytes: number;
  /** Files that cannot be deleted now: somebody holds a lease, or a policy keeps them. They are tried all the same. */
  readonly leased: number;
  readonly immutable: number;
  /** Why it is not offered; undefined: it is. */
  readonly blocked: string | undefined;
}

/** A container that the migration used, as it is. */
export interface FoundContainer {
  readonly name: string;
  readonly changedAt: Instant;
  /** A legal hold or an immutability policy is on it. */
  readonly kept: boolean;
  /** Remembered as made by the preparation of these services. */
  readonly madeHere: boolean;
  /** First parts of the paths in it that are not the migration's. */
  readonly foreign: number;
  /** Names of other migrations that are not over and use it. */
  readonly usedBy: readonly string[];
}

export interface CleanupFacts {
  readonly overview: Pick<MigrationOverview, 'phase' | 'createdAt' | 'blind'>;
  /** Somebody drives the migration now. */
  readonly driven: boolean;
  readonly folders: readonly FoundFiles[];
  readonly retried: readonly FoundFiles[];
  readonly errorFiles: readonly FoundFiles[];
  readonly containers: readonly FoundContainer[];
  /** Changes at Azure for these two services that still hold. */
  readonly changes: readonly RememberedChange[];
}

/** Everything that the migration made, with the reason where something of it cannot be taken away. */
export function cleanupItems(facts: CleanupFacts): readonly CleanupItem[] {
  const needed = neededStill(facts);
  const filesOf = (kind: CleanupKind, title: (found: FoundFiles) => string) => (found: FoundFiles) => ({
    id: `${kind}:${found.container}/${found.name}`,
    kind,
    title: title(found),
    container: found.container,
    files: found.files,
    bytes: found.bytes,
    leased: found.leased,
    immutable: found.immutable,
    blocked: needed,
  });
  return [
    ...facts.folders.map(filesOf('exportFolder', ({ container, name }) => `${container}/${name}`)),
    ...facts.retried.map(filesOf('retriedLines', ({ container, name }) => `${container}/${name} (lines staged again)`)),
    ...facts.errorFiles.map(filesOf('errorFiles', ({ container }) => `Error files of imports in ${container}`)),
    ...facts.containers.map((container) => containerItem(container, facts.overview.createdAt, needed)),
    ...facts.changes.filter(isForMigration).map((record) => changeItem(record, needed)),
  ].filter((item) => item.kind === 'container' || item.kind === 'change' || item.files > 0);
}

/** Why nothing may be taken away yet. */
function neededStill({ overview, driven }: CleanupFacts): string | undefined {
  if (driven) return 'The migration is running.';
  return overview.phase === 'complete' || overview.phase === 'cancelled'
    ? undefined
    : 'The migration is not over: finish or cancel it first.';
}

function containerItem(found: FoundContainer, createdAt: Instant, needed: string | undefined): CleanupItem {
  return {
    id: `container:${found.name}`,
    kind: 'container',
    title: `Container ${found.name}`,
    container: found.name,
    files: 0,
    bytes: 0,
    leased: 0,
    immutable: 0,
    blocked: needed ?? containerStays(found, createdAt),
  };
}

/** A container goes only when it was made for the migration, or since it began, and holds nothing of anybody else. */
function containerStays(
  { changedAt, madeHere, foreign, usedBy }: FoundContainer,
  createdAt: Instant,
): string | undefined {
  if (usedBy.length > 0) return `Other migrations use it: ${usedBy.join(', ')}.`;
  if (foreign > 0) return `It holds ${foreign} other files or folders.`;
  // The storage service tells whole seconds, cut.
  return madeHere || changedAt + 999 >= createdAt ? undefined : 'It was there before the migration.';
}

/** Settings and roles that the preparation made. What was carried over to the target belongs to it from now on. */
const isForMigration = ({ change }: RememberedChange): boolean =>
  /^(?:source|target|you|staging|network)\./.test(change.id);

const changeItem = ({ id, change }: RememberedChange, needed: string | undefined): CleanupItem => ({
  id: `change:${id}`,
  kind: 'change',
  title: change.title,
  container: undefined,
  files: 0,
  bytes: 0,
  leased: 0,
  immutable: 0,
  blocked: needed,
});

/** What is to be known before anything is taken away. */
export function cleanupWarnings(
  { overview, containers }: Pick<CleanupFacts, 'overview' | 'containers'>,
  verified: boolean,
): readonly string[] {
  return [
    ...(verified ? [] : ['No verification of the whole found both services equal.']),
    ...(overview.blind
      ? ['The source does not answer: without its exported files nothing can be verified against it any more.']
      : []),
    ...containers
      .filter(({ kept }) => kept)
      .map(
        ({ name }) =>
          `A legal hold or an immutability policy is on the container ${name}: what it keeps is reported, and stays for the next time.`,
      ),
  ];
}

const folderPattern = /^\d{8}T\d{6}-[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]{0,127}$/;

/**
 * True for the name of a folder that an export makes. A journal can be written by others: what is not of this form is
 * never deleted.
 */
export const isExportFolder = (name: string): boolean => folderPattern.test(name);
