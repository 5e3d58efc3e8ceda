import type { BlobItem, ContainerClient } from '@azure/storage-blob';
import type { Failure } from '../failure/failure.ts';
import { parseBlobAddress } from './blobAddress.ts';
import { plainEtag } from './plainEtag.ts';
import { openStorage, type StorageAccess, type StorageOptions } from './storageClient.ts';
import { unrepeated } from './unrepeatedPages.ts';

/** As in the listing of exported files: pages of the largest size would hold up the editor. */
const pageSize = 1_000;

/** A blob as a clean-up sees it. */
export interface StagedBlob {
  readonly container: string;
  /** Path inside the container. */
  readonly path: string;
  readonly bytes: number;
  readonly etag: string;
  /** Somebody holds a lease: an import that reads it, or another program. */
  readonly leased: boolean;
  /** A policy that has not run out, or a legal hold. */
  readonly immutable: boolean;
}

export interface ContainerFacts {
  /** Milliseconds since 1970 UTC: when it was created, or its properties were changed last. Blobs do not touch it. */
  readonly changedAt: number;
  /** A legal hold or an immutability policy of the container keeps what lies in it. */
  readonly kept: boolean;
  /** First parts of the paths that lie in it: names of blobs, and of folders with a slash at the end. */
  readonly roots: readonly string[];
}

/** What became of one blob. `gone`: it was not there any more. */
export type BlobRemoval = 'deleted' | 'gone' | 'leased' | 'immutable' | 'changed' | 'forbidden' | 'failed';

/** Looks through and deletes blobs of one account; nothing of another account can be named. */
export interface StagedBlobs {
  /** Blobs below a folder, or the one blob of that path; none where the container is not there. */
  list(container: string, prefix: string, signal: AbortSignal): AsyncIterable<readonly StagedBlob[]>;
  /** Where an address lies. @throws FailureError `unexpectedAnswer` unless it is a plain address of this account */
  place(url: string): { readonly container: string; readonly path: string };
  /** Undefined where there is no such container. */
  container(name: string, signal: AbortSignal): Promise<ContainerFacts | undefined>;
  /** Deletes a blob, with its snapshots, if it is still the one that was listed. @throws FailureError `cancelled` only */
  remove(blob: Pick<StagedBlob, 'container' | 'path' | 'etag'>, signal: AbortSignal): Promise<BlobRemoval>;
  /** Deletes a container and everything in it, if nobody holds a lease on it. False: it was not there any more. */
  removeContainer(name: string, signal: AbortSignal): Promise<boolean>;
}

/** Opens the blobs of an account. Throws `invalidInput` for an endpoint that is not one. */
export function openStagedBlobs(options: StorageOptions): StagedBlobs {
  const storage = openStorage(options);
  const client = async (name: string): Promise<ContainerClient> => (await storage.client()).getContainerClient(name);
  return {
    list: (container, prefix, signal) => listBlobs(storage, client(container), { container, prefix }, signal),
    place: (url) => parseBlobAddress(storage.account, url),
    container: async (name, signal) => readContainer(storage, await client(name), signal),
    remove: async (blob, signal) => removeBlob(storage, await client(blob.container), blob, signal),
    async removeContainer(name, signal) {
      try {
        return (await (await client(name)).deleteIfExists({ abortSignal: signal })).succeeded;
      } catch (error) {
        throw await storage.failure(
          error,
          { request: 'DELETE /{container}', tried: `Deleting the container ${name}` },
          signal,
        );
      }
    },
  };
}

async function* listBlobs(
  storage: StorageAccess,
  containerClient: Promise<ContainerClient>,
  { container, prefix }: { readonly container: string; readonly prefix: string },
  signal: AbortSignal,
): AsyncGenerator<readonly StagedBlob[], void> {
  try {
    const pages = (await containerClient)
      .listBlobsFlat({ prefix, includeImmutabilityPolicy: true, includeLegalHold: true, abortSignal: signal })
      .byPage({ maxPageSize: pageSize });
    for await (const page of unrepeated(storage, pages))
      yield page.segment.blobItems.map((item) => stagedBlob(container, item));
  } catch (error) {
    const about = { request: 'GET /{container}?comp=list', tried: 'Listing staged files' };
    const failure = await storage.failure(error, about, signal);
    if (failure.failure.kind !== 'notFound') throw failure;
  }
}

function stagedBlob(container: string, { name, properties }: BlobItem): StagedBlob {
  const until = properties.immutabilityPolicyExpiresOn;
  return {
    container,
    path: name,
    bytes: properties.contentLength ?? 0,
    etag: plainEtag(properties.etag),
    leased: properties.leaseState === 'leased' || properties.leaseState === 'breaking',
    immutable: properties.legalHold === true || (until !== undefined && until.getTime() > Date.now()),
  };
}

async function readContainer(
  storage: StorageAccess,
  container: ContainerClient,
  signal: AbortSignal,
): Promise<ContainerFacts | undefined> {
  try {
    const { lastModified, hasImmutabilityPolicy, hasLegalHold } = await container.getProperties({
      abortSignal: signal,
    });
    const roots: string[] = [];
    const pages = container.listBlobsByHierarchy('/', { abortSignal: signal }).byPage({ maxPageSize: pageSize });
    for await (const page of unrepeated(storage, pages))
      for (const { name } of [...(page.segment.blobPrefixes ?? []), ...page.segment.blobItems]) roots.push(name);
    const kept = hasImmutabilityPolicy === true || hasLegalHold === true;
    return { changedAt: lastModified?.getTime() ?? 0, kept, roots };
  } catch (error) {
    const about = { request: 'HEAD /{container}', tried: 'Looking at the container' };
    const failure = await storage.failure(error, about, signal);
    if (failure.failure.kind === 'notFound') return undefined;
    throw failure;
  }
}

async function removeBlob(
  storage: StorageAccess,
  container: ContainerClient,
  { path, etag }: Pick<StagedBlob, 'path' | 'etag'>,
  signal: AbortSignal,
): Promise<BlobRemoval> {
  try {
    await container
      .getBlobClient(path)
      .delete({ deleteSnapshots: 'include', conditions: { ifMatch: `"${etag}"` }, abortSignal: signal });
    return 'deleted';
  } catch (error) {
    const failure = await storage.failure(error, { request: 'DELETE {blob}', tried: 'Deleting a staged file' }, signal);
    if (failure.failure.kind === 'cancelled') throw failure;
    return removalOf(failure.failure);
  }
}

/**
 * What an answer to a deletion means, by status and code of the storage service (Blob service error codes:
 * LeaseIdMissing 412, ConditionNotMet 412, BlobImmutableDueToPolicy 409).
 */
export function removalOf({ kind, status, code = '' }: Failure): BlobRemoval {
  if (kind === 'notFound') return 'gone';
  if (code.includes('Lease')) return 'leased';
  if (/Immutab|LegalHold/i.test(code)) return 'immutable';
  if (status === 412) return 'changed';
  return kind === 'forbidden' ? 'forbidden' : 'failed';
}
