import { journalFailure } from './fileErrors.ts';
import type { JournalBlobs, ListedBlob } from './journalBlobs.ts';

/** Far above what a journal grows to before it is rotated; a larger one was made by somebody else. */
const mostBytes = 256 * 1_048_576;

interface Cached {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Blobs that only grow, kept in memory: reading one again costs only what was added. */
export class BlobCache {
  readonly #blobs: JournalBlobs;
  readonly #known = new Map<string, Cached>();

  constructor(blobs: JournalBlobs) {
    this.#blobs = blobs;
  }

  forget(): void {
    this.#known.clear();
  }

  /** Keeps only these. */
  keep(listed: readonly ListedBlob[]): void {
    const names = new Set(listed.map(({ name }) => name));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
  }

  /** Throws `journal` for a blob that is too large or gone. */
  async bytes({ name, bytes: size, etag }: ListedBlob): Promise<Buffer> {
    if (size > mostBytes) {
      throw journalFailure('The journal is larger than this program makes one.', 'Open another journal.');
    }
    const known = this.#known.get(name);
    if (known?.etag === etag) return known.bytes;
    const before = known === undefined || known.bytes.length > size ? Buffer.alloc(0) : known.bytes;
    const read = await this.#blobs.read(name, before.length);
    if (read === undefined) throw gone();
    const bytes = Buffer.concat([before, read.bytes]);
    this.#known.set(name, { bytes, etag: read.etag });
    return bytes;
  }
}

/** A blob that was listed is not there any more: a rotation took it away, or somebody deleted the journal. */
export function gone(): Error {
  return journalFailure(
    'The journal in the staging account changed while it was read, or was deleted.',
    'Open it again; if it was deleted, start a new migration.',
  );
}
