import { link, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Driver, Instant } from '../ports.ts';
import { fileMode, writeDurably, writeTemporary } from './durableFile.ts';
import { errorCode, heldBy, superseded } from './fileErrors.ts';

/*
 * Who drives is a file `lease-<fence>.json`. The one with the highest number counts; it can be made by one process
 * only, because a link is refused when its name exists.
 */

const leasePattern = /^lease-(\d{1,12})\.json$/;

/** The lease of a journal folder. Throws errors of the file system, and `journal` when somebody else holds it. */
export class Lease {
  readonly #folder: string;
  readonly #now: () => Instant;
  readonly #durationMs: number;

  constructor(folder: string, now: () => Instant, durationMs: number) {
    this.#folder = folder;
    this.#now = now;
    this.#durationMs = durationMs;
  }

  /** The holder of the newest lease, expired or not. */
  async holder(): Promise<Driver | undefined> {
    const fence = await this.#highest();
    return fence === 0 ? undefined : this.#read(fence);
  }

  async acquire(id: string): Promise<Driver> {
    const present = await this.holder();
    if (present !== undefined && present.expiresAt > this.#now()) throw heldBy(present);
    const driver: Driver = { id, fence: (present?.fence ?? 0) + 1, expiresAt: this.#now() + this.#durationMs };
    if (!(await this.#create(driver))) throw heldBy(await this.holder());
    await this.#forget(driver.fence);
    return driver;
  }

  async renew(driver: Driver): Promise<Driver> {
    await this.check(driver);
    const renewed: Driver = { ...driver, expiresAt: this.#now() + this.#durationMs };
    await writeDurably(this.#path(driver.fence), JSON.stringify(renewed));
    await this.check(driver);
    return renewed;
  }

  /** Lets others take over at once. The number stays, so that the next one is higher. */
  async release(driver: Driver): Promise<void> {
    if ((await this.#highest()) !== driver.fence) return;
    await writeDurably(this.#path(driver.fence), JSON.stringify({ ...driver, expiresAt: 0 }));
  }

  /** Throws `journal` when somebody else took over. */
  async check(driver: Driver): Promise<void> {
    const highest = await this.#highest();
    if (highest === driver.fence) return;
    throw superseded();
  }

  async #create(driver: Driver): Promise<boolean> {
    const path = this.#path(driver.fence);
    const text = JSON.stringify(driver);
    const temporary = await writeTemporary(path, text);
    try {
      await link(temporary, path);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EEXIST') return false;
      // A file system without links: exclusive creation is as good, but for a crash half-way.
      if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') return await createExclusively(path, text);
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #read(fence: number): Promise<Driver> {
    const text = await readFile(this.#path(fence), 'utf8');
    const parsed = parseLease(text);
    // Unreadable: somebody may be writing it just now. It lapses with the time that a lease has at most.
    return { id: parsed?.id ?? 'unknown', fence, expiresAt: parsed?.expiresAt ?? this.#now() + this.#durationMs };
  }

  async #highest(): Promise<number> {
    let highest = 0;
    for (const name of await readdir(this.#folder)) {
      const fence = Number(leasePattern.exec(name)?.[1] ?? 0);
      if (fence > highest) highest = fence;
    }
    return highest;
  }

  async #forget(before: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const fence = Number(leasePattern.exec(name)?.[1] ?? before);
      if (fence < before) await rm(join(this.#folder, name), { force: true });
    }
  }

  #path(fence: number): string {
    return join(this.#folder, `lease-${fence}.json`);
  }
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', fileMode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function parseLease(text: string): { readonly id: string; readonly expiresAt: Instant } | undefined {
  try {
    const parsed = JSON.parse(text) as Partial<Driver>;
    return typeof parsed.id === 'string' && typeof parsed.expiresAt === 'number'
      ? { id: parsed.id, expiresAt: parsed.expiresAt }
      : undefined;
  } catch {
    return undefined;
  }
}
