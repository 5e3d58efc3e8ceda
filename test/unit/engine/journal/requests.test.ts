import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { migration } from './migration.ts';
import { journalWith, useDrivers, useJournalRoot } from './folder.ts';

describe('requests to a driver', () => {
  const root = useJournalRoot();
  const drive = useDrivers();
  const folder = (): string => join(root(), migration, 'requests');

  it('of the first version, which said all in their names, are still taken', async () => {
    const journal = await journalWith(root(), 1);
    await writeFile(join(folder(), '000000000000001-aa.pause'), '');
    await writeFile(join(folder(), '000000000000002-bb.resume'), '');
    await journal.request('cancel');
    const driver = await drive(journal, 'p');
    assert.deepEqual(await journal.takeRequests(driver), ['pause', 'resume', 'cancel']);
    assert.deepEqual(await readdir(folder()), []);
  });

  it('that this program does not understand are left for one that does', async () => {
    await journalWith(root(), 1);
    const texts = ['{"v":2,"request":"pause"}', '{"v":1,"request":"format"}', '{"v":1,"request":{}}', 'x', '[]', ''];
    for (const [index, text] of texts.entries())
      await writeFile(join(folder(), `00000000000000${index}-ab.json`), text);
    const journal = FileJournal.open(root(), migration);
    const driver = await drive(journal, 'p');
    assert.deepEqual(await journal.takeRequests(driver), []);
    assert.equal((await readdir(folder())).length, texts.length);
    await journal.request('pause');
    assert.deepEqual(await journal.takeRequests(driver), ['pause']);
  });
});
