/*
 * A process that drives a journal and writes records until it is killed: `node appendForever.ts ROOT`. Prints the
 * sequence of every record that was acknowledged.
 */
import { readJournalTail } from './tail.ts';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { attachmentName } from '../../../../src/engine/ids.ts';
import { migration } from './migration.ts';

const [root = ''] = process.argv.slice(2);
const journal = FileJournal.open(root, migration, { leaseMs: 1 });
const driver = await journal.acquire(`process-${process.pid}`);
let sequence = await readJournalTail(journal);
for (;;) {
  const next = [sequence + 1, sequence + 2].map((n) => JSON.stringify({ n, pad: 'x'.repeat(n % 900) }));
  sequence = await journal.append(driver, sequence, next);
  process.stdout.write(`${sequence}\n`);
  if (sequence % 20 === 0) await journal.attach(driver, attachmentName(`document-${sequence}`), `{"n":${sequence}}`);
  if (sequence % 50 === 0) await journal.snapshot(driver, sequence, JSON.stringify({ sequence }));
}
