import type { BlobDownloadResponseParsed, ContainerClient } from '@azure/storage-blob';
import { isRestError } from '@azure/core-rest-pipeline';
import { collect } from './blobBytes.ts';
import { openStorage, type StorageAccess, type StorageOptions } from './storageClient.ts';
import { unrepeated } from './unrepeatedPages.ts';

/** A container of its own, so that a role for it gives no right to exported data. */
export const journalContainer = 'fhir-migration-journals';

const pageSize = 1_000;
/** Journals are rotated long before: whatever is larger was made by somebody else. */
const maxBytes = 256 * 1_048_576;
const never = new AbortController().signal;

type Over = 'anything' | 'nothing' | { readonly etag: string };

/** The blobs of the container for journals; a superset of the engine's port of the same name. */
export interface JournalBlobs {
  readonly account: string;
  folders(): Promise<readonly string[]>;
  list(prefix: string): Promise<readonly { readonly name: string; readonly bytes: number; readonly etag: string }[]>;
  read(
    name: string,
    from: number,
  ): Promise<{ readonly bytes: Buffer; readonly etag: string; readonly ageMs: number } | undefined>;
  create(name: string): Promise<boolean>;
  append(name: string, at: number, bytes: Buffer): Promise<boolean>;
  write(name: string, bytes: Buffer, over: Over): Promise<string | undefined>;
  remove(name: string): Promise<void>;
}

/** Opens the container for journals of a staging account. Throws `invalidInput` for an endpoint that is not one. */
export function openJournalBlobs(options: StorageOptions): JournalBlobs {
  const storage = openStorage(options);
  const container = async (): Promise<ContainerClient> => (await storage.client()).getContainerClient(journalContainer);
  const told = (tried: string, work: (container: ContainerClient) => Promise<boolean>): Promise<boolean> =>
    attempt(storage, tried, async () => work(await container()));
  return {
    account: storage.account.name,
    folders: () => attempt(storage, 'Listing the journals', async () => listFolders(storage, await container())),
    list: (prefix) => attempt(storage, 'Listing a journal', async () => listBlobs(storage, await container(), prefix)),
    read: (name, from) => attempt(storage, 'Reading a journal', async () => readFrom(await container(), name, from)),
    create: (name) => told('Creating a journal', (client) => createBlob(client, name)),
    append: (name, at, bytes) =>
      told('Writing to a journal', async (client) => {
        const conditions = { conditions: { appendPosition: at } };
        const append = client.getAppendBlobClient(name).appendBlock(bytes, bytes.length, conditions);
        return (await unlessRefused(append)) !== undefined;
      }),
    write: (name, bytes, over) =>
      attempt(storage, 'Writing beside a journal', async () => {
        const conditions =
          over === 'anything' ? {} : over === 'nothing' ? { ifNoneMatch: '*' } : { ifMatch: over.etag };
        const blob = (await container()).getBlockBlobClient(name);
        return (await unlessRefused(blob.upload(bytes, bytes.length, { conditions })))?.etag;
      }),
    remove: (name) =>
      attempt(storage, 'Removing a part of a journal', async () => {
        await (await container()).getBlobClient(name).deleteIfExists();
      }),
  };
}

async function attempt<T>(storage: StorageAccess, tried: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw await storage.failure(error, { request: '{journal}', tried }, never);
  }
}

async function listFolders(storage: StorageAccess, container: ContainerClient): Promise<readonly string[]> {
  const found: string[] = [];
  try {
    const pages = container.listBlobsByHierarchy('/').byPage({ maxPageSize: pageSize });
    for await (const page of unrepeated(storage, pages))
      for (const { name } of page.segment.blobPrefixes ?? []) found.push(name.slice(0, -1));
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
  return found;
}

async function listBlobs(
  storage: StorageAccess,
  container: ContainerClient,
  prefix: string,
): Promise<readonly { readonly name: string; readonly bytes: number; readonly etag: string }[]> {
  const found: { readonly name: string; readonly bytes: number; readonly etag: string }[] = [];
  try {
    const pages = container.listBlobsFlat({ prefix }).byPage({ maxPageSize: pageSize });
    for await (const page of unrepeated(storage, pages))
      for (const { name, properties } of page.segment.blobItems)
        found.push({ name, bytes: properties.contentLength ?? 0, etag: quoted(properties.etag) });
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
  return found;
}

async function readFrom(
  container: ContainerClient,
  name: string,
  from: number,
): Promise<{ readonly bytes: Buffer; readonly etag: string; readonly ageMs: number } | undefined> {
  const blob = container.getBlobClient(name);
  let answer: Pick<BlobDownloadResponseParsed, 'etag' | 'date' | 'lastModified' | 'readableStreamBody'>;
  try {
    answer = await blob.download(from);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    // Nothing lies behind the offset.
    if (!hasStatus(error, 416)) throw error;
    answer = await blob.getProperties();
  }
  const ageMs = (answer.date?.getTime() ?? Date.now()) - (answer.lastModified?.getTime() ?? 0);
  return { bytes: await collect(answer.readableStreamBody, maxBytes), etag: quoted(answer.etag ?? ''), ageMs };
}

/** The container comes with the first journal that is kept in it. */
async function createBlob(container: ContainerClient, name: string): Promise<boolean> {
  const create = (): Promise<object | undefined> =>
    unlessRefused(container.getAppendBlobClient(name).create({ conditions: { ifNoneMatch: '*' } }));
  try {
    return (await create()) !== undefined;
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
  await container.createIfNotExists();
  return (await create()) !== undefined;
}

/** Undefined when a condition did not hold: the blob exists, is longer, or is of another version. */
async function unlessRefused<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasStatus(error, 412) || (hasStatus(error, 409) && codeOf(error) === 'BlobAlreadyExists')) return undefined;
    throw error;
  }
}

/** Listings give ETags bare, answers in double quotes (Storage REST, List Blobs); conditions take the latter. */
function quoted(etag: string): string {
  return /^(?:W\/)?"/.test(etag) ? etag : `"${etag}"`;
}

function hasStatus(error: unknown, status: number): boolean {
  return isRestError(error) && error.statusCode === status;
}

function codeOf(error: unknown): string | undefined {
  return isRestError(error) ? error.code : undefined;
}
