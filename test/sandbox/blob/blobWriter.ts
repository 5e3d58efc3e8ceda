import type { BlockBlobClient } from '@azure/storage-blob';

/** Bytes gathered before a block is sent. */
const blockBytes = 4_000_000;

/** Writes a block blob piece by piece with at most one block in memory; a blob of one block is sent in one request. */
export class BlobWriter {
  readonly url: string;
  readonly #blob: BlockBlobClient;
  #pieces: string[] = [];
  #pending = 0;
  #bytes = 0;
  readonly #blocks: string[] = [];

  constructor(blob: BlockBlobClient) {
    this.#blob = blob;
    this.url = blob.url.replaceAll('%2F', '/');
  }

  /** Bytes given so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds text; sends a block once enough has gathered. */
  async add(text: string): Promise<void> {
    const length = Buffer.byteLength(text);
    this.#pieces.push(text);
    this.#pending += length;
    this.#bytes += length;
    if (this.#pending >= blockBytes) await this.#sendBlock();
  }

  /** Makes what was added the blob's content and returns its ETag. */
  async commit(): Promise<string> {
    if (this.#blocks.length === 0) {
      const data = Buffer.from(this.#pieces.join(''));
      return (await this.#blob.upload(data, data.byteLength)).etag ?? '';
    }
    if (this.#pending > 0) await this.#sendBlock();
    return (await this.#blob.commitBlockList(this.#blocks)).etag ?? '';
  }

  async #sendBlock(): Promise<void> {
    const data = Buffer.from(this.#pieces.join(''));
    this.#pieces = [];
    this.#pending = 0;
    // All ids of a blob's blocks must have the same length (Storage REST, Put Block).
    const id = Buffer.from(String(this.#blocks.length).padStart(8, '0')).toString('base64');
    this.#blocks.push(id);
    await this.#blob.stageBlock(id, data, data.byteLength);
  }
}
