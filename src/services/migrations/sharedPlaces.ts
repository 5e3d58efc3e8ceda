import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { folderMode, writeDurably } from '../../engine/journal/durableFile.ts';
import { errorCode, fileFailure, journalFailure } from '../../engine/journal/fileErrors.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { Plan } from '../../engine/plan.ts';

const placeSchema = v.object({
  accountName: v.string(),
  /** Blob endpoint of the account. */
  blobEndpoint: v.string(),
  tenantId: v.optional(v.string()),
});

/** A staging account in which journals are looked for. */
export type SharedPlace = v.InferOutput<typeof placeSchema>;

const documentSchema = v.object({
  v: v.literal(1),
  places: v.array(placeSchema),
  /** What this machine may drive: see `approvalOf`. */
  approved: v.array(v.string()),
});
type Document = v.InferOutput<typeof documentSchema>;

const empty: Document = { v: 1, places: [], approved: [] };

/** The staging accounts that this machine looks into for journals, and the migrations there that it may drive. */
export class SharedPlaces {
  readonly #folder: string;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async all(): Promise<readonly SharedPlace[]> {
    return (await this.#read()).places;
  }

  async add(place: SharedPlace): Promise<void> {
    const { accountName, blobEndpoint, tenantId } = place;
    const kept = { accountName, blobEndpoint, ...(tenantId === undefined ? {} : { tenantId }) };
    await this.#change((document) => ({
      ...document,
      places: [...document.places.filter((one) => !isSame(one, kept)), kept],
    }));
  }

  async remove(place: SharedPlace): Promise<void> {
    await this.#change((document) => ({
      ...document,
      places: document.places.filter((one) => !isSame(one, place)),
    }));
  }

  async isApproved(id: MigrationId, plan: Plan): Promise<boolean> {
    return (await this.#read()).approved.includes(approvalOf(id, plan));
  }

  async approve(id: MigrationId, plan: Plan): Promise<void> {
    const approval = approvalOf(id, plan);
    await this.#change((document) => ({ ...document, approved: [...new Set([...document.approved, approval])] }));
  }

  async #read(): Promise<Document> {
    let text: string;
    try {
      text = await readFile(this.#path(), 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return empty;
      throw fileFailure(error, 'read which journals are shared');
    }
    try {
      return v.parse(documentSchema, JSON.parse(text));
    } catch (error) {
      throw journalFailure(
        'The file shared.json beside the journals is not one of this program.',
        'Correct or delete it: it names the storage accounts in which shared migrations are looked for.',
        error,
      );
    }
  }

  async #change(change: (document: Document) => Document): Promise<void> {
    const done = this.#writing.then(async () => {
      const text = `${JSON.stringify(change(await this.#read()), null, 2)}\n`;
      try {
        await mkdir(this.#folder, { recursive: true, mode: folderMode });
        await writeDurably(this.#path(), text);
      } catch (error) {
        throw fileFailure(error, 'write which journals are shared');
      }
    });
    this.#writing = done.catch(() => undefined);
    await done;
  }

  #path(): string {
    return join(this.#folder, 'shared.json');
  }
}

export function isSame(one: Pick<SharedPlace, 'blobEndpoint'>, other: Pick<SharedPlace, 'blobEndpoint'>): boolean {
  return plain(one.blobEndpoint) === plain(other.blobEndpoint);
}

/** Everything in a plan that decides where this machine signs in and what it writes to. */
function approvalOf(id: MigrationId, { source, target, staging }: Plan): string {
  const parts = [source, target].map(({ kind, endpoint, audience, tenantId }) => [kind, endpoint, audience, tenantId]);
  const text = JSON.stringify([id, parts, staging.blobEndpoint, staging.container, staging.tenantId]);
  return createHash('sha256').update(text).digest('hex');
}

const plain = (endpoint: string): string => endpoint.replace(/\/+$/, '').toLowerCase();
