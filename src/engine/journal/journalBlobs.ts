/** A blob as a listing shows it. */
export interface ListedBlob {
  /** From the beginning of the container. */
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
}

export interface ReadBlob {
  readonly bytes: Buffer;
  readonly etag: string;
  /** How long ago the blob was written, by the clock of the storage account, milliseconds. */
  readonly ageMs: number;
}

/** What a write may replace: whatever is there, nothing, or one version. */
export type Over = 'anything' | 'nothing' | { readonly etag: string };

/**
 * The blobs of one container, as journals in a staging account need them. Every method is one request, or looks like
 * one; all throw FailureError. `false` and `undefined` tell that a condition did not hold, and that nothing was done.
 */
export interface JournalBlobs {
  /** Name of the storage account, for messages. */
  readonly account: string;
  /** Names of the folders at the top of the container, without slash. */
  folders(): Promise<readonly string[]>;
  list(prefix: string): Promise<readonly ListedBlob[]>;
  /** The bytes from an offset on; undefined when there is no such blob. */
  read(name: string, from: number): Promise<ReadBlob | undefined>;
  /** Makes an empty append blob, and the container; false when there is a blob of this name. */
  create(name: string): Promise<boolean>;
  /** Adds bytes to an append blob that is exactly so long. */
  append(name: string, at: number, bytes: Buffer): Promise<boolean>;
  /** Writes a whole blob; its etag. */
  write(name: string, bytes: Buffer, over: Over): Promise<string | undefined>;
  remove(name: string): Promise<void>;
}
