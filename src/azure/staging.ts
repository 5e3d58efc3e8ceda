import type { ContainerClient } from '@azure/storage-blob';
import { blobUrl, parseBlobAddress } from './blobAddress.ts';
import type { NdjsonLine } from './ndjsonLines.ts';
import { type ImportErrorFile, type RefusedLine, refusedLines } from './refusedLines.ts';
import { plainEtag } from './plainEtag.ts';
import { type DeletionsToStage, stageDeletions, type StagedDeletions } from './stageDeletions.ts';
import { type LinesToStage, type StagedLines, stageLines } from './stageLines.ts';
import { type SearchParameterSource, stagedSearchParameters } from './stagedSearchParameters.ts';
import { markedLines } from './markedLines.ts';
import { stagedLines } from './stagedLines.ts';
import { deidentificationEtag, type Deidentification, uploadDeidentification } from './uploadDeidentification.ts';
import { openStorage, type StorageAccess, type StorageOptions } from './storageClient.ts';
import { unrepeated } from './unrepeatedPages.ts';

/** The SDK reads a page at about 0.1 ms for each blob without a pause, so pages of the largest size (5,000) would be felt. */
const pageSize = 1_000;

export interface StagedFile {
  readonly url: string;
  /** Path inside the container, for example `20260504T101112-42/Patient-45-1.ndjson`. */
  readonly path: string;
  readonly bytes: number;
  readonly etag: string;
}

export interface ExportFolder {
  readonly folder: string;
  readonly jobId: string;
  /** Milliseconds since 1970 UTC, cut to the second. */
  readonly createdAt: number;
}

/** The staging container as the clients see it; a superset of the engine's port. */
export interface Staging {
  exportFolders(since: number, signal: AbortSignal): Promise<readonly ExportFolder[]>;
  files(folder: string, signal: AbortSignal): AsyncIterable<readonly StagedFile[]>;
  checkAddress(url: string): void;
  refusedLines(error: ImportErrorFile, signal: AbortSignal): AsyncIterable<RefusedLine>;
  stageLines(request: LinesToStage, signal: AbortSignal): Promise<StagedLines | undefined>;
  stageDeletions(request: DeletionsToStage, signal: AbortSignal): Promise<readonly StagedDeletions[]>;
  markedLines(
    files: readonly { readonly url: string }[],
    signal: AbortSignal,
  ): Promise<{ readonly lines: number; readonly marked: number }>;
  /** Uploads a configuration of de-identified exports and tells its version. */
  uploadDeidentification(text: string, signal: AbortSignal): Promise<Deidentification>;
  /** Version of a configuration that was uploaded; undefined when it is not there. */
  deidentificationEtag(config: string, signal: AbortSignal): Promise<string | undefined>;
  searchParameters(
    files: readonly { readonly type: string; readonly url: string; readonly count: number }[],
    signal: AbortSignal,
  ): Promise<readonly SearchParameterSource[]>;
  /** Lines of an exported file, blank ones left out. */
  lines(path: string, signal: AbortSignal): AsyncIterable<NdjsonLine>;
  /** Whether a container exists; default the staging container. */
  containerState(signal: AbortSignal, container?: string): Promise<'present' | 'absent'>;
  /** Creates a container unless it is there; default the staging container. */
  createContainer(signal: AbortSignal, container?: string): Promise<void>;
}

/** Opens the staging container. Throws `invalidInput` when the blob endpoint is not a plain https address. */
export function openStaging(options: StorageOptions & { readonly container: string }): Staging {
  const storage = openStorage(options);
  const containerClient = async (name = options.container): Promise<ContainerClient> =>
    (await storage.client()).getContainerClient(name);
  return {
    exportFolders: async (since, signal) => listFolders(storage, await containerClient(), since, signal),
    files: (folder, signal) => listFiles(storage, containerClient(), folder, signal),
    checkAddress: (url) => void parseBlobAddress(storage.account, url),
    refusedLines: (error, signal) => refusedLines(storage, error, signal),
    stageLines: (request, signal) => stageLines(storage, containerClient(), request, signal),
    stageDeletions: (request, signal) => stageDeletions(storage, containerClient(), request, signal),
    markedLines: (files, signal) => markedLines(storage, files, signal),
    uploadDeidentification: (text, signal) => uploadDeidentification(storage, text, signal),
    deidentificationEtag: (config, signal) => deidentificationEtag(storage, config, signal),
    searchParameters: (files, signal) => stagedSearchParameters(storage, files, signal),
    lines: (path, signal) => stagedLines(storage, containerClient(), path, signal),
    async containerState(signal, container) {
      try {
        return (await (await containerClient(container)).exists({ abortSignal: signal })) ? 'present' : 'absent';
      } catch (error) {
        throw await storage.failure(
          error,
          { request: 'HEAD /{container}', tried: 'Looking for the container' },
          signal,
        );
      }
    },
    async createContainer(signal, container) {
      try {
        await (await containerClient(container)).createIfNotExists({ abortSignal: signal });
      } catch (error) {
        throw await storage.failure(error, { request: 'PUT /{container}', tried: 'Creating the container' }, signal);
      }
    },
  };
}

const folderPattern = /^((\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-([A-Za-z0-9._-]{1,128}))\/$/;

/** Reads the name of an export folder, `<yyyyMMddTHHmmss>-<jobId>/` in UTC (fhir-server: ExportOrchestratorJob). */
export function readFolderName(prefix: string): ExportFolder | undefined {
  const [, folder, year, month, day, hour, minute, second, jobId] = folderPattern.exec(prefix) ?? [];
  if (folder === undefined || jobId === undefined) return undefined;
  const createdAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(createdAt) ? undefined : { folder, jobId, createdAt };
}

async function listFolders(
  storage: StorageAccess,
  container: ContainerClient,
  since: number,
  signal: AbortSignal,
): Promise<readonly ExportFolder[]> {
  const found: ExportFolder[] = [];
  try {
    const pages = container.listBlobsByHierarchy('/', { abortSignal: signal }).byPage({ maxPageSize: pageSize });
    for await (const page of unrepeated(storage, pages))
      for (const { name } of page.segment.blobPrefixes ?? []) {
        const folder = readFolderName(name);
        // The name holds whole seconds, so a folder may be up to a second younger than it says.
        if (folder !== undefined && folder.createdAt + 999 >= since) found.push(folder);
      }
  } catch (error) {
    const about = { request: 'GET /{container}?comp=list', tried: 'Listing the export folders' };
    const failure = await storage.failure(error, about, signal);
    // AHDS creates the container with the first export that goes there.
    if (failure.failure.kind === 'notFound') return [];
    throw failure;
  }
  return found;
}

async function* listFiles(
  storage: StorageAccess,
  containerClient: Promise<ContainerClient>,
  folder: string,
  signal: AbortSignal,
): AsyncGenerator<readonly StagedFile[], void> {
  try {
    const container = await containerClient;
    const pages = container
      .listBlobsFlat({ prefix: `${folder.replace(/\/+$/, '')}/`, abortSignal: signal })
      .byPage({ maxPageSize: pageSize });
    for await (const page of unrepeated(storage, pages))
      yield (
        page.segment.blobItems
          // Accounts with a hierarchical namespace list directories, too.
          .filter(({ name }) => name.endsWith('.ndjson'))
          .map(({ name, properties }) => ({
            url: blobUrl(storage.account, { container: container.containerName, path: name }),
            path: name,
            bytes: properties.contentLength ?? 0,
            etag: plainEtag(properties.etag),
          }))
      );
  } catch (error) {
    const about = { request: 'GET /{container}?comp=list', tried: 'Listing exported files' };
    throw await storage.failure(error, about, signal);
  }
}
