import { createHash } from 'node:crypto';
import { FailureError } from '../../failure/failure.ts';
import type { AttachmentRef } from '../events.ts';
import { attachmentName } from '../ids.ts';
import type { Driver, JournalStore } from '../ports.ts';

const kept = 8;

/** Documents beside a journal, hashed when written and verified when read; the last few are kept in memory. */
export class Attachments {
  readonly #store: JournalStore;
  readonly #recent = new Map<string, unknown>();

  constructor(store: JournalStore) {
    this.#store = store;
  }

  async write(driver: Driver, name: string, content: unknown): Promise<AttachmentRef> {
    const text = JSON.stringify({ v: 1, content });
    const ref: AttachmentRef = { name: attachmentName(name), hash: hashOf(text) };
    await this.#store.attach(driver, ref.name, text);
    this.#keep(ref, content);
    return ref;
  }

  async read(ref: AttachmentRef): Promise<unknown> {
    const known = this.#recent.get(ref.hash);
    if (known !== undefined) return known;
    const text = await this.#store.readAttachment(ref.name);
    if (hashOf(text) !== ref.hash) {
      throw new FailureError({
        kind: 'journal',
        message: `The document ${ref.name} beside the journal is not the one that the journal names.`,
        nextStep: 'Restore the journal folder from a backup.',
      });
    }
    const { content } = JSON.parse(text) as { readonly content: unknown };
    this.#keep(ref, content);
    return content;
  }

  #keep(ref: AttachmentRef, content: unknown): void {
    this.#recent.delete(ref.hash);
    this.#recent.set(ref.hash, content);
    for (const hash of this.#recent.keys()) {
      if (this.#recent.size <= kept) return;
      this.#recent.delete(hash);
    }
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
