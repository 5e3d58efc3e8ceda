import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../failure/failure.ts';
import type { AttachmentName, MigrationId } from '../ids.ts';
import type { Driver, DriverRequest, Instant, JournalContents, JournalPlace, JournalStore } from '../ports.ts';
import { attachmentFile, attachmentsIn } from './attachmentFile.ts';
import { takeControls, writeControl } from './controlFiles.ts';
import { fileMode, folderMode, syncFolder, writeDurably } from './durableFile.ts';
import { fileFailure, journalFailure, longer, movedAway } from './fileErrors.ts';
import { Lease } from './lease.ts';
import { encodeLine, readLines } from './recordLine.ts';
import { contentsOf } from './readSegments.ts';
import { readFolder, removeBefore } from './folder.ts';
import { isOutgrown, marks, movedMark, segmentHeader, segmentName, snapshotName } from './segments.ts';
import { watchFolder } from './watchFolder.ts';

export interface FileJournalOptions {
  /** Wall clock; leases of processes on one machine are compared with it. */
  readonly now?: () => Instant;
  /** How long a driver keeps its lease without renewing it, milliseconds; default one minute. */
  readonly leaseMs?: number;
}

/** Folders beside the segments. */
export const requestFolder = 'requests';
export const attachmentFolder = 'documents';

/** What the writing process knows of the segment that it writes to. */
interface Tail {
  readonly path: string;
  readonly handle: FileHandle;
  size: number;
  sequence: number;
  /** Bytes of all segments, and of the snapshot before them. */
  recordBytes: number;
  snapshotBytes: number;
}

/**
 * The journal of one migration in a folder of its own: checksummed lines, synced before they count, a lease for its
 * one driver, requests and documents beside it. Throws `journal` and `diskFull`.
 */
export class FileJournal implements JournalStore {
  readonly migration: MigrationId;
  readonly place: JournalPlace = 'file';
  readonly #folder: string;
  readonly #lease: Lease;
  readonly #now: () => Instant;
  #tail: Tail | undefined;

  private constructor(folder: string, migration: MigrationId, options: FileJournalOptions) {
    this.migration = migration;
    this.#folder = folder;
    this.#now = options.now ?? Date.now;
    this.#lease = new Lease(folder, this.#now, options.leaseMs ?? 60_000);
  }

  /** Makes the folder of a new migration. Refused when it exists. */
  static async create(root: string, migration: MigrationId, options: FileJournalOptions = {}): Promise<FileJournal> {
    const folder = join(root, migration);
    try {
      await mkdir(root, { recursive: true, mode: folderMode });
      await mkdir(folder, { mode: folderMode });
      await mkdir(join(folder, requestFolder), { mode: folderMode });
      await mkdir(join(folder, attachmentFolder), { mode: folderMode });
      await writeDurably(join(folder, segmentName(1)), encodeLine(0, 0, segmentHeader(migration)));
      await syncFolder(root);
    } catch (error) {
      throw fileFailure(error, `create the journal of migration ${migration}`);
    }
    return new FileJournal(folder, migration, options);
  }

  /** The journal of an existing migration; reading it tells whether it is intact. */
  static open(root: string, migration: MigrationId, options: FileJournalOptions = {}): FileJournal {
    return new FileJournal(join(root, migration), migration, options);
  }

  async read(): Promise<JournalContents> {
    return this.#guard('read the journal', async () => {
      return contentsOf(await readFolder(this.#folder, this.migration));
    });
  }

  async acquire(driverId: string): Promise<Driver> {
    return this.#guard('take over the journal', async () => {
      // A damaged journal is for reading only.
      const { damage, movedTo } = await readFolder(this.#folder, this.migration);
      if (damage !== undefined) throw new FailureError(damage);
      if (movedTo !== undefined) throw movedAway(movedTo);
      const driver = await this.#lease.acquire(driverId);
      try {
        const { segment, intact, size, sequence, recordBytes, snapshotBytes } = await readFolder(
          this.#folder,
          this.migration,
        );
        const path = join(this.#folder, segment);
        await this.#close();
        const handle = await open(path, 'a', fileMode);
        this.#tail = { path, handle, size: intact, sequence, recordBytes, snapshotBytes };
        if (size > intact) await truncate(path, intact);
        // From here on nothing counts that an earlier driver still writes.
        await this.#write(driver, [encodeLine(driver.fence, 0, marks.driver)]);
      } catch (error) {
        await this.#close();
        // Nobody drives: the next attempt need not wait until the lease has lapsed.
        await this.#lease.release(driver).catch(() => undefined);
        throw error;
      }
      return driver;
    });
  }

  async renew(driver: Driver): Promise<Driver> {
    return this.#guard('renew the lease of the journal', () => this.#lease.renew(driver));
  }

  async release(driver: Driver): Promise<void> {
    await this.#guard('release the journal', async () => {
      await this.#close();
      await this.#lease.release(driver);
    });
  }

  async driver(): Promise<Driver | undefined> {
    return this.#guard('read the lease of the journal', async () => {
      const holder = await this.#lease.holder();
      return holder === undefined || holder.expiresAt <= this.#now() ? undefined : holder;
    });
  }

  async append(driver: Driver, afterSequence: number, texts: readonly string[]): Promise<number> {
    return this.#guard('write to the journal', async () => {
      const tail = this.#tail;
      if (tail === undefined) throw journalFailure('This process does not drive the migration.', resumeStep);
      await this.#lease.check(driver);
      if (tail.sequence !== afterSequence) throw longer();
      const lines = texts.map((text, index) => encodeLine(driver.fence, afterSequence + index + 1, text));
      await this.#write(driver, lines);
      tail.sequence = afterSequence + texts.length;
      return tail.sequence;
    });
  }

  isLong(): boolean {
    return this.#tail !== undefined && isOutgrown(this.#tail.recordBytes, this.#tail.snapshotBytes);
  }

  async snapshot(driver: Driver, sequence: number, text: string): Promise<void> {
    await this.#guard('rotate the journal', async () => {
      await this.#lease.check(driver);
      const snapshot = encodeLine(driver.fence, sequence, text);
      await writeDurably(join(this.#folder, snapshotName(sequence)), snapshot);
      const path = join(this.#folder, segmentName(sequence + 1));
      const start = [encodeLine(0, 0, segmentHeader(this.migration)), encodeLine(driver.fence, 0, marks.driver)];
      const bytes = Buffer.concat(start);
      await writeDurably(path, bytes);
      await this.#close();
      const size = bytes.length;
      const handle = await open(path, 'a', fileMode);
      this.#tail = { path, handle, size, sequence, recordBytes: size, snapshotBytes: snapshot.length };
      // Only its driver may take away what an earlier one wrote.
      await this.#lease.check(driver);
      await removeBefore(this.#folder, sequence);
    });
  }

  async attach(driver: Driver, name: AttachmentName, text: string): Promise<void> {
    await this.#guard('write a document of the journal', async () => {
      await this.#lease.check(driver);
      await writeDurably(this.#attachmentPath(name), text);
    });
  }

  async readAttachment(name: AttachmentName): Promise<string> {
    return this.#guard('read a document of the journal', () => readFile(this.#attachmentPath(name), 'utf8'));
  }

  async documents(): Promise<readonly AttachmentName[]> {
    return this.#guard('list the documents of the journal', async () =>
      attachmentsIn(await readdir(join(this.#folder, attachmentFolder))),
    );
  }

  async markMoved(driver: Driver, to: JournalPlace): Promise<void> {
    await this.#guard('close the journal', async () => {
      await this.#lease.check(driver);
      await this.#write(driver, [encodeLine(driver.fence, 0, movedMark(to))]);
    });
  }

  async request(control: DriverRequest): Promise<void> {
    await this.#guard('leave a request for the driver', () =>
      writeControl(join(this.#folder, requestFolder), control, this.#now()),
    );
  }

  async takeRequests(driver: Driver): Promise<readonly DriverRequest[]> {
    return this.#guard('take requests', async () => {
      await this.#lease.check(driver);
      return takeControls(join(this.#folder, requestFolder));
    });
  }

  watch(changed: () => void): () => void {
    return watchFolder([this.#folder, join(this.#folder, requestFolder)], changed);
  }

  /** Appends and syncs. Lines of superseded drivers that came in between are no reason to stop; anything else is. */
  async #write(driver: Driver, lines: readonly Buffer[]): Promise<void> {
    const tail = this.#tail;
    if (tail === undefined) throw longer();
    // By its name, not by the handle: a folder that was deleted must not be written to unseen.
    const { size } = await stat(tail.path);
    if (size !== tail.size) await this.#acceptStale(driver, tail, size);
    const bytes = Buffer.concat(lines);
    try {
      await tail.handle.appendFile(bytes);
      await tail.handle.datasync();
    } catch (error) {
      // What was written in part would stand in the way of the next line.
      await truncate(tail.path, tail.size).catch(() => undefined);
      throw error;
    }
    tail.size += bytes.length;
    tail.recordBytes += bytes.length;
  }

  async #acceptStale(driver: Driver, tail: Tail, size: number): Promise<void> {
    const added = (await readFile(tail.path)).subarray(tail.size);
    const { lines, length, damagedLine } = readLines(added);
    const isStale = lines.every((line) => line.fence < driver.fence) && damagedLine === undefined;
    if (size < tail.size || !isStale || length !== added.length) throw longer();
    tail.size += length;
  }

  async #close(): Promise<void> {
    const tail = this.#tail;
    this.#tail = undefined;
    await tail?.handle.close();
  }

  #attachmentPath(name: AttachmentName): string {
    return join(this.#folder, attachmentFolder, attachmentFile(name));
  }

  async #guard<T>(attempt: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileFailure(error, attempt);
    }
  }
}

const resumeStep = 'Resume the migration here to drive it.';

async function truncate(path: string, length: number): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(length);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** Removes a migration's journal with everything beside it. */
export async function deleteFileJournal(root: string, migration: MigrationId): Promise<void> {
  try {
    await rm(join(root, migration), { recursive: true, force: true });
  } catch (error) {
    throw fileFailure(error, `delete the journal of migration ${migration}`);
  }
}
