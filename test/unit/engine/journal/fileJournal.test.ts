import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../../../src/failure/failure.ts';
import { attachmentName, migrationId } from '../../../../src/engine/ids.ts';
import { fileFailure } from '../../../../src/engine/journal/fileErrors.ts';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { listFileJournals } from '../../../../src/engine/journal/listJournals.ts';
import { segmentName, snapshotName } from '../../../../src/engine/journal/segments.ts';
import { migration } from './migration.ts';
import { journalWith, numbersIn, useDrivers, useJournalRoot } from './folder.ts';

describe('a journal in a folder', () => {
  const root = useJournalRoot();
  const folder = (): string => join(root(), migration);
  const drive = useDrivers();

  it('keeps what was appended, in order', async () => {
    assert.deepEqual(await numbersIn(await journalWith(root(), 5)), [1, 2, 3, 4, 5]);
    assert.deepEqual(await listFileJournals(root()), [migration]);
    assert.deepEqual(await listFileJournals(join(root(), 'nowhere')), []);
  });

  it('is made only once', async () => {
    await journalWith(root(), 1);
    await assert.rejects(FileJournal.create(root(), migration), (error) => FailureError.is(error, 'journal'));
  });

  it('is for its owner only', async () => {
    const journal = await journalWith(root(), 1);
    const driver = await drive(journal, 'p');
    await journal.attach(driver, attachmentName('manifest-e0001-1'), '{}');
    await journal.request('pause');
    for (const name of [
      folder(),
      ...(await readdir(folder(), { recursive: true })).map((path) => join(folder(), path)),
    ]) {
      const { mode } = await stat(name);
      assert.equal(mode & 0o077, 0, name);
    }
  });

  it('rotates with a snapshot, and reads on from it', async () => {
    const journal = await journalWith(root(), 6);
    const driver = await drive(journal, 'p');
    await journal.snapshot(driver, 6, '{"state":6}');
    await journal.append(driver, 6, ['{"n":7}']);
    const read = await journal.read();
    assert.deepEqual(read.snapshot, { sequence: 6, text: '{"state":6}' });
    assert.deepEqual(await numbersIn(journal), [7]);
    assert.ok(!(await readdir(folder())).includes(segmentName(1)));
    await journal.release(driver);
    const again = await drive(journal, 'q');
    await journal.append(again, 7, ['{"n":8}']);
    assert.deepEqual(await numbersIn(journal), [7, 8]);
  });

  it('reads well when a rotation stopped half-way', async () => {
    const journal = await journalWith(root(), 6);
    const kept = join(root(), 'kept');
    await copyFile(join(folder(), segmentName(1)), kept);
    const driver = await drive(journal, 'p');
    await journal.snapshot(driver, 6, '{"state":6}');
    // The snapshot is there, the old segment is still there, the new one not yet.
    await rm(join(folder(), segmentName(7)));
    await copyFile(kept, join(folder(), segmentName(1)));
    const after = FileJournal.open(root(), migration, { now: () => Date.now() + 3_600_000 });
    assert.deepEqual(await numbersIn(after), []);
    const next = await drive(after, 'q');
    await after.append(next, 6, ['{"n":7}']);
    assert.deepEqual(await numbersIn(after), [7]);
  });

  it('refuses a damaged snapshot', async () => {
    const journal = await journalWith(root(), 2);
    const driver = await drive(journal, 'p');
    await journal.snapshot(driver, 2, '{"state":2}');
    await writeFile(join(folder(), snapshotName(2)), 'nonsense\n');
    await assert.rejects(journal.read(), (error) => FailureError.is(error, 'journal'));
  });

  it('keeps documents, and refuses names that lead elsewhere', async () => {
    const journal = await journalWith(root(), 1);
    const driver = await drive(journal, 'p');
    await journal.attach(driver, attachmentName('result-i0001-1'), '{"a":1}');
    assert.equal(await journal.readAttachment(attachmentName('result-i0001-1')), '{"a":1}');
    for (const name of ['../../secret', 'a/b', '.hidden', 'a..b', '']) {
      await assert.rejects(journal.attach(driver, attachmentName(name), 'x'), (error) =>
        FailureError.is(error, 'journal'),
      );
    }
    await assert.rejects(journal.readAttachment(attachmentName('missing')), (error) =>
      FailureError.is(error, 'journal'),
    );
  });

  it('hands requests to the driver once, in the order in which they were made', async () => {
    const time = { now: 1_000 };
    const journal = await journalWith(root(), 1, { now: () => time.now });
    for (const request of ['pause', 'resume', 'cancel'] as const) {
      time.now += 1;
      await journal.request(request);
    }
    const driver = await drive(journal, 'p');
    assert.deepEqual(await journal.takeRequests(driver), ['pause', 'resume', 'cancel']);
    assert.deepEqual(await journal.takeRequests(driver), []);
  });

  it('tells those who watch about records and requests of others', async () => {
    const journal = await journalWith(root(), 1);
    const seen = new EventTarget();
    const stop = FileJournal.open(root(), migration).watch(() => seen.dispatchEvent(new Event('changed')));
    try {
      // The first look of a watcher is its starting point.
      await new Promise((resolve) => setImmediate(resolve));
      const changed = once(seen, 'changed');
      const timer = setInterval(() => void journal.request('pause'), 50);
      await changed.finally(() => clearInterval(timer));
    } finally {
      stop();
    }
  });

  it('ignores what is not a journal in its root', async () => {
    await journalWith(root(), 1);
    await writeFile(join(root(), 'notes.txt'), 'x');
    await symlink(root(), join(root(), 'loop'));
    assert.deepEqual(await listFileJournals(root()), [migration]);
    assert.equal(migrationId('m1'), migration);
  });
});

describe('errors of the file system', () => {
  const withCode = (code: string): Error => Object.assign(new Error(code), { code });

  it('tell a full disk from everything else', () => {
    assert.equal(fileFailure(withCode('ENOSPC'), 'write').failure.kind, 'diskFull');
    assert.equal(fileFailure(withCode('EDQUOT'), 'write').failure.kind, 'diskFull');
    assert.equal(fileFailure(withCode('EIO'), 'write').failure.kind, 'journal');
    assert.match(fileFailure(withCode('ENOENT'), 'write').failure.nextStep ?? '', /deleted/);
  });
});
