import type { AttachmentName, MigrationId } from '../ids.ts';
import type { JournalContents } from '../ports.ts';
import { attachmentFile } from './attachmentFile.ts';
import { BlobJournal, blobsOf, type BlobJournalOptions } from './blobJournal.ts';
import { journalFailure } from './fileErrors.ts';
import type { JournalBlobs } from './journalBlobs.ts';
import type { MoveTarget } from './moveJournal.ts';
import { segmentNumbers } from './segments.ts';
import { wholeJournal } from './wholeSegment.ts';

/** Moves a journal into blobs: there is none before its segment is appended, and then all of it is there. */
export function moveToBlobs(blobs: JournalBlobs, migration: MigrationId, options: BlobJournalOptions = {}): MoveTarget {
  const names = blobsOf(migration);
  let isBegun = false;
  return {
    place: 'staging',
    exists: async () => {
      const listed = await blobs.list(names.log);
      const segments = listed.filter(({ bytes }) => bytes > 0).map(({ name }) => name.slice(names.log.length));
      return segmentNumbers(segments).length > 0;
    },
    document: async (name: AttachmentName, text: string) => {
      // The container comes with the first append blob.
      if (!isBegun) await blobs.create(`${names.log}begun`);
      isBegun = true;
      await blobs.write(`${names.documents}${attachmentFile(name)}`, Buffer.from(text), 'anything');
    },
    complete: async (contents: JournalContents) => {
      const { snapshot, segment } = wholeJournal(migration, contents);
      const name = `${names.log}${segment.name}`;
      await blobs.create(name);
      if (snapshot !== undefined) await blobs.write(`${names.log}${snapshot.name}`, snapshot.bytes, 'anything');
      if (await blobs.append(name, 0, segment.bytes)) return;
      const there = await blobs.read(name, 0);
      if (there?.bytes.equals(segment.bytes) === true) return;
      throw journalFailure('There is a journal of this migration in the staging account already.', 'Open that one.');
    },
    open: () => BlobJournal.open(blobs, migration, options),
  };
}

/** Removes a migration's journal with everything beside it; its segments first, so that nobody takes it for whole. */
export async function deleteBlobJournal(blobs: JournalBlobs, migration: MigrationId): Promise<void> {
  const { log, documents } = blobsOf(migration);
  for (const prefix of [log, documents]) {
    for (const { name } of await blobs.list(prefix)) await blobs.remove(name);
  }
}
