import { RestError } from '@azure/storage-blob';
import type { StoredVersion } from '../../contract.ts';
import type { FhirServiceContext } from '../../fhir/operations.ts';
import { inParallel } from '../inParallel.ts';
import { type Job, JobFailure } from '../job.ts';
import type { JobRun } from '../jobQueue.ts';
import { checkAnonymization } from './anonymization.ts';
import { compartmentFilter } from './compartment.ts';
import { deletions, type ExportedFile, type ExportFolder, WorkerFiles } from './exportFiles.ts';
import { anonymizedLine, deletionLine, exportLine } from './exportLine.ts';
import type { ExportDefinition } from './exportRequest.ts';
import { currentPages, type ExportSelection, snapshotRanges } from './exportWindow.ts';

/** Lines between two pauses. */
const linesAtOnce = 500;
/** Workers at a time on the parallel paths. */
const workersAtOnce = 4;
/** Physical partitions of a gen1 database. */
const partitions = 2;

/** The work of one export. */
export class ExportRun {
  readonly #context: FhirServiceContext;
  readonly #definition: ExportDefinition;
  readonly #job: Job;
  readonly #folder: ExportFolder;
  readonly #files: ExportedFile[] = [];
  #losesFile: boolean;

  constructor(context: FhirServiceContext, definition: ExportDefinition, job: Job, folder: ExportFolder) {
    this.#context = context;
    this.#definition = definition;
    this.#job = job;
    this.#folder = folder;
    this.#losesFile = job.fault?.kind === 'missingFile';
  }

  /** What was written so far. */
  get files(): readonly ExportedFile[] {
    return this.#files;
  }

  /** Writes all files. @throws JobFailure */
  async execute(run: JobRun): Promise<void> {
    try {
      await this.#folder.account.createContainer(this.#folder.container);
      if (this.#definition.anonymization !== undefined) {
        await checkAnonymization(this.#folder.account, this.#definition.anonymization);
      }
      const workers = this.#definition.parallel ? workersAtOnce : 1;
      await inParallel(this.#pages(), workers, (page) => this.#write(page, run));
      if (this.#job.fault?.kind === 'fail') throw new JobFailure(this.#job.fault.status, this.#job.fault.reason);
    } catch (error) {
      if (error instanceof RestError && !run.signal.aborted) throw storageFailure(error);
      throw error;
    }
  }

  /** One worker's page. A job that is to fail does so after its first page, which stays in storage. */
  async #write(versions: readonly StoredVersion[], run: JobRun): Promise<void> {
    const bundles = this.#context.spec().deletedBundles === true;
    const page = bundles ? versions.filter(({ deleted }) => !deleted) : versions;
    const deleted = bundles ? versions.filter((version) => version.deleted) : [];
    const line = this.#definition.anonymization === undefined ? exportLine : anonymizedLine;
    const worker = new WorkerFiles(this.#folder, this.#context.nextJobId());
    for (let start = 0; start < page.length;) {
      const type = page[start]?.type ?? '';
      let end = start + 1;
      while (end < page.length && end - start < linesAtOnce && page[end]?.type === type) end += 1;
      await run.pace(end - start);
      await worker.add(type, page.slice(start, end).map(line));
      start = end;
    }
    if (deleted.length > 0) await worker.add(deletions, deleted.map(deletionLine));
    const lost = this.#losesFile ? page[0]?.type : undefined;
    this.#losesFile = false;
    this.#files.push(...(await worker.commit(lost)));
    if (this.#job.fault?.kind === 'fail') throw new JobFailure(this.#job.fault.status, this.#job.fault.reason);
  }

  #pages(): Iterable<readonly StoredVersion[]> {
    const definition = this.#definition;
    const { store } = this.#context;
    const since = definition.since?.start ?? -Infinity;
    const isSnapshot = this.#isSnapshot();
    // The first instant that is no longer in the window.
    const end = isSnapshot
      ? (definition.till?.start ?? this.#job.createdAt)
      : (definition.till?.end ?? this.#job.createdAt + 1);
    const inWindow = ({ lastUpdated }: StoredVersion): boolean => lastUpdated >= since && lastUpdated < end;
    const base: ExportSelection = {
      types: definition.types ?? store.types(),
      since,
      end,
      history: definition.history,
      deleted: definition.deleted,
      maxCount: definition.maxCount,
      matches: compartmentFilter(store, definition, inWindow),
    };
    if (isSnapshot) return snapshotRanges(store, base);
    return chained(searchesOf(base, definition, this.#partitioned()), (search) => currentPages(store, search));
  }

  /** The snapshot view is that of AHDS on its parallel path only. */
  #isSnapshot(): boolean {
    const { parallel, filters } = this.#definition;
    return this.#context.spec().flavour !== 'azureApiForFhir' && parallel && filters.length === 0;
  }

  #partitioned(): boolean {
    const { scope, parallel, filters } = this.#definition;
    return scope === 'system' && parallel && filters.length === 0;
  }
}

/** Filtered types are searched one filter at a time, the others together; a parallel gen1 export by type and partition. */
function searchesOf(
  base: ExportSelection,
  definition: ExportDefinition,
  partitioned: boolean,
): readonly ExportSelection[] {
  if (partitioned) {
    return base.types.flatMap((type) =>
      Array.from({ length: partitions }, (_, partition) => ({
        ...base,
        types: [type],
        matches: (version: StoredVersion) => base.matches(version) && partitionOf(version.id) === partition,
      })),
    );
  }
  const filters = definition.filters.filter((filter) => base.types.includes(filter.type));
  const filtered = filters.map((filter) => ({
    ...base,
    types: [filter.type],
    matches: (version: StoredVersion) => base.matches(version) && filter.matches(version),
  }));
  const rest = base.types.filter((type) => !filters.some((filter) => filter.type === type));
  return [...filtered, { ...base, types: rest }];
}

function partitionOf(id: string): number {
  let hash = 0;
  for (let at = 0; at < id.length; at += 1) hash = (hash * 31 + id.charCodeAt(at)) | 0;
  return Math.abs(hash) % partitions;
}

function* chained<T, U>(items: readonly T[], each: (item: T) => Iterable<U>): Generator<U> {
  for (const item of items) yield* each(item);
}

/** What the services tell when the storage service refuses: its own status and words. */
function storageFailure(error: RestError): JobFailure {
  return new JobFailure(error.statusCode ?? 500, error.message);
}
