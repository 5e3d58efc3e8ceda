import type { JournalStore } from '../../../../src/engine/ports.ts';

/** Sequence of the last record. */
export async function readJournalTail(journal: JournalStore): Promise<number> {
  const { records, snapshot } = await journal.read();
  return records.at(-1)?.sequence ?? snapshot?.sequence ?? 0;
}
