import { createHash } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { FailureError } from '../failure/failure.ts';
import { plainEtag } from './plainEtag.ts';
import type { StorageAccess } from './storageClient.ts';

/** Where the services look for configurations (Microsoft Learn, healthcare-apis: deidentified-export). */
const container = 'anonymization';
/** They refuse larger ones. */
const largestBytes = 1_000_000;

/** A configuration in the staging account, pinned to its version. */
export interface Deidentification {
  readonly config: string;
  readonly etag: string;
}

/**
 * Uploads a configuration of de-identification under a name made from its content; one that is there already is not
 * written again, so that its ETag stays what other plans say. Throws `invalidInput` for what the services cannot read,
 * and `conflict` when something else lies under that name.
 */
export async function uploadDeidentification(
  storage: StorageAccess,
  text: string,
  signal: AbortSignal,
): Promise<Deidentification> {
  check(text);
  const config = `${createHash('sha256').update(text).digest('hex').slice(0, 24)}.json`;
  const about = {
    request: 'PUT /anonymization/{configuration}',
    tried: 'Uploading the de-identification configuration',
  };
  try {
    const client = (await storage.client()).getContainerClient(container);
    await client.createIfNotExists({ abortSignal: signal });
    const blob = client.getBlockBlobClient(config);
    await writeUnlessThere(blob, text, signal);
    const { etag, contentLength, contentMD5 } = await blob.getProperties({ abortSignal: signal });
    if (etag === undefined)
      throw new FailureError({ kind: 'unexpectedAnswer', message: 'The storage account gave no ETag for a new file.' });
    const digest = createHash('md5').update(text).digest();
    if (contentLength !== Buffer.byteLength(text) || (contentMD5 !== undefined && !digest.equals(contentMD5)))
      throw new FailureError({
        kind: 'conflict',
        message: `The file ${config} in the container ${container} is not the configuration that bears its name.`,
        nextStep: 'Somebody changed it. Delete it, then upload the configuration again.',
      });
    return { config, etag: plainEtag(etag) };
  } catch (error) {
    throw await storage.failure(error, about, signal);
  }
}

/** Version of a configuration, without quotes; undefined when there is none of that name. */
export async function deidentificationEtag(
  storage: StorageAccess,
  config: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const about = { request: deidentificationRequest, tried: 'Looking for the de-identification configuration' };
  try {
    const blob = (await storage.client()).getContainerClient(container).getBlobClient(config);
    return plainEtag((await blob.getProperties({ abortSignal: signal })).etag ?? '');
  } catch (error) {
    const failure = await storage.failure(error, about, signal);
    if (failure.failure.kind === 'notFound') return undefined;
    throw failure;
  }
}

/** What is asked for the version of a configuration. */
export const deidentificationRequest = 'HEAD /anonymization/{configuration}';

async function writeUnlessThere(blob: BlockBlobClient, text: string, abortSignal: AbortSignal): Promise<void> {
  if (await blob.exists({ abortSignal })) return;
  try {
    await blob.upload(text, Buffer.byteLength(text), {
      abortSignal,
      conditions: { ifNoneMatch: '*' },
      blobHTTPHeaders: { blobContentType: 'application/json' },
    });
  } catch (error) {
    // Somebody was faster, or the answer to a first attempt was lost: whoever wrote it, it is the same.
    if ((error as { readonly statusCode?: unknown }).statusCode !== 409) throw error;
  }
}

function check(text: string): void {
  const invalid = (why: string): FailureError =>
    new FailureError({ kind: 'invalidInput', message: `The de-identification configuration cannot be used: ${why}.` });
  if (Buffer.byteLength(text) > largestBytes) throw invalid('it is larger than 1 MB');
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || !('fhirPathRules' in json))
      throw invalid('it has no fhirPathRules');
  } catch (error) {
    if (FailureError.is(error)) throw error;
    throw invalid('it is not JSON');
  }
}
