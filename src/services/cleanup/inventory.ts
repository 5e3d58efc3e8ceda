import { readFolderName } from '../../azure/staging.ts';
import type { ContainerFacts, StagedBlob, StagedBlobs } from '../../azure/stagedBlobs.ts';
import type { RememberedChange } from '../../compare/changes/remembered.ts';
import {
  cleanupItems,
  cleanupWarnings,
  type CleanupItem,
  type FoundContainer,
  type FoundFiles,
  isExportFolder,
} from '../../cutover/cleanupPlan.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { Leftovers } from '../../engine/run/leftovers.ts';
import { FailureError } from '../../failure/failure.ts';
import type { CleanupProgress } from './contract.ts';

/** The clocks of a service, of storage and of this machine may differ by this much. */
const clockMargin = 5 * 60_000;

export interface InventorySources {
  readonly overview: MigrationOverview;
  readonly driven: boolean;
  readonly leftovers: Leftovers;
  /** Every other migration that is known here. */
  readonly others: readonly MigrationOverview[];
  readonly blobs: StagedBlobs;
  /** Changes for the two services that still hold, and containers that were made for them. */
  readonly changes: readonly RememberedChange[];
  readonly madeContainers: ReadonlySet<string>;
  readonly now: number;
}

/** What a clean-up can be made of: items as they are shown, and the files behind each. */
export interface Inventory {
  readonly items: readonly CleanupItem[];
  readonly files: ReadonlyMap<string, readonly StagedBlob[]>;
  readonly warnings: readonly string[];
}

/** Looks for everything that a migration made in its staging account. */
export async function takeInventory(
  sources: InventorySources,
  signal: AbortSignal,
  progress: CleanupProgress,
): Promise<Inventory> {
  const { overview, blobs, leftovers } = sources;
  const { container } = overview.staging;
  const { errorContainer } = overview.plan.options;
  const staging = await blobs.container(container, signal);
  const folders = foldersOf(sources, staging?.roots ?? []);
  const files = new Map<string, readonly StagedBlob[]>();
  for (const [index, folder] of folders.entries()) {
    progress(`${container}/${folder}`, index, folders.length);
    files.set(folder, await collect(blobs.list(container, `${folder}/`, signal)));
  }
  const inRetries = await collect(blobs.list(container, 'retries/', signal));
  const written = new Map(placesOf(blobs, leftovers.retried, container).map(({ path, etag }) => [path, etag]));
  // What lies below its own id is a migration's, also what it staged right before it was killed.
  const retried = inRetries.filter(
    ({ path, etag }) => path.startsWith(`retries/${overview.id}/`) || written.get(path) === etag,
  );
  const wanted = new Set(
    placesOf(
      blobs,
      leftovers.errorFiles.map((url) => ({ url, etag: '' })),
      errorContainer,
    ).map(({ path }) => path),
  );
  const inErrors = wanted.size === 0 ? [] : await collect(blobs.list(errorContainer, '', signal));
  const errors = inErrors.filter(({ path }) => wanted.has(path));
  const mine = new Set([
    ...folders.map((folder) => `${folder}/`),
    ...(retried.length === inRetries.length ? ['retries/'] : []),
  ]);
  const containers = [
    ...(staging === undefined ? [] : [foundContainer(sources, container, staging, (root) => mine.has(root))]),
    ...(await errorContainerOf(sources, wanted, signal)),
  ];
  const found = cleanupItems({
    overview,
    driven: sources.driven,
    folders: folders.map((folder) => summary(container, folder, files.get(folder) ?? [])),
    retried: [summary(container, 'retries', retried)],
    errorFiles: [summary(errorContainer, 'errors', errors)],
    containers,
    changes: sources.changes,
  });
  return {
    items: found,
    files: new Map([
      ...folders.map((folder) => [`exportFolder:${container}/${folder}`, files.get(folder) ?? []] as const),
      [`retriedLines:${container}/retries`, retried],
      [`errorFiles:${errorContainer}/errors`, errors],
    ]),
    warnings: [
      ...cleanupWarnings({ overview, containers }, overview.verification.runs.at(-1)?.outcome === 'equal'),
      ...(leftovers.unreadable === 0
        ? []
        : [`${leftovers.unreadable} documents beside the journal cannot be read: error files that they name stay.`]),
    ],
  };
}

/** Folders of its windows, and of exports that ended otherwise and are known by their job alone. */
function foldersOf(
  { overview, leftovers, others, now }: InventorySources,
  roots: readonly string[],
): readonly string[] {
  const foreign = new Set(others.flatMap((other) => (sameStaging(other, overview) ? other.staging.folders : [])));
  const jobs = new Set(leftovers.exportJobs);
  const byJob = roots.flatMap((root) => {
    const folder = readFolderName(root);
    const isOfNow =
      folder !== undefined &&
      folder.createdAt >= overview.createdAt - clockMargin &&
      folder.createdAt <= now + clockMargin;
    return isOfNow && jobs.has(folder.jobId) ? [folder.folder] : [];
  });
  return [...new Set([...overview.staging.folders, ...byJob])]
    .filter((folder) => isExportFolder(folder) && !foreign.has(folder))
    .sort();
}

const sameStaging = (a: MigrationOverview, b: MigrationOverview): boolean =>
  a.staging.account === b.staging.account && a.staging.container === b.staging.container;

async function errorContainerOf(
  sources: InventorySources,
  mine: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly FoundContainer[]> {
  const { overview, blobs } = sources;
  const { errorContainer } = overview.plan.options;
  if (errorContainer === overview.staging.container) return [];
  const facts = await blobs.container(errorContainer, signal);
  return facts === undefined ? [] : [foundContainer(sources, errorContainer, facts, (root) => mine.has(root))];
}

function foundContainer(
  { others, overview, madeContainers }: InventorySources,
  name: string,
  facts: ContainerFacts,
  isMine: (root: string) => boolean,
): FoundContainer {
  const usedBy = others
    .filter((other) => other.phase !== 'complete' && other.phase !== 'cancelled')
    .filter((other) => other.staging.account === overview.staging.account)
    .filter((other) => other.staging.container === name || other.plan.options.errorContainer === name)
    .map((other) => other.name);
  return {
    name,
    changedAt: facts.changedAt,
    kept: facts.kept,
    madeHere: madeContainers.has(name),
    foreign: facts.roots.filter((root) => !isMine(root)).length,
    usedBy,
  };
}

/** Addresses that lie in a container; others are not ours to use. */
function placesOf(
  blobs: StagedBlobs,
  named: readonly { readonly url: string; readonly etag: string }[],
  container: string,
): readonly { readonly path: string; readonly etag: string }[] {
  return named.flatMap(({ url, etag }) => {
    try {
      const place = blobs.place(url);
      return place.container === container ? [{ path: place.path, etag }] : [];
    } catch (error) {
      if (FailureError.is(error, 'unexpectedAnswer')) return [];
      throw error;
    }
  });
}

function summary(container: string, name: string, blobs: readonly StagedBlob[]): FoundFiles {
  return {
    container,
    name,
    files: blobs.length,
    bytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
    leased: blobs.filter(({ leased }) => leased).length,
    immutable: blobs.filter(({ immutable }) => immutable).length,
  };
}

async function collect(pages: AsyncIterable<readonly StagedBlob[]>): Promise<readonly StagedBlob[]> {
  const all: StagedBlob[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
