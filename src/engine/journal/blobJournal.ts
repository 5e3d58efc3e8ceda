import { FailureError } from '../../failure/failure.ts';
import type { AttachmentName, MigrationId } from '../ids.ts';
import type { Driver, DriverRequest, Instant, JournalContents, JournalPlace, JournalStore } from '../ports.ts';
import { attachmentFile, attachmentsIn } from './attachmentFile.ts';
import { BlobCache, gone } from './blobCache.ts';
import { BlobLease } from './blobLease.ts';
import { journalFailure, longer, movedAway } from './fileErrors.ts';
import type { JournalBlobs, ListedBlob } from './journalBlobs.ts';
import { patiently, type Sleep } from './patience.ts';
import { contentsOf, readSegments, type SegmentContents } from './readSegments.ts';
import { encodeLine } from './recordLine.ts';
import { encodeRequest, requestLimit } from './requestFormat.ts';
import { isRequestName, requestIn, requestName } from './requestName.ts';
import { isOutgrown, marks, movedMark, namesBefore, segmentHeader, segmentName, snapshotName } from './segments.ts';
import { watchBlobs } from './watchBlobs.ts';

export interface BlobJournalOptions {
  /** Wall clock of this machine, for telling until when a lease lasts. */
  readonly now?: () => Instant;
  /** How long a driver keeps its lease without renewing it, milliseconds; default one minute. */
  readonly leaseMs?: number;
  /** How waiting is done; must not keep the process alive. */
  readonly sleep?: Sleep;
}

/** What the writing process knows of the segment that it writes to. */
interface Tail {
  readonly name: string;
  size: number;
  sequence: number;
  recordBytes: number;
  snapshotBytes: number;
}

/** Storage accounts take 4 MiB in one append (Append Block, versions before 2022-11-02). */
const blockBytes = 4_000_000;

/**
 * The journal of one migration in append blobs of a staging account: the same lines as in files. Every append says how
 * long the blob is, so that a driver that was superseded while it was frozen is refused by the account itself. A segment
 * is rotated by its size long before the 50,000 blocks that an append blob can have. Throws `journal`, and what the
 * blobs throw after some patience.
 */
export class BlobJournal implements JournalStore {
  readonly migration: MigrationId;
  readonly place: JournalPlace = 'staging';
  readonly #blobs: JournalBlobs;
  readonly #cache: BlobCache;
  readonly #lease: BlobLease;
  readonly #now: () => Instant;
  readonly #sleep: Sleep;
  #tail: Tail | undefined;

  private constructor(blobs: JournalBlobs, migration: MigrationId, options: BlobJournalOptions) {
    this.migration = migration;
    this.#blobs = blobs;
    this.#cache = new BlobCache(blobs);
    this.#now = options.now ?? Date.now;
    this.#sleep = options.sleep ?? sleepUnheld;
    this.#lease = new BlobLease(blobs, `${this.#log}lease.json`, this.#now, options.leaseMs ?? 60_000);
  }

  /** Makes the first segment of a new migration. Refused when it exists. */
  static async create(
    blobs: JournalBlobs,
    migration: MigrationId,
    options: BlobJournalOptions = {},
  ): Promise<BlobJournal> {
    const journal = new BlobJournal(blobs, migration, options);
    const name = `${journal.#log}${segmentName(1)}`;
    const made = await blobs.create(name);
    if (!made || !(await blobs.append(name, 0, encodeLine(0, 0, segmentHeader(migration))))) {
      throw journalFailure(`There is a journal of migration ${migration} already.`, 'Open that one.');
    }
    return journal;
  }

  /** The journal of an existing migration; reading it tells whether it is intact. */
  static open(blobs: JournalBlobs, migration: MigrationId, options: BlobJournalOptions = {}): BlobJournal {
    return new BlobJournal(blobs, migration, options);
  }

  async read(): Promise<JournalContents> {
    return contentsOf(await this.#read());
  }

  async acquire(driverId: string): Promise<Driver> {
    const { damage, movedTo, torn, fence } = await this.#read();
    // A damaged journal is for reading only. Appends are whole or not at all: nobody tears a line by accident.
    if (damage !== undefined) throw new FailureError(damage);
    if (torn) throw journalFailure('The last record of the journal is cut off.', 'Restore the journal from a backup.');
    if (movedTo !== undefined) throw movedAway(movedTo);
    const driver = await this.#lease.acquire(driverId, fence);
    try {
      // The driver before may still write until this one has left its mark.
      while (!(await this.#mark(driver))) await this.#lease.check(driver);
    } catch (error) {
      // Nobody drives: the next attempt, here or elsewhere, need not wait until the lease has lapsed.
      await this.release(driver).catch(() => undefined);
      throw error;
    }
    return driver;
  }

  renew(driver: Driver): Promise<Driver> {
    return this.#patiently(() => this.#lease.renew(driver));
  }

  async release(driver: Driver): Promise<void> {
    this.#tail = undefined;
    await this.#lease.release(driver);
  }

  driver(): Promise<Driver | undefined> {
    return this.#lease.holder();
  }

  async append(driver: Driver, afterSequence: number, texts: readonly string[]): Promise<number> {
    const tail = this.#mine();
    if (tail.sequence !== afterSequence) throw longer();
    const lines = texts.map((text, index) => encodeLine(driver.fence, afterSequence + index + 1, text));
    for (const block of blocksOf(lines)) await this.#write(tail, block);
    tail.sequence = afterSequence + texts.length;
    return tail.sequence;
  }

  isLong(): boolean {
    return this.#tail !== undefined && isOutgrown(this.#tail.recordBytes, this.#tail.snapshotBytes);
  }

  async snapshot(driver: Driver, sequence: number, text: string): Promise<void> {
    const tail = this.#mine();
    const snapshot = encodeLine(driver.fence, sequence, text);
    // What is durable up to a sequence never changes, whoever writes its snapshot.
    await this.#patiently(() => this.#blobs.write(`${this.#log}${snapshotName(sequence)}`, snapshot, 'anything'));
    // Refused when somebody has taken over: from here on nobody writes to this segment.
    await this.#write(tail, encodeLine(driver.fence, 0, marks.end));
    const next = await this.#begin(driver, sequence, snapshot.length);
    if (next === undefined) throw longer();
    this.#tail = next;
    const names = (await this.#list()).map(({ name }) => name.slice(this.#log.length));
    for (const old of namesBefore(names, sequence)) {
      await this.#patiently(() => this.#blobs.remove(`${this.#log}${old}`));
    }
  }

  async attach(driver: Driver, name: AttachmentName, text: string): Promise<void> {
    const blob = `${this.#documents}${attachmentFile(name)}`;
    const bytes = Buffer.from(text);
    if ((await this.#patiently(() => this.#blobs.write(blob, bytes, 'nothing'))) !== undefined) return;
    // There is one of this name: from an attempt before, which only the driver may replace.
    await this.#patiently(() => this.#lease.check(driver));
    await this.#patiently(() => this.#blobs.write(blob, bytes, 'anything'));
  }

  async readAttachment(name: AttachmentName): Promise<string> {
    const blob = `${this.#documents}${attachmentFile(name)}`;
    const read = await this.#patiently(() => this.#blobs.read(blob, 0));
    if (read === undefined) {
      throw journalFailure(`The document ${name} beside the journal is gone.`, 'Restore the journal from a backup.');
    }
    return read.bytes.toString();
  }

  async documents(): Promise<readonly AttachmentName[]> {
    const listed = await this.#blobs.list(this.#documents);
    return attachmentsIn(listed.map(({ name }) => name.slice(this.#documents.length)));
  }

  async markMoved(driver: Driver, to: JournalPlace): Promise<void> {
    await this.#write(this.#mine(), encodeLine(driver.fence, 0, movedMark(to)));
  }

  async request(request: DriverRequest): Promise<void> {
    const name = `${this.#requests}${requestName(this.#now())}`;
    await this.#blobs.write(name, Buffer.from(encodeRequest(request)), 'nothing');
  }

  async takeRequests(driver: Driver): Promise<readonly DriverRequest[]> {
    const listed = await this.#patiently(() => this.#blobs.list(this.#requests));
    const taken: DriverRequest[] = [];
    if (listed.length > 0) await this.#patiently(() => this.#lease.check(driver));
    for (const { name, bytes } of listed) {
      const short = name.slice(this.#requests.length);
      if (!isRequestName(short) || bytes > requestLimit) continue;
      const read = await this.#patiently(() => this.#blobs.read(name, 0));
      const request = read === undefined ? undefined : requestIn(short, read.bytes.toString());
      if (request === undefined) continue;
      await this.#patiently(() => this.#blobs.remove(name));
      taken.push(request);
    }
    return taken;
  }

  watch(changed: () => void): () => void {
    return watchBlobs(this.#blobs, this.#log, changed, this.#sleep);
  }

  get #log(): string {
    return blobsOf(this.migration).log;
  }

  get #requests(): string {
    return blobsOf(this.migration).requests;
  }

  get #documents(): string {
    return blobsOf(this.migration).documents;
  }

  async #list(): Promise<readonly ListedBlob[]> {
    return this.#patiently(() => this.#blobs.list(this.#log));
  }

  /** Reads all that is there; what a rotation takes away meanwhile is found again in the next listing. */
  async #read(): Promise<SegmentContents> {
    for (let attempt = 1; ; attempt += 1) {
      const listed = await this.#list();
      const byName = new Map(listed.map((blob) => [blob.name.slice(this.#log.length), blob]));
      this.#cache.keep(listed);
      const bytes = async (name: string): Promise<Buffer> => {
        const blob = byName.get(name);
        if (blob === undefined) throw gone();
        return this.#patiently(() => this.#cache.bytes(blob));
      };
      try {
        const contents = await readSegments({ names: [...byName.keys()], bytes }, this.migration);
        if (contents.damage === undefined || attempt > 1) return contents;
      } catch (error) {
        if (attempt > 2 || !FailureError.is(error, 'journal') || listed.length === 0) throw error;
      }
      this.#cache.forget();
    }
  }

  /** From here on nothing counts that an earlier driver still writes. False when the journal grew meanwhile. */
  async #mark(driver: Driver): Promise<boolean> {
    const { segment, size, sealed, sequence, recordBytes, snapshotBytes } = await this.#read();
    if (sealed || size === 0) {
      this.#tail = await this.#begin(driver, sequence, snapshotBytes);
      return this.#tail !== undefined;
    }
    const tail = { name: `${this.#log}${segment}`, size, sequence, recordBytes, snapshotBytes };
    const mark = encodeLine(driver.fence, 0, marks.driver);
    if (!(await this.#append(tail, mark))) return false;
    this.#tail = tail;
    return true;
  }

  /** The segment after a rotation; undefined when another driver has begun it. */
  async #begin(driver: Driver, sequence: number, snapshotBytes: number): Promise<Tail | undefined> {
    const name = `${this.#log}${segmentName(sequence + 1)}`;
    await this.#patiently(() => this.#blobs.create(name));
    const start = [encodeLine(0, 0, segmentHeader(this.migration)), encodeLine(driver.fence, 0, marks.driver)];
    const tail = { name, size: 0, sequence, recordBytes: 0, snapshotBytes };
    return (await this.#append(tail, Buffer.concat(start))) ? tail : undefined;
  }

  async #write(tail: Tail, bytes: Buffer): Promise<void> {
    if (await this.#append(tail, bytes)) return;
    this.#tail = undefined;
    throw longer();
  }

  /** Appends at the end that this process knows. False when that is not the end. */
  async #append(tail: Tail, bytes: Buffer): Promise<boolean> {
    const done = await this.#patiently(() => this.#blobs.append(tail.name, tail.size, bytes));
    if (!done) {
      // An answer may have been lost: then exactly these bytes are what was added.
      const added = await this.#patiently(() => this.#blobs.read(tail.name, tail.size));
      if (added?.bytes.equals(bytes) !== true) return false;
    }
    tail.size += bytes.length;
    tail.recordBytes += bytes.length;
    return true;
  }

  #mine(): Tail {
    if (this.#tail !== undefined) return this.#tail;
    throw journalFailure('This process does not drive the migration.', 'Resume the migration here to drive it.');
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    return patiently(work, this.#sleep);
  }
}

/** Beginnings of the names of a journal's blobs. One listing of the log shows all that can change for others. */
export function blobsOf(migration: MigrationId): {
  readonly log: string;
  readonly requests: string;
  readonly documents: string;
} {
  return {
    log: `${migration}/log/`,
    requests: `${migration}/log/requests/`,
    documents: `${migration}/documents/`,
  };
}

function* blocksOf(lines: readonly Buffer[]): Iterable<Buffer> {
  let block: Buffer[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (bytes > 0 && bytes + line.length > blockBytes) {
      yield Buffer.concat(block);
      block = [];
      bytes = 0;
    }
    block.push(line);
    bytes += line.length;
  }
  if (bytes > 0) yield Buffer.concat(block);
}

function sleepUnheld(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
