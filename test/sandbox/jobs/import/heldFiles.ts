import type { BlobAccount, HeldLease } from '../../blob/blobAccount.ts';

interface HeldFile {
  readers: number;
  readonly lease: Promise<HeldLease | undefined>;
}

/** Infinite leases on the files that a job reads, each held while at least one work unit reads it. */
export class HeldFiles {
  readonly #account: BlobAccount;
  readonly #held = new Map<string, HeldFile>();

  constructor(account: BlobAccount) {
    this.#account = account;
  }

  /** Runs `read` with the file leased; goes on without a lease when somebody else holds one. */
  async reading<T>(container: string, blob: string, read: () => Promise<T>): Promise<T> {
    const key = `${container}/${blob}`;
    let file = this.#held.get(key);
    if (file === undefined) {
      file = { readers: 0, lease: this.#account.tryLease(container, blob) };
      this.#held.set(key, file);
    }
    file.readers += 1;
    try {
      await file.lease;
      return await read();
    } finally {
      file.readers -= 1;
      if (file.readers === 0) {
        this.#held.delete(key);
        await (await file.lease)?.release();
      }
    }
  }
}
