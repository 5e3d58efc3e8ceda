/*
 * A process that tries to drive a journal, gives it back, or writes to it, whenever it is told to: `node raceProcess.ts
 * ROOT`. Tells each time whether it could.
 */
import { FileJournal } from '../../src/engine/journal/fileJournal.ts';
import type { Driver } from '../../src/engine/ports.ts';
import { migration } from '../unit/engine/journal/migration.ts';
import { readJournalTail } from '../unit/engine/journal/tail.ts';

const [root = ''] = process.argv.slice(2);
const journal = FileJournal.open(root, migration);
let driver: Driver | undefined;

async function obey(order: 'race' | 'release' | 'append'): Promise<void> {
  switch (order) {
    case 'race':
      driver = await journal.acquire(`process-${process.pid}`);
      return;
    case 'release':
      if (driver !== undefined) await journal.release(driver);
      driver = undefined;
      return;
    case 'append':
      if (driver === undefined) throw new Error('Not the driver.');
      await journal.append(driver, await readJournalTail(journal), ['{"of":"first"}']);
  }
}

process.on('message', (order: 'race' | 'release' | 'append') => {
  obey(order).then(
    () => process.send?.({ won: true }),
    () => process.send?.({ won: false }),
  );
});
process.send?.({ won: false });
