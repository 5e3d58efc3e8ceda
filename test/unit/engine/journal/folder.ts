import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '../../../../src/engine/ports.ts';
import { FileJournal, type FileJournalOptions } from '../../../../src/engine/journal/fileJournal.ts';
import { migration } from './migration.ts';

/** A folder for journals that goes away after each test. */
export function useJournalRoot(): () => string {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  return () => root;
}

/** Becomes the driver of a journal for the rest of a test. */
export function useDrivers(): (journal: FileJournal, id: string) => Promise<Driver> {
  const held: (() => Promise<void>)[] = [];
  afterEach(async () => {
    // A folder that a test has deleted has no lease to give back.
    for (const release of held.splice(0)) await release().catch(() => undefined);
  });
  return async (journal, id) => {
    const driver = await journal.acquire(id);
    held.push(() => journal.release(driver));
    return driver;
  };
}

/** A new journal with records `{"n":1}` to `{"n":count}`, given back by its driver. */
export async function journalWith(root: string, count: number, options?: FileJournalOptions): Promise<FileJournal> {
  const journal = await FileJournal.create(root, migration, options);
  const driver = await journal.acquire('writer');
  for (let number = 1; number <= count; number += 1) {
    await journal.append(driver, number - 1, [JSON.stringify({ n: number, pad: 'é'.repeat(number % 7) })]);
  }
  await journal.release(driver);
  return journal;
}

/** The numbers of the records that a journal holds. */
export async function numbersIn(journal: FileJournal): Promise<readonly number[]> {
  const { records } = await journal.read();
  return records.map(({ text }) => (JSON.parse(text) as { readonly n: number }).n);
}
