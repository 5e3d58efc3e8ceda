import { FailureError } from '../../../../src/failure/failure.ts';
import type { AttachmentName, MigrationId } from '../../../../src/engine/ids.ts';
import type {
  Driver,
  DriverRequest,
  Instant,
  JournalContents,
  JournalStore,
  StoredRecord,
} from '../../../../src/engine/ports.ts';

/** A journal in memory with the rules of the one in files: one driver, fenced appends. */
export class MemoryJournal implements JournalStore {
  readonly migration: MigrationId;
  readonly place = 'file';
  readonly #now: () => Instant;
  readonly #leaseMs: number;
  readonly records: StoredRecord[] = [];
  readonly attachments = new Map<AttachmentName, string>();
  readonly #requests: DriverRequest[] = [];
  readonly #watchers = new Set<() => void>();
  #snapshot: { readonly sequence: number; readonly text: string } | undefined;
  #driver: Driver | undefined;

  constructor(migration: MigrationId, now: () => Instant, leaseMs = 3_600_000) {
    this.migration = migration;
    this.#now = now;
    this.#leaseMs = leaseMs;
  }

  read(): Promise<JournalContents> {
    const after = this.#snapshot?.sequence ?? 0;
    const records = this.records.filter((record) => record.sequence > after);
    return Promise.resolve({
      ...(this.#snapshot === undefined ? {} : { snapshot: this.#snapshot }),
      records,
      torn: false,
    });
  }

  acquire(driverId: string): Promise<Driver> {
    const held = this.#driver;
    if (held !== undefined && held.expiresAt > this.#now()) return refuse('Another process drives this migration.');
    this.#driver = { id: driverId, fence: (held?.fence ?? 0) + 1, expiresAt: this.#now() + this.#leaseMs };
    return Promise.resolve(this.#driver);
  }

  renew(driver: Driver): Promise<Driver> {
    if (driver.fence !== this.#driver?.fence) return refuse('Superseded.');
    this.#driver = { ...driver, expiresAt: this.#now() + this.#leaseMs };
    return Promise.resolve(this.#driver);
  }

  release(driver: Driver): Promise<void> {
    if (driver.fence === this.#driver?.fence) this.#driver = { ...driver, expiresAt: 0 };
    return Promise.resolve();
  }

  driver(): Promise<Driver | undefined> {
    const held = this.#driver;
    return Promise.resolve(held !== undefined && held.expiresAt > this.#now() ? held : undefined);
  }

  append(driver: Driver, afterSequence: number, texts: readonly string[]): Promise<number> {
    const last = this.records.at(-1)?.sequence ?? 0;
    if (driver.fence !== this.#driver?.fence || afterSequence !== last) return refuse('Superseded.');
    texts.forEach((text, index) => this.records.push({ sequence: last + index + 1, text }));
    return Promise.resolve(last + texts.length);
  }

  snapshot(_driver: Driver, sequence: number, text: string): Promise<void> {
    this.#snapshot = { sequence, text };
    return Promise.resolve();
  }

  isLong(): boolean {
    return false;
  }

  documents(): Promise<readonly AttachmentName[]> {
    return Promise.resolve([...this.attachments.keys()]);
  }

  markMoved(): Promise<void> {
    return refuse('A journal in memory stays where it is.');
  }

  attach(driver: Driver, name: AttachmentName, text: string): Promise<void> {
    if (driver.fence !== this.#driver?.fence) return refuse('Superseded.');
    this.attachments.set(name, text);
    return Promise.resolve();
  }

  readAttachment(name: AttachmentName): Promise<string> {
    const text = this.attachments.get(name);
    return text === undefined ? refuse(`There is no document ${name}.`) : Promise.resolve(text);
  }

  request(control: DriverRequest): Promise<void> {
    this.#requests.push(control);
    for (const changed of this.#watchers) changed();
    return Promise.resolve();
  }

  takeRequests(): Promise<readonly DriverRequest[]> {
    return Promise.resolve(this.#requests.splice(0));
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** The lease of a killed process lapses. */
  expire(): void {
    if (this.#driver !== undefined) this.#driver = { ...this.#driver, expiresAt: 0 };
  }
}

function refuse<T>(message: string): Promise<T> {
  return Promise.reject(new FailureError({ kind: 'journal', message }));
}
