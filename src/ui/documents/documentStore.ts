import { Listeners } from '../platform/listeners.ts';
import { fileNameOf } from '../words/serverText.ts';

export const documentScheme = 'fhir-migration';

/** Older documents are forgotten, so that a long session does not hold every report that it made. */
const documentsKept = 60;

/** Path and query of a document; the path ends in a real file extension, so that the editor knows its language. */
export interface DocumentAddress {
  readonly path: string;
  /** Opaque: names what is shown, holds none of it. */
  readonly key: string;
}

/** Makes documents that can be shown again after a reload, from their path alone. */
export type Rebuild = (path: string) => Promise<string> | undefined;

/** Read-only documents: reports that live as long as this window, and views that are made anew when asked for. */
export class DocumentStore {
  readonly #texts = new Map<string, string>();
  readonly #changed = new Listeners<DocumentAddress>();
  readonly #rebuild: Rebuild;
  readonly #gone: () => string;
  #nextKey = 1;

  /** @param gone text for a document of an earlier session that cannot be made anew */
  constructor(rebuild: Rebuild, gone: () => string) {
    this.#rebuild = rebuild;
    this.#gone = gone;
  }

  onChange(listener: (address: DocumentAddress) => void): () => void {
    return this.#changed.add(listener);
  }

  /** A new document, for example `reports`, `Preflight of contoso`, `md`. */
  create(folder: string, name: string, extension: string, text: string): DocumentAddress {
    const address = { path: `/${folder}/${fileNameOf(name)}.${extension}`, key: String(this.#nextKey++) };
    this.#texts.set(keyOf(address), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > documentsKept && oldest !== undefined) this.#texts.delete(oldest);
    return address;
  }

  update(address: DocumentAddress, text: string): void {
    if (this.#texts.get(keyOf(address)) === text) return;
    this.#texts.set(keyOf(address), text);
    this.#changed.fire(address);
  }

  /** Drops the text of a document; it cannot be shown again. */
  forget(address: DocumentAddress): void {
    this.#texts.delete(keyOf(address));
  }

  /** The content of a rebuilt document may have changed. */
  touch(path: string): void {
    this.#changed.fire({ path, key: '' });
  }

  async read(address: DocumentAddress): Promise<string> {
    const known = this.#texts.get(keyOf(address));
    if (known !== undefined) return known;
    return (await this.#rebuild(address.path)) ?? this.#gone();
  }
}

const keyOf = ({ path, key }: DocumentAddress): string => `${path}?${key}`;

/** Address of the journal of a migration, which is read anew whenever it is shown. */
export const journalPath = (migration: string): string => `/migrations/${migration}/journal.jsonl`;
/** Address of the summary of a migration. */
export const summaryPath = (migration: string): string => `/migrations/${migration}/summary.md`;

/** What a rebuildable path names. */
export function parseMigrationPath(
  path: string,
): { readonly migration: string; readonly view: 'journal' | 'summary' } | undefined {
  const match = /^\/migrations\/([A-Za-z0-9-]{1,100})\/(journal\.jsonl|summary\.md)$/.exec(path);
  const [, migration, file] = match ?? [];
  if (migration === undefined) return undefined;
  return { migration, view: file === 'journal.jsonl' ? 'journal' : 'summary' };
}
