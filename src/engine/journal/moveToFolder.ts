import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttachmentName, MigrationId } from '../ids.ts';
import type { JournalContents } from '../ports.ts';
import { attachmentFile } from './attachmentFile.ts';
import { folderMode, syncFolder, writeDurably } from './durableFile.ts';
import { fileFailure } from './fileErrors.ts';
import { attachmentFolder, FileJournal, requestFolder, type FileJournalOptions } from './fileJournal.ts';
import type { MoveTarget } from './moveJournal.ts';
import { wholeJournal } from './wholeSegment.ts';

/** Moves a journal into a folder: built beside it, and renamed when it is whole. */
export function moveToFolder(root: string, migration: MigrationId, options: FileJournalOptions = {}): MoveTarget {
  // A name that no migration has, so that an unfinished move shows nowhere.
  const unfinished = join(root, `.${migration}.moving`);
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw fileFailure(error, `write the journal of migration ${migration}`);
    }
  };
  const prepare = async (): Promise<void> => {
    for (const folder of [attachmentFolder, requestFolder])
      await mkdir(join(unfinished, folder), { recursive: true, mode: folderMode });
  };
  return {
    place: 'file',
    exists: () =>
      stat(join(root, migration)).then(
        () => true,
        () => false,
      ),
    document: (name: AttachmentName, text: string) =>
      guarded(async () => {
        await prepare();
        await writeDurably(join(unfinished, attachmentFolder, attachmentFile(name)), text);
      }),
    complete: (contents: JournalContents) =>
      guarded(async () => {
        await prepare();
        const { snapshot, segment } = wholeJournal(migration, contents);
        if (snapshot !== undefined) await writeDurably(join(unfinished, snapshot.name), snapshot.bytes);
        await writeDurably(join(unfinished, segment.name), segment.bytes);
        await rename(unfinished, join(root, migration));
        await syncFolder(root);
        await rm(unfinished, { recursive: true, force: true });
      }),
    open: () => FileJournal.open(root, migration, options),
  };
}
