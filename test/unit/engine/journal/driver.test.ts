import assert from 'node:assert/strict';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../../../src/failure/failure.ts';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { encodeLine } from '../../../../src/engine/journal/recordLine.ts';
import { segmentName } from '../../../../src/engine/journal/segments.ts';
import { migration } from './migration.ts';
import { journalWith, numbersIn, useDrivers, useJournalRoot } from './folder.ts';

const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');

describe('the driver of a journal', () => {
  const root = useJournalRoot();
  const drive = useDrivers();

  it('is one at a time, however many try at once', async () => {
    await journalWith(root(), 1);
    for (let race = 0; race < 40; race += 1) {
      const journals = Array.from({ length: 6 }, () => FileJournal.open(root(), migration));
      const tries = await Promise.allSettled(journals.map((journal, index) => journal.acquire(`p${index}`)));
      const winners = tries.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
      assert.equal(winners.length, 1);
      const [index] = winners;
      const [driver] = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      assert.ok(index !== undefined && driver !== undefined);
      await journals[index]?.release(driver);
    }
  });

  it('is named to others until its lease lapses', async () => {
    const time = { now: 1_000_000 };
    const options = { now: () => time.now, leaseMs: 10_000 };
    const first = await journalWith(root(), 1, options);
    const driver = await drive(first, 'first');
    const second = FileJournal.open(root(), migration, options);
    assert.equal((await second.driver())?.id, 'first');
    await assert.rejects(second.acquire('second'), /first/);
    time.now += 6_000;
    await first.renew(driver);
    time.now += 6_000;
    await assert.rejects(second.acquire('second'), isJournalFailure);
    time.now += 6_000;
    assert.equal(await second.driver(), undefined);
    const next = await drive(second, 'second');
    assert.equal(next.fence, driver.fence + 1);
  });

  it('cannot write, renew, rotate or attach once it was superseded', async () => {
    const time = { now: 1_000_000 };
    const options = { now: () => time.now, leaseMs: 10_000 };
    const first = await journalWith(root(), 2, options);
    const driver = await drive(first, 'frozen');
    time.now += 20_000;
    const second = FileJournal.open(root(), migration, options);
    const next = await drive(second, 'second');
    await second.append(next, 2, ['{"n":3}']);
    await assert.rejects(first.append(driver, 2, ['{"n":-1}']), isJournalFailure);
    await assert.rejects(first.renew(driver), isJournalFailure);
    await assert.rejects(first.snapshot(driver, 2, '{}'), isJournalFailure);
    await assert.rejects(first.takeRequests(driver), isJournalFailure);
    await first.release(driver);
    assert.equal((await second.driver())?.id, 'second');
    await second.append(next, 3, ['{"n":4}']);
    assert.deepEqual(await numbersIn(second), [1, 2, 3, 4]);
  });

  it('is not stopped by a line of a superseded one that came too late, which nobody reads', async () => {
    const journal = await journalWith(root(), 2);
    const driver = await drive(journal, 'second');
    await appendFile(join(root(), migration, segmentName(1)), encodeLine(driver.fence - 1, 3, '{"n":-1}'));
    assert.equal(await journal.append(driver, 2, ['{"n":3}', '{"n":4}']), 4);
    assert.deepEqual(await numbersIn(journal), [1, 2, 3, 4]);
  });

  it('is stopped when the journal grew by somebody else’s hand, or is gone', async () => {
    const journal = await journalWith(root(), 2);
    const driver = await drive(journal, 'second');
    await appendFile(join(root(), migration, segmentName(1)), encodeLine(driver.fence, 3, '{"n":3}'));
    await assert.rejects(journal.append(driver, 2, ['{"n":3}']), isJournalFailure);
    await rm(join(root(), migration), { recursive: true });
    await assert.rejects(journal.append(driver, 3, ['{"n":4}']), isJournalFailure);
  });

  it('refuses to write after another sequence than the last', async () => {
    const journal = await journalWith(root(), 2);
    const driver = await drive(journal, 'second');
    await assert.rejects(journal.append(driver, 1, ['{"n":2}']), isJournalFailure);
  });
});
