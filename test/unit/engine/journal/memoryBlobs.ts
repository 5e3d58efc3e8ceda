import type { JournalBlobs, ListedBlob, Over, ReadBlob } from '../../../../src/engine/journal/journalBlobs.ts';
import type { Instant } from '../../../../src/engine/ports.ts';

interface Stored {
  bytes: Buffer;
  etag: string;
  writtenAt: Instant;
}

/** The blobs of a storage account in memory, with its conditions and its clock. */
export class MemoryBlobs implements JournalBlobs {
  readonly account = 'staging';
  readonly stored = new Map<string, Stored>();
  readonly #now: () => Instant;
  #versions = 0;

  constructor(now: () => Instant = Date.now) {
    this.#now = now;
  }

  async folders(): Promise<readonly string[]> {
    await turn();
    return [...new Set([...this.stored.keys()].map((name) => name.slice(0, name.indexOf('/'))))].sort();
  }

  async list(prefix: string): Promise<readonly ListedBlob[]> {
    await turn();
    return [...this.stored]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { bytes, etag }]) => ({ name, bytes: bytes.length, etag }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async read(name: string, from: number): Promise<ReadBlob | undefined> {
    await turn();
    const blob = this.stored.get(name);
    if (blob === undefined) return undefined;
    return { bytes: blob.bytes.subarray(from), etag: blob.etag, ageMs: this.#now() - blob.writtenAt };
  }

  async create(name: string): Promise<boolean> {
    await turn();
    if (this.stored.has(name)) return false;
    this.#put(name, Buffer.alloc(0));
    return true;
  }

  async append(name: string, at: number, bytes: Buffer): Promise<boolean> {
    await turn();
    const blob = this.stored.get(name);
    if (blob?.bytes.length !== at) return false;
    this.#put(name, Buffer.concat([blob.bytes, bytes]));
    return true;
  }

  async write(name: string, bytes: Buffer, over: Over): Promise<string | undefined> {
    await turn();
    const present = this.stored.get(name);
    if (over === 'nothing' ? present !== undefined : over !== 'anything' && present?.etag !== over.etag) {
      return undefined;
    }
    return this.#put(name, bytes);
  }

  async remove(name: string): Promise<void> {
    await turn();
    this.stored.delete(name);
  }

  #put(name: string, bytes: Buffer): string {
    this.#versions += 1;
    const etag = `"${this.#versions}"`;
    this.stored.set(name, { bytes, etag, writtenAt: this.#now() });
    return etag;
  }
}

/** Lets others run in between, as a real request does. */
function turn(): Promise<void> {
  return Promise.resolve();
}
