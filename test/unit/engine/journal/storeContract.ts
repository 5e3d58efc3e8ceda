import assert from 'node:assert/strict';
import { FailureError } from '../../../../src/failure/failure.ts';
import { attachmentName } from '../../../../src/engine/ids.ts';
import type { JournalStore } from '../../../../src/engine/ports.ts';
import type { StorePlace } from './stores.ts';

const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');

async function numbers(journal: JournalStore): Promise<readonly number[]> {
  return (await journal.read()).records.map(({ text }) => (JSON.parse(text) as { readonly n: number }).n);
}

/** What every store of journals has to do, wherever it keeps them. */
export function storeContract(place: () => StorePlace): void {
  it('keeps what was appended, in order, for everybody', async () => {
    const journal = await place().create();
    const driver = await journal.acquire('p');
    assert.equal(await journal.append(driver, 0, ['{"n":1}', '{"n":2,"text":"é\\n"}']), 2);
    assert.equal(await journal.append(driver, 2, ['{"n":3}']), 3);
    const other = place().open();
    assert.deepEqual(await numbers(other), [1, 2, 3]);
    await journal.append(driver, 3, ['{"n":4}']);
    assert.deepEqual(await numbers(other), [1, 2, 3, 4]);
    await journal.release(driver);
  });

  it('is made only once', async () => {
    await place().create();
    await assert.rejects(place().create(), isJournalFailure);
  });

  it('that is not there says so', async () => {
    await assert.rejects(place().open().read(), isJournalFailure);
    await assert.rejects(place().open().acquire('p'), isJournalFailure);
  });

  it('has one driver, however many try at once', async () => {
    await place().create();
    for (let race = 0; race < 5; race += 1) {
      const journals = Array.from({ length: 4 }, () => place().open());
      const tries = await Promise.allSettled(journals.map((journal, index) => journal.acquire(`p${index}`)));
      const winners = tries.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
      assert.equal(winners.length, 1);
      const [driver] = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      assert.ok(driver !== undefined);
      await journals[winners[0] ?? 0]?.release(driver);
    }
  });

  it('refuses to write after another sequence than the last, and without a driver', async () => {
    const journal = await place().create();
    const driver = await journal.acquire('p');
    await journal.append(driver, 0, ['{"n":1}']);
    await assert.rejects(journal.append(driver, 0, ['{"n":1}']), isJournalFailure);
    await assert.rejects(journal.append(driver, 2, ['{"n":1}']), isJournalFailure);
    await assert.rejects(place().open().append(driver, 1, ['{"n":2}']), isJournalFailure);
    await journal.release(driver);
    await assert.rejects(journal.append(driver, 1, ['{"n":2}']), isJournalFailure);
  });

  it('rotates with a snapshot, and is read and written on from it by anybody', async () => {
    const journal = await place().create();
    const driver = await journal.acquire('p');
    await journal.append(driver, 0, ['{"n":1}', '{"n":2}']);
    await journal.snapshot(driver, 2, '{"state":2}');
    await journal.append(driver, 2, ['{"n":3}']);
    const other = place().open();
    assert.deepEqual((await other.read()).snapshot, { sequence: 2, text: '{"state":2}' });
    assert.deepEqual(await numbers(other), [3]);
    await journal.snapshot(driver, 3, '{"state":3}');
    await journal.release(driver);
    const next = await other.acquire('q');
    await other.append(next, 3, ['{"n":4}']);
    assert.deepEqual((await journal.read()).snapshot, { sequence: 3, text: '{"state":3}' });
    assert.deepEqual(await numbers(journal), [4]);
    await other.release(next);
  });

  it('keeps documents, replaces them for its driver, and refuses names that lead elsewhere', async () => {
    const journal = await place().create();
    const driver = await journal.acquire('p');
    await journal.attach(driver, attachmentName('result-i0001-1'), '{"a":1}');
    await journal.attach(driver, attachmentName('result-i0001-1'), '{"a":2}');
    assert.equal(await place().open().readAttachment(attachmentName('result-i0001-1')), '{"a":2}');
    assert.deepEqual(await journal.documents(), ['result-i0001-1']);
    for (const name of ['../../secret', 'a/b', '.hidden', 'a..b', '']) {
      await assert.rejects(journal.attach(driver, attachmentName(name), 'x'), isJournalFailure);
    }
    await assert.rejects(journal.readAttachment(attachmentName('missing')), isJournalFailure);
    await journal.release(driver);
  });

  it('hands requests to the driver once', async () => {
    const journal = await place().create();
    const driver = await journal.acquire('p');
    await place().open().request('pause');
    assert.deepEqual(await journal.takeRequests(driver), ['pause']);
    assert.deepEqual(await journal.takeRequests(driver), []);
    await journal.release(driver);
  });

  it('that was moved says where to, and cannot be driven', async () => {
    const journal = await place().create();
    const driver = await journal.acquire('p');
    await journal.append(driver, 0, ['{"n":1}']);
    await journal.markMoved(driver, 'staging');
    await journal.release(driver);
    const other = place().open();
    assert.equal((await other.read()).movedTo, 'staging');
    await assert.rejects(other.acquire('q'), /moved into the staging account/);
  });
}
