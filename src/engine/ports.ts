import type { Failure } from '../failure/failure.ts';
import type { HostFact } from './events.ts';
import type { AttachmentName, MigrationId, OperationId } from './ids.ts';
import type { SettingsChange } from './sync/settings.ts';

/*
 * Everything that the engine knows of the outside. Hosts (the extension, the command line) differ only in what they
 * pass in here. All instants are milliseconds since 1970 UTC; all methods throw FailureError and nothing else, and
 * `FailureError` of kind `cancelled` when the signal was aborted.
 */

export type Instant = number;

/** What a request for an export says; both bounds as the server's own clock counts. */
export interface ExportRequest {
  /** Absent: from the beginning. Inclusive. */
  readonly since?: Instant;
  /** Exclusive on AHDS (parallel), inclusive on Azure API for FHIR. */
  readonly till: Instant;
  readonly types?: readonly string[];
  readonly container: string;
  readonly history: boolean;
  readonly softDeleted: boolean;
  readonly parallel: boolean;
  readonly maxCount?: number;
  readonly typeFilters?: readonly string[];
  /** Blob of the container `anonymization`, and its version. */
  readonly deidentified?: { readonly config: string; readonly etag: string };
}

export interface AcceptedOperation {
  /** Absolute status address, already checked to be on the service's own origin. */
  readonly statusUrl: string;
  /** The server's id of the job: the last segment of the address. */
  readonly jobId: string;
  /** The server's clock when it answered (its Date header), if it sent one. */
  readonly serverTime?: Instant;
}

export interface ManifestFile {
  readonly type: string;
  readonly url: string;
  readonly count: number;
}

export interface ExportManifest {
  readonly transactionTime: Instant;
  /** The export's full original request address. */
  readonly request: string;
  readonly output: readonly ManifestFile[];
  readonly errors: readonly ManifestFile[];
  /** Files of bundles that tell what was deleted since the beginning of the window; absent: none. */
  readonly deleted?: readonly ManifestFile[];
}

export type ExportStatus =
  | { readonly state: 'running'; readonly retryAfterMs?: number }
  | { readonly state: 'completed'; readonly manifest: ExportManifest }
  /** The job itself failed; the failure carries the server's status and reason. */
  | { readonly state: 'failed'; readonly failure: Failure }
  /** 404: cancelled by somebody, or forgotten. */
  | { readonly state: 'gone'; readonly failure: Failure };

export interface ImportFile {
  readonly type: string;
  readonly url: string;
  /** ETag of the blob as storage gives it, without quotes; absent: the target takes the file as it finds it. */
  readonly etag?: string | undefined;
}

export interface ImportRequest {
  readonly files: readonly ImportFile[];
  readonly errorContainer: string;
  readonly allowNegativeVersions: boolean;
  /** Part of the definition that the server hashes: changing it makes a new job of the same files. */
  readonly processingUnitBytesToRead?: number;
}

export interface ImportOutput {
  readonly inputUrl: string;
  readonly type: string | null;
  readonly count: number;
}

export interface ImportErrorOutput extends ImportOutput {
  /** Address of the error file in the staging account. */
  readonly url: string;
}

export interface ImportResult {
  readonly output: readonly ImportOutput[];
  readonly error: readonly ImportErrorOutput[];
}

export type ImportStatus =
  | { readonly state: 'running'; readonly retryAfterMs?: number; readonly partial?: ImportResult }
  | { readonly state: 'completed'; readonly result: ImportResult }
  | { readonly state: 'failed'; readonly failure: Failure }
  | { readonly state: 'gone'; readonly failure: Failure };

/** Which versions a count counts. `current`: what a search sees; `versions`: history with tombstones. */
export type CountOf = 'current' | 'versions';

export interface CountQuery {
  readonly of: CountOf;
  readonly type?: string;
  /** Inclusive. */
  readonly since?: Instant;
  /** Exclusive. */
  readonly till?: Instant;
  /** A count that fails is not asked for again: the caller asks in another way. */
  readonly once?: true;
}

/** What one answer of a service told of its load. */
export interface LoadSample {
  readonly at: Instant;
  /** Method and path template. */
  readonly request: string;
  readonly ms: number;
  /** Refused for the number of requests (429). */
  readonly throttled: boolean;
  /** What the service asks to wait. */
  readonly retryAfterMs?: number;
  /** Request units (`x-ms-request-charge` of Azure API for FHIR). */
  readonly charge?: number;
}

/** What both services can be asked. A count that fails throws: it is unknown, never zero. */
export interface CountingPort {
  count(query: CountQuery, signal: AbortSignal): Promise<number>;
  /** Current resources of many types in one request; a type that could not be counted is left out. */
  countTypes(
    types: readonly string[],
    range: { readonly since?: Instant; readonly till?: Instant },
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number>>;
  /** The server's clock, from the Date header of its `/metadata` answer, which every state of every kind gives. */
  serverTime(signal: AbortSignal): Promise<Instant>;
  /** Calls back after every answer; returns the way to stop. Absent: nothing is known of the load. */
  watchLoad?(listener: (sample: LoadSample) => void): () => void;
}

export interface SourcePort extends CountingPort {
  /** `meta.lastUpdated` of the first resource or version; undefined when the service is empty. */
  earliest(of: CountOf, signal: AbortSignal): Promise<Instant | undefined>;
  /** `meta.lastUpdated` of what was written last, of these types or of all; undefined when there is nothing. */
  newest(of: CountOf, types: readonly string[] | undefined, signal: AbortSignal): Promise<Instant | undefined>;
  /** Types that the service can hold, from its capability statement, which every state of every kind gives. */
  resourceTypes(signal: AbortSignal): Promise<readonly string[]>;
  startExport(request: ExportRequest, signal: AbortSignal): Promise<AcceptedOperation>;
  exportStatus(statusUrl: string, signal: AbortSignal): Promise<ExportStatus>;
  /** Resolves also when the job is already gone. */
  cancelExport(statusUrl: string, signal: AbortSignal): Promise<void>;
  /** Status address of a job known only by its id (a lost export found by its folder). */
  exportStatusUrl(jobId: string): string;
  /** Custom search parameters, all pages, as raw resources. */
  searchParameters(signal: AbortSignal): Promise<readonly SearchParameterSource[]>;
}

/** A custom search parameter: its identity for the journal, its resource for the target. */
export interface SearchParameterSource {
  readonly url: string;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface SearchParameterCopy {
  readonly url: string;
  readonly outcome: 'created' | 'alreadyThere' | 'failed';
  readonly failure?: Failure;
}

/** A version as the target holds it, for judging a refused line. */
export interface HeldVersion {
  readonly versionId: string;
  readonly lastUpdated: Instant;
  readonly deleted: boolean;
}

export interface TargetPort extends CountingPort {
  startImport(request: ImportRequest, signal: AbortSignal): Promise<AcceptedOperation>;
  importStatus(statusUrl: string, signal: AbortSignal): Promise<ImportStatus>;
  cancelImport(statusUrl: string, signal: AbortSignal): Promise<void>;
  /** Every version that the target holds of a resource, newest first; empty when it never existed. */
  heldVersions(type: string, id: string, signal: AbortSignal): Promise<readonly HeldVersion[]>;
  copySearchParameters(
    parameters: readonly SearchParameterSource[],
    signal: AbortSignal,
  ): Promise<readonly SearchParameterCopy[]>;
}

export interface StagedFile {
  readonly url: string;
  /** Path inside the container, for example `20260504T101112-42/Patient-45-1.ndjson`. */
  readonly path: string;
  readonly bytes: number;
  readonly etag: string;
}

/** A line of an import's input as the server counts it. */
export interface LinePlace {
  /** First byte of its work unit. */
  readonly offset: number;
  /** Number in its work unit, from 1. */
  readonly line: number;
}

/** Lines of staged files that are to be staged once more, by themselves. */
export interface LinesToStage {
  readonly inputs: readonly { readonly url: string; readonly places: readonly LinePlace[] }[];
  /** Path of the new file inside the container. */
  readonly path: string;
}

/** A file of lines that were staged once more. */
export interface StagedLines {
  readonly url: string;
  readonly etag: string;
  readonly bytes: number;
  /** May be fewer than asked for: what can no longer be read, or is too much for one file, is left out. */
  readonly lines: number;
}

/** One refused line of an import, read from its error file and its input. Ids live in memory only, never in the journal. */
export interface RefusedLine {
  /** `future`: its date lies ahead of the target's clock. */
  readonly reason: 'duplicate' | 'conflict' | 'invalid' | 'tooLarge' | 'searchParameter' | 'future' | 'unknown';
  readonly type: string | null;
  readonly id?: string;
  /** Where it stands in its input file, when it was found there. */
  readonly place?: LinePlace;
  /** Of the line itself, when it could be found in the input file. */
  readonly versionId?: string;
  readonly lastUpdated?: Instant;
}

export interface StagingPort {
  /** Folders of the container whose name is `<yyyyMMddTHHmmss>-<jobId>`, created at or after an instant. */
  exportFolders(
    since: Instant,
    signal: AbortSignal,
  ): Promise<readonly { readonly folder: string; readonly jobId: string; readonly createdAt: Instant }[]>;
  /** Files of one export folder with size and ETag, page by page. */
  files(folder: string, signal: AbortSignal): AsyncIterable<readonly StagedFile[]>;
  /** Throws `unexpectedAnswer` unless the address is a plain file address inside the staging account. */
  checkAddress(url: string): void;
  /** Refused lines of one error file with what could be learned of them from the input; bounded, ends with `truncated`. */
  refusedLines(error: ImportErrorOutput, signal: AbortSignal): AsyncIterable<RefusedLine>;
  /** Looks at the first lines of files: how many resources they hold, and how many of these bear a de-identification label. */
  markedLines(
    files: readonly ManifestFile[],
    signal: AbortSignal,
  ): Promise<{ readonly lines: number; readonly marked: number }>;
  /** Writes lines of staged files, as they are, to a new file; undefined when none of them could be read. */
  stageLines(request: LinesToStage, signal: AbortSignal): Promise<StagedLines | undefined>;
  /**
   * Writes deletions that an export tells as bundles as files of tombstones, which an import takes, into a folder of the
   * container. `at`: the date of the tombstones.
   */
  stageDeletions(
    request: { readonly files: readonly ManifestFile[]; readonly folder: string; readonly at: Instant },
    signal: AbortSignal,
  ): Promise<readonly ManifestFile[]>;
  /** SearchParameter resources in exported files: the only way to them on a deprecated source. */
  searchParameters(files: readonly ManifestFile[], signal: AbortSignal): Promise<readonly SearchParameterSource[]>;
}

/** Time as the engine sees it; tests and benchmarks pass a virtual one. */
export interface Clock {
  now(): Instant;
  /** Resolves after the time, or early, without error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Structured log that never throws. Fields never hold resource content, resource ids, search values or tokens. */
export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Seed of everything random (jitter, ids): numbers in [0, 1). */
export type Random = () => number;

/** Who drives a migration now. */
export interface Driver {
  /** Random id of the process, never a user or machine name. */
  readonly id: string;
  /** Rises with every change of driver; an append with an older number is refused. */
  readonly fence: number;
  readonly expiresAt: Instant;
}

/** What others ask of the driver; written beside the journal, because only the driver writes the journal. */
export type ControlRequest = 'pause' | 'resume' | 'cancel' | 'retry' | 'catchUp' | 'keepSyncing';

/** Asks for the last window: nothing writes to the source since `frozenAt`. */
export interface FinishRequest {
  readonly kind: 'finish';
  readonly frozenAt: Instant;
}

/** Changes limits, calendar and the like of a migration that runs. */
export interface ChangeRequest {
  readonly kind: 'change';
  readonly settings: SettingsChange;
}

/** Stops until somebody resumes: cancels these running operations on their services and leaves the others running. */
export interface StopRequest {
  readonly kind: 'stop';
  readonly cancel: readonly OperationId[];
}

/** Tells the driver what somebody found out or decided beside the run, to be journalled. */
export interface TellRequest {
  readonly kind: 'tell';
  readonly fact: HostFact;
}

/** Everything that is left beside a journal for its driver. */
export type DriverRequest = ControlRequest | FinishRequest | StopRequest | ChangeRequest | TellRequest;

/** A stored record, opaque to the store: JSON text of one line without line break. */
export interface StoredRecord {
  readonly sequence: number;
  readonly text: string;
}

export interface JournalContents {
  /** State snapshot as JSON text, and the sequence of the last record that it contains. */
  readonly snapshot?: { readonly sequence: number; readonly text: string };
  /** Records after the snapshot, in order. */
  readonly records: readonly StoredRecord[];
  /** True when a torn last record was dropped. */
  readonly torn: boolean;
  /** The records after those given are damaged: the journal can be looked at, and nobody can drive it. */
  readonly damage?: Failure;
  /** It was moved there: nobody can drive it here any more. */
  readonly movedTo?: JournalPlace;
}

/** Where a journal lies: in a folder of this machine, or in the staging account for all who may read it. */
export type JournalPlace = 'file' | 'staging';

/**
 * The journal of one migration in some place (folder or blobs). Throws FailureError of kind `journal` when it is
 * foreign, newer than this program, held by another driver, or damaged so that it cannot even be read in part, and
 * `diskFull` when nothing can be written.
 */
export interface JournalStore {
  readonly migration: MigrationId;
  readonly place: JournalPlace;
  read(): Promise<JournalContents>;
  /** Becomes the driver, or throws `journal` naming the present one and when its lease ends. */
  acquire(driverId: string): Promise<Driver>;
  renew(driver: Driver): Promise<Driver>;
  release(driver: Driver): Promise<void>;
  driver(): Promise<Driver | undefined>;
  /** Durable when resolved. Refused when the driver was superseded or the journal is longer than `afterSequence`. */
  append(driver: Driver, afterSequence: number, texts: readonly string[]): Promise<number>;
  /** True for its driver when the records since the last snapshot have outgrown it: time for another one. */
  isLong(): boolean;
  /** Starts a new segment with a snapshot of the state at `sequence`. */
  snapshot(driver: Driver, sequence: number, text: string): Promise<void>;
  attach(driver: Driver, name: AttachmentName, text: string): Promise<void>;
  readAttachment(name: AttachmentName): Promise<string>;
  request(request: DriverRequest): Promise<void>;
  /** Takes and removes what was asked since the last call. */
  takeRequests(driver: Driver): Promise<readonly DriverRequest[]>;
  /** Says where the journal is from now on; its driver calls it last. */
  markMoved(driver: Driver, to: JournalPlace): Promise<void>;
  /** Names of the documents beside the journal. */
  documents(): Promise<readonly AttachmentName[]>;
  /** Calls back after records, requests or drivers changed by anybody; returns the way to stop. */
  watch(changed: () => void): () => void;
}
