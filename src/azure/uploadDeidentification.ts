import { createHash } from 'node:crypto';
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
 * written again, so that its ETag stays what other plans say. Throws `invalidInput` for what the services cannot read.
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
    const exists = await blob.exists({ abortSignal: signal });
    if (!exists)
      await blob.upload(text, Buffer.byteLength(text), {
        abortSignal: signal,
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: { blobContentType: 'application/json' },
      });
    const { etag } = await blob.getProperties({ abortSignal: signal });
    if (etag === undefined)
      throw new FailureError({ kind: 'unexpectedAnswer', message: 'The storage account gave no ETag for a new file.' });
    return { config, etag: plainEtag(etag) };
  } catch (error) {
    throw await storage.failure(error, about, signal);
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
