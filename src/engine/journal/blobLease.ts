import { randomBytes } from 'node:crypto';
import type { Driver, Instant } from '../ports.ts';
import { heldBy, superseded } from './fileErrors.ts';
import type { JournalBlobs, ReadBlob } from './journalBlobs.ts';
import { count, fields, flag, form } from './shape.ts';

/*
 * Who drives is a blob that is only ever replaced by whoever knows its present version, so that of two who try one
 * succeeds. How old it is counts by the clock of the storage account: no clock of a machine decides who drives.
 */

interface LeaseDocument {
  readonly id: string;
  readonly fence: number;
  readonly leaseMs: number;
  readonly released: boolean;
  /** Tells the writes of one process apart, whose ids are the same. */
  readonly token: string;
}

const longestMs = 600_000;
const fits = fields<LeaseDocument>({
  id: form(/^[\w-]{1,80}$/),
  fence: count,
  leaseMs: (value): value is number => count(value) && value <= longestMs,
  released: flag,
  token: form(/^[0-9a-f]{24}$/),
});

interface Held extends LeaseDocument {
  readonly etag: string;
  /** What is left of it, milliseconds. */
  readonly leftMs: number;
}

/** The lease of a journal in blobs. Throws `journal` when somebody else holds it, and what the blobs throw. */
export class BlobLease {
  readonly #blobs: JournalBlobs;
  readonly #name: string;
  readonly #now: () => Instant;
  readonly #leaseMs: number;
  readonly #token = randomBytes(12).toString('hex');
  #etag: string | undefined;

  constructor(blobs: JournalBlobs, name: string, now: () => Instant, leaseMs: number) {
    this.#blobs = blobs;
    this.#name = name;
    this.#now = now;
    this.#leaseMs = Math.min(leaseMs, longestMs);
  }

  /** Who drives now, if anybody does. */
  async holder(): Promise<Driver | undefined> {
    const held = await this.#read();
    return held === undefined || held.leftMs <= 0 ? undefined : this.#driverOf(held);
  }

  /** @param above the highest fence that the journal knows */
  async acquire(id: string, above: number): Promise<Driver> {
    const held = await this.#read();
    if (held !== undefined && held.leftMs > 0) throw heldBy(this.#driverOf(held));
    const fence = Math.max(held?.fence ?? 0, above) + 1;
    const driver = await this.#write(this.#document(id, fence), held?.etag);
    if (driver !== undefined) return driver;
    const now = await this.#read();
    // Its own write, whose answer was lost.
    if (now?.token === this.#token && now.fence === fence) return this.renew({ id, fence, expiresAt: 0 });
    throw heldBy(now === undefined ? undefined : this.#driverOf(now));
  }

  async renew({ id, fence }: Driver): Promise<Driver> {
    const document = this.#document(id, fence);
    const renewed = this.#etag === undefined ? undefined : await this.#write(document, this.#etag);
    if (renewed !== undefined) return renewed;
    // An answer to the last renewal may have been lost: then it is still this driver's, in a later version.
    const held = await this.#read();
    const again =
      held?.token === this.#token && held.fence === fence ? await this.#write(document, held.etag) : undefined;
    if (again === undefined) throw superseded();
    return again;
  }

  /** Lets others take over at once. */
  async release({ id, fence }: Driver): Promise<void> {
    if (this.#etag !== undefined) await this.#write({ ...this.#document(id, fence), released: true }, this.#etag);
    this.#etag = undefined;
  }

  /** Throws `journal` when somebody else took over. */
  async check(driver: Driver): Promise<void> {
    const held = await this.#read();
    if (held?.token !== this.#token || held.fence !== driver.fence || held.released) throw superseded();
  }

  #document(id: string, fence: number): LeaseDocument {
    return { id, fence, leaseMs: this.#leaseMs, released: false, token: this.#token };
  }

  async #write(document: LeaseDocument, over: string | undefined): Promise<Driver | undefined> {
    const bytes = Buffer.from(JSON.stringify(document));
    const etag = await this.#blobs.write(this.#name, bytes, over === undefined ? 'nothing' : { etag: over });
    if (etag === undefined) return undefined;
    this.#etag = etag;
    return { id: document.id, fence: document.fence, expiresAt: this.#now() + document.leaseMs };
  }

  async #read(): Promise<Held | undefined> {
    const blob = await this.#blobs.read(this.#name, 0);
    if (blob === undefined) return undefined;
    // What nobody can read lapses with the longest time that a lease can have.
    const document = parsed(blob) ?? {
      id: 'unknown',
      fence: 0,
      leaseMs: longestMs,
      released: false,
      token: '',
    };
    const leftMs = document.released ? 0 : document.leaseMs - Math.max(0, blob.ageMs);
    return { ...document, etag: blob.etag, leftMs };
  }

  #driverOf({ id, fence, leftMs }: Held): Driver {
    return { id, fence, expiresAt: this.#now() + leftMs };
  }
}

function parsed({ bytes }: ReadBlob): LeaseDocument | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return fits(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
