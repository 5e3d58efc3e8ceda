import { FailureError } from '../../../../src/failure/failure.ts';
import type { Instant, LinesToStage, RefusedLine, StagedFile, StagedLines } from '../../../../src/engine/ports.ts';
import type { Version } from './versionStore.ts';

export const blobEndpoint = 'https://staging.blob.core.windows.net';
export const container = 'migration';

interface Blob {
  readonly url: string;
  readonly path: string;
  readonly lines: readonly Version[];
  etag: string;
}

/** A staging account that holds lines as values. */
export class StagingModel {
  readonly #blobs = new Map<string, Blob>();
  readonly #folders = new Map<
    string,
    { readonly folder: string; readonly jobId: string; readonly createdAt: Instant }
  >();
  readonly #refused = new Map<string, readonly RefusedLine[]>();
  readonly #bytesPerLine: number;
  #etags = 0;

  constructor(bytesPerLine = 700) {
    this.#bytesPerLine = bytesPerLine;
  }

  /** Writes an export's file; the folder shows with its first file. */
  write(folder: string, jobId: string, createdAt: Instant, name: string, lines: readonly Version[]): string {
    const path = `${folder}/${name}`;
    const url = `${blobEndpoint}/${container}/${path}`;
    this.#etags += 1;
    this.#blobs.set(url, { url, path, lines, etag: `0x${this.#etags}` });
    this.#folders.set(folder, { folder, jobId, createdAt: Math.floor(createdAt / 1_000) * 1_000 });
    return url;
  }

  /** Makes files of a folder other than they were. */
  touch(folder: string): void {
    for (const blob of this.#blobs.values()) if (blob.path.startsWith(`${folder}/`)) blob.etag += 'x';
  }

  deleteFolder(folder: string): void {
    for (const [url, blob] of this.#blobs) if (blob.path.startsWith(`${folder}/`)) this.#blobs.delete(url);
  }

  blob(url: string): Blob | undefined {
    return this.#blobs.get(url);
  }

  folders(since: Instant): readonly { readonly folder: string; readonly jobId: string; readonly createdAt: Instant }[] {
    return [...this.#folders.values()].filter(({ createdAt }) => createdAt >= since - 1_000);
  }

  filesOf(folder: string): readonly StagedFile[] {
    return [...this.#blobs.values()]
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .map(({ url, path, lines, etag }) => ({ url, path, bytes: lines.length * this.#bytesPerLine, etag }));
  }

  /** Lines of files, as a file of their own; every file is one work unit. */
  stageLines({ inputs, path }: LinesToStage): StagedLines | undefined {
    const lines = inputs.flatMap(({ url, places }) =>
      places.flatMap(({ line }) => this.#blobs.get(url)?.lines[line - 1] ?? []),
    );
    if (lines.length === 0) return undefined;
    const url = `${blobEndpoint}/${container}/${path}`;
    this.#etags += 1;
    const etag = `0x${this.#etags}`;
    this.#blobs.set(url, { url, path, lines, etag });
    return { url, etag, bytes: lines.length * this.#bytesPerLine, lines: lines.length };
  }

  writeRefused(url: string, lines: readonly RefusedLine[]): void {
    this.#refused.set(url, lines);
  }

  refused(url: string): readonly RefusedLine[] {
    return this.#refused.get(url) ?? [];
  }
}

/** As the product's adapter does: only files of the staging account. */
export function checkAddress(url: string): void {
  if (url.startsWith(`${blobEndpoint}/`)) return;
  throw new FailureError({ kind: 'unexpectedAnswer', message: 'The address is not in the staging account.' });
}
