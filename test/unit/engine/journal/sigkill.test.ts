import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { seeded } from '../simulation/virtualClock.ts';
import { useJournalRoot } from './folder.ts';
import { migration } from './migration.ts';
import { readJournalTail } from './tail.ts';

const writer = fileURLToPath(new URL('appendForever.ts', import.meta.url));

/** Lets a process write until it has acknowledged some records, kills it, and gives the last one. */
async function writeAndKill(root: string, records: number): Promise<number> {
  const child = spawn(process.execPath, [writer, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  let acknowledged = 0;
  let seen = 0;
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      acknowledged = Number(line);
      seen += 1;
    }
    if (seen >= records) child.kill('SIGKILL');
  });
  await once(child, 'close');
  assert.equal(child.signalCode, 'SIGKILL');
  return acknowledged;
}

describe('a process that is killed while it writes', () => {
  const root = useJournalRoot();

  it('loses nothing that it had acknowledged, and the next one goes on', async () => {
    await FileJournal.create(root(), migration);
    const random = seeded(9);
    let before = 0;
    for (let kill = 0; kill < 8; kill += 1) {
      const acknowledged = await writeAndKill(root(), 1 + Math.floor(random() * 60));
      const journal = FileJournal.open(root(), migration);
      const last = await readJournalTail(journal);
      assert.ok(last >= acknowledged && acknowledged > before, `${last} after ${acknowledged}`);
      const { records } = await journal.read();
      for (const { sequence, text } of records) assert.equal((JSON.parse(text) as { n: number }).n, sequence);
      before = last;
    }
  });
});
