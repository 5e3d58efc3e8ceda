import { Agent } from 'node:https';
import {
  type BlobClient,
  BlobServiceClient,
  type BlockBlobClient,
  newPipeline,
  RestError,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { BlobWriter } from './blobWriter.ts';

export interface BlobAccountOptions {
  readonly name: string;
  /** Base64 account key. */
  readonly key: string;
  /** `https://127.0.0.1:PORT/{account}`. */
  readonly endpoint: string;
  /** PEM text of the authority that signed the server's certificate. */
  readonly certificateAuthority: string;
}

export interface BlobProperties {
  /** As the storage service sends it, in double quotes. */
  readonly etag: string;
  readonly bytes: number;
}

/** A held lease; `release` never fails, since the blob may be gone by then. */
export interface HeldLease {
  readonly id: string;
  release(): Promise<void>;
}

/** A storage account with its key, as the services' own identities see it: read, write, list, lease. */
export class BlobAccount {
  readonly name: string;
  readonly endpoint: string;
  /** PEM text of the authority that its clients must trust. */
  readonly certificateAuthority: string;
  readonly #service: BlobServiceClient;
  readonly #agent: Agent;
  readonly #containers = new Map<string, Promise<unknown>>();

  constructor(options: BlobAccountOptions) {
    this.name = options.name;
    this.endpoint = options.endpoint;
    this.certificateAuthority = options.certificateAuthority;
    this.#agent = new Agent({ ca: options.certificateAuthority, keepAlive: true, maxSockets: 16 });
    // The storage client hands what it does not know on to its pipeline, which takes an agent.
    const settings: StoragePipelineOptions & { readonly agent: Agent } = {
      agent: this.#agent,
      retryOptions: { maxTries: 2, retryDelayInMs: 20 },
    };
    const credential = new StorageSharedKeyCredential(options.name, options.key);
    this.#service = new BlobServiceClient(options.endpoint, newPipeline(credential, settings));
  }

  /** Creates the container unless it exists. Asks the server once per container, unless that failed or `deleteContainer` came between. */
  async createContainer(container: string): Promise<void> {
    let made = this.#containers.get(container);
    if (made === undefined) {
      made = this.#service.getContainerClient(container).createIfNotExists();
      this.#containers.set(container, made);
      made.catch(() => this.#containers.delete(container));
    }
    await made;
  }

  async deleteContainer(container: string): Promise<void> {
    this.#containers.delete(container);
    await this.#service.getContainerClient(container).deleteIfExists();
  }

  async containers(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const container of this.#service.listContainers()) names.push(container.name);
    return names;
  }

  /** Names of the blobs whose name starts with `prefix`, ordered; none when the container does not exist. */
  async list(container: string, prefix = ''): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      for await (const blob of this.#service.getContainerClient(container).listBlobsFlat({ prefix })) {
        names.push(blob.name);
      }
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    return names;
  }

  /** Writes a whole blob in one request and returns its ETag. The container is created if need be. */
  async write(container: string, blob: string, content: string | Buffer): Promise<string> {
    await this.createContainer(container);
    const data = typeof content === 'string' ? Buffer.from(content) : content;
    const answer = await this.#block(container, blob).upload(data, data.byteLength);
    return answer.etag ?? '';
  }

  /** A blob written in blocks; nothing can be read before `commit`. The container must exist. */
  writer(container: string, blob: string): BlobWriter {
    return new BlobWriter(this.#block(container, blob));
  }

  /** A whole blob as text. For small ones. */
  async read(container: string, blob: string): Promise<string> {
    return (await this.#blob(container, blob).downloadToBuffer()).toString('utf8');
  }

  /** The bytes of a blob from `offset` on, as they come. Ending the iteration early closes the connection. */
  async *stream(container: string, blob: string, offset = 0): AsyncGenerator<Buffer> {
    const answer = await this.#blob(container, blob).download(offset);
    for await (const chunk of answer.readableStreamBody ?? []) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  }

  /** Throws RestError with the storage service's status and code when the blob cannot be had. */
  async properties(container: string, blob: string): Promise<BlobProperties> {
    const answer = await this.#blob(container, blob).getProperties();
    return { etag: answer.etag ?? '', bytes: answer.contentLength ?? 0 };
  }

  async delete(container: string, blob: string): Promise<void> {
    await this.#blob(container, blob).deleteIfExists();
  }

  /** An infinite lease, or undefined when somebody else holds one or the blob is gone. */
  async tryLease(container: string, blob: string): Promise<HeldLease | undefined> {
    const client = this.#blob(container, blob).getBlobLeaseClient();
    try {
      await client.acquireLease(-1);
    } catch (error) {
      if (error instanceof RestError) return undefined;
      throw error;
    }
    return {
      id: client.leaseId,
      release: async () => {
        await client.releaseLease().catch(() => undefined);
      },
    };
  }

  /** The address of a blob as the services write it into manifests. */
  urlOf(container: string, blob: string): string {
    return this.#blob(container, blob).url.replaceAll('%2F', '/');
  }

  /** Container and name of a blob of this account; undefined for any other address. */
  locate(url: string): { readonly container: string; readonly blob: string } | undefined {
    if (!URL.canParse(url)) return undefined;
    const own = new URL(`${this.endpoint}/`);
    const parsed = new URL(url);
    if (parsed.origin !== own.origin || !parsed.pathname.startsWith(own.pathname)) return undefined;
    const [container, ...rest] = decodeURIComponent(parsed.pathname.slice(own.pathname.length)).split('/');
    const blob = rest.join('/');
    return container === undefined || container === '' || blob === '' ? undefined : { container, blob };
  }

  /** Closes the connections that are kept open. */
  close(): void {
    this.#agent.destroy();
  }

  #blob(container: string, blob: string): BlobClient {
    return this.#service.getContainerClient(container).getBlobClient(blob);
  }

  #block(container: string, blob: string): BlockBlobClient {
    return this.#service.getContainerClient(container).getBlockBlobClient(blob);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404;
}
