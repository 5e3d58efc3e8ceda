import type { AttachmentName } from '../ids.ts';
import type { JournalStore } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';

/** A file that this program wrote to the staging account itself. */
export interface WrittenFile {
  readonly url: string;
  /** Of what was written. */
  readonly etag: string;
}

/**
 * What a migration left in the staging account beside the folders of its windows. Addresses come from documents beside
 * the journal: whoever uses them checks them first.
 */
export interface Leftovers {
  /** Job ids of every export that it started or adopted: each may have left a folder, whatever became of it. */
  readonly exportJobs: readonly string[];
  /** Error files of its imports. */
  readonly errorFiles: readonly string[];
  /** Lines that were staged once more. */
  readonly retried: readonly WrittenFile[];
  /** Documents that could not be read: what they name is not known. */
  readonly unreadable: number;
}

/** Reads the documents beside a journal for what they name in the staging account. */
export async function leftovers(
  state: Pick<MigrationState, 'exportJobs'>,
  store: Pick<JournalStore, 'documents' | 'readAttachment'>,
): Promise<Leftovers> {
  const errorFiles = new Set<string>();
  const retried = new Map<string, WrittenFile>();
  let unreadable = 0;
  for (const name of await store.documents()) {
    if (!name.startsWith('result-') && !name.startsWith('retry-')) continue;
    const files = await filesIn(store, name);
    if (files === undefined) unreadable += 1;
    for (const { url, etag } of files ?? []) {
      if (name.startsWith('result-')) errorFiles.add(url);
      else if (etag !== undefined) retried.set(url, { url, etag });
    }
  }
  return { exportJobs: [...state.exportJobs], errorFiles: [...errorFiles], retried: [...retried.values()], unreadable };
}

interface NamedFile {
  readonly url: string;
  readonly etag: string | undefined;
}

async function filesIn(
  store: Pick<JournalStore, 'readAttachment'>,
  name: AttachmentName,
): Promise<readonly NamedFile[] | undefined> {
  try {
    const parsed = JSON.parse(await store.readAttachment(name)) as { readonly content?: unknown };
    if (!Array.isArray(parsed.content)) return undefined;
    return (parsed.content as readonly unknown[]).flatMap((item) => {
      if (typeof item !== 'object' || item === null || !('url' in item) || typeof item.url !== 'string') return [];
      return [{ url: item.url, etag: 'etag' in item && typeof item.etag === 'string' ? item.etag : undefined }];
    });
  } catch {
    return undefined;
  }
}
