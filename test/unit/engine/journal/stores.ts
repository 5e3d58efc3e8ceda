import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobJournal } from '../../../../src/engine/journal/blobJournal.ts';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import type { JournalBlobs } from '../../../../src/engine/journal/journalBlobs.ts';
import type { Instant, JournalStore } from '../../../../src/engine/ports.ts';
import { MemoryBlobs } from './memoryBlobs.ts';
import { migration } from './migration.ts';

/** How two processes on a simulated clock come by the same journal. */
export interface StorePlace {
  create(): Promise<JournalStore>;
  /** Another process opens it. */
  open(): JournalStore;
  end(): Promise<void>;
}

export interface PlaceOptions {
  readonly now: () => Instant;
  readonly leaseMs: number;
}

/** A journal in a folder of its own. */
export async function inFolder(options: PlaceOptions): Promise<StorePlace> {
  const root = await mkdtemp(join(tmpdir(), 'journal-'));
  return {
    create: () => FileJournal.create(root, migration, options),
    open: () => FileJournal.open(root, migration, options),
    end: () => rm(root, { recursive: true, force: true }),
  };
}

/** A journal in blobs, those of memory unless others are given. */
export function inBlobs(options: PlaceOptions, blobs: JournalBlobs = new MemoryBlobs(options.now)): StorePlace {
  return {
    create: () => BlobJournal.create(blobs, migration, options),
    open: () => BlobJournal.open(blobs, migration, options),
    end: () => Promise.resolve(),
  };
}

/** Both kinds of place, by the name that tests give them. */
export const places: readonly (readonly [string, (options: PlaceOptions) => Promise<StorePlace>])[] = [
  ['in a folder', inFolder],
  ['in blobs', (options: PlaceOptions): Promise<StorePlace> => Promise.resolve(inBlobs(options))],
];
