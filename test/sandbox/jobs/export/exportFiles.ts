import type { BlobAccount } from '../../blob/blobAccount.ts';
import type { BlobWriter } from '../../blob/blobWriter.ts';

/** One entry of a manifest's `output`. */
export interface ExportedFile {
  readonly type: string;
  readonly url: string;
  /** Lines in the file. */
  count: number;
}

/** In place of a type: bundles of deletions. */
export const deletions = 'deleted';

/** Where the files of one export go: `{yyyyMMddTHHmmss}-{jobId}/` in a given container, else a container of its own. */
export interface ExportFolder {
  readonly account: BlobAccount;
  readonly container: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** @param createdAt sandbox milliseconds at which the job was created */
export function exportFolder(
  account: BlobAccount,
  jobId: string,
  createdAt: number,
  container: string | undefined,
): ExportFolder {
  // Containers have names of at least 3 characters, hence the word before the number.
  if (container === undefined) return { account, container: `export-${jobId}`, prefix: '' };
  const time = new Date(createdAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return { account, container, prefix: `${time}-${jobId}/` };
}

/** The files of one worker, one per type. */
export class WorkerFiles {
  readonly #folder: ExportFolder;
  readonly #workerId: string;
  readonly #open = new Map<string, { readonly writer: BlobWriter; readonly file: ExportedFile }>();

  constructor(folder: ExportFolder, workerId: string) {
    this.#folder = folder;
    this.#workerId = workerId;
  }

  async add(type: string, lines: readonly string[]): Promise<void> {
    let open = this.#open.get(type);
    if (open === undefined) {
      const { account, container, prefix } = this.#folder;
      const writer = account.writer(container, `${prefix}${type}-${this.#workerId}-1.ndjson`);
      open = { writer, file: { type, url: writer.url, count: 0 } };
      this.#open.set(type, open);
    }
    open.file.count += lines.length;
    await open.writer.add(lines.join(''));
  }

  /** Makes the files readable, but for one whose type is `without`, which is lost. */
  async commit(without?: string): Promise<readonly ExportedFile[]> {
    const kept = [...this.#open.values()].filter(({ file }) => file.type !== without);
    await Promise.all(kept.map(({ writer }) => writer.commit()));
    return kept.map(({ file }) => file);
  }
}
