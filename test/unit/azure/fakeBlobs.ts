import { openStaging, type Staging } from '../../../src/azure/staging.ts';
import { type StorageAccess, openStorage } from '../../../src/azure/storageClient.ts';
import { type FakeAnswer, type FakeHttp, fakeHttp, fakeLog, fakeTokens, type SentRequest } from '../http/fakeHttp.ts';

export const blobEndpoint = 'https://contoso.blob.core.windows.net';

/** A staging account whose answers are made here. */
export function fakeAccount(handler: (sent: SentRequest, index: number) => FakeAnswer): {
  readonly http: FakeHttp;
  readonly staging: Staging;
  readonly storage: StorageAccess;
  readonly tokens: ReturnType<typeof fakeTokens>;
  readonly log: ReturnType<typeof fakeLog>;
} {
  const http = fakeHttp(handler);
  const tokens = fakeTokens();
  const log = fakeLog();
  const options = {
    cloud: { storageAudience: 'https://storage.azure.com' },
    accountName: 'contoso',
    blobEndpoint,
    tenantId: 't1',
    tokens,
    userAgent: 'agent',
    httpClient: http,
    log,
    nameProbe: () => Promise.resolve(false),
    retryDelayMs: 1,
    container: 'migration',
  };
  return { http, staging: openStaging(options), storage: openStorage(options), tokens, log };
}

/** Blobs by `container/path`, served in the ranges that are asked for. */
export function serveBlobs(blobs: Readonly<Record<string, string | Buffer>>): (sent: SentRequest) => FakeAnswer {
  return (sent) => {
    const content = blobs[decodeURIComponent(sent.url.pathname.slice(1))];
    if (content === undefined) return storageError(404, 'BlobNotFound', 'The specified blob does not exist.');
    const bytes = Buffer.from(content);
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(sent.headers['x-ms-range'] ?? 'bytes=0-') ?? [];
    const start = Number(from);
    if (start >= bytes.length) return storageError(416, 'InvalidRange', 'The range specified is invalid.');
    const end = Math.min(bytes.length, to === '' ? bytes.length : Number(to) + 1);
    return {
      status: 206,
      headers: {
        etag: '"0x8D"',
        'content-length': String(end - start),
        'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
        'content-type': 'application/fhir+ndjson',
      },
      bytes: bytes.subarray(start, end),
    };
  };
}

/** An error as Azure Storage sends it. */
export function storageError(status: number, code: string, message: string): FakeAnswer {
  return {
    status,
    headers: { 'x-ms-error-code': code, 'content-type': 'application/xml', 'x-ms-request-id': 'r-1' },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}\nRequestId:r-1\nTime:x</Message></Error>`,
  };
}

/** A page of a list of blobs. */
export function blobList(
  blobs: readonly { name: string; bytes?: number }[],
  prefixes: readonly string[] = [],
  next = '',
): FakeAnswer {
  const items = blobs.map(
    ({ name, bytes = 10 }) =>
      `<Blob><Name>${name}</Name><Properties><Etag>0x8D${bytes}</Etag><Content-Length>${bytes}</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>`,
  );
  const folders = prefixes.map((name) => `<BlobPrefix><Name>${name}</Name></BlobPrefix>`);
  return {
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="${blobEndpoint}" ContainerName="migration"><Blobs>${items.join('')}${folders.join('')}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`,
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
