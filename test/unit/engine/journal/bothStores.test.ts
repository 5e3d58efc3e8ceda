import assert from 'node:assert/strict';
import { FailureError } from '../../../../src/failure/failure.ts';
import { attachmentName } from '../../../../src/engine/ids.ts';
import { BlobJournal } from '../../../../src/engine/journal/blobJournal.ts';
import { MemoryBlobs } from './memoryBlobs.ts';
import { migration } from './migration.ts';
import { places, type StorePlace } from './stores.ts';
import { storeContract } from './storeContract.ts';

const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');

for (const [name, openPlace] of places) {
  describe(`a journal ${name}`, () => {
    const time = { now: 1_000_000 };
    const options = { now: () => time.now, leaseMs: 10_000 };
    let place: StorePlace;
    beforeEach(async () => {
      place = await openPlace(options);
    });
    afterEach(() => place.end());

    storeContract(() => place);

    it('is driven by whoever comes after a lease has lapsed, and refuses the one before in everything', async () => {
      const first = await place.create();
      const frozen = await first.acquire('frozen');
      await first.append(frozen, 0, ['{"n":1}', '{"n":2}']);
      time.now += 6_000;
      const renewed = await first.renew(frozen);
      time.now += 6_000;
      const second = place.open();
      await assert.rejects(second.acquire('second'), /frozen/);
      time.now += 6_000;
      assert.equal(await second.driver(), undefined);
      const driver = await second.acquire('second');
      assert.equal(driver.fence, frozen.fence + 1);
      await assert.rejects(first.append(renewed, 2, ['{"n":-1}']), isJournalFailure);
      await assert.rejects(first.renew(renewed), isJournalFailure);
      await assert.rejects(first.snapshot(renewed, 2, '{}'), isJournalFailure);
      await first.request('pause');
      await assert.rejects(first.takeRequests(renewed), isJournalFailure);
      await second.attach(driver, attachmentName('result-1'), '{"of":"second"}');
      await assert.rejects(first.attach(renewed, attachmentName('result-1'), '{"of":"first"}'), isJournalFailure);
      assert.equal(await second.readAttachment(attachmentName('result-1')), '{"of":"second"}');
      await first.release(renewed);
      assert.equal((await second.driver())?.id, 'second');
      assert.deepEqual(await second.takeRequests(driver), ['pause']);
      await second.append(driver, 2, ['{"n":3}']);
      assert.deepEqual(
        (await place.open().read()).records.map(({ sequence }) => sequence),
        [1, 2, 3],
      );
      await second.release(driver);
    });

    it('grows to three times its state at most, once it is long', async () => {
      const journal = await place.create();
      const driver = await journal.acquire('p');
      const texts = Array.from({ length: 500 }, (_, index) => JSON.stringify({ n: index, pad: 'x'.repeat(1_000) }));
      await journal.append(driver, 0, texts);
      assert.equal(journal.isLong(), false);
      await journal.append(driver, 500, texts);
      assert.equal(journal.isLong(), true);
      await journal.snapshot(driver, 1_000, JSON.stringify({ state: 'y'.repeat(800_000) }));
      assert.equal(journal.isLong(), false);
      await journal.append(driver, 1_000, texts);
      await journal.append(driver, 1_500, texts);
      assert.equal(journal.isLong(), false);
      await journal.append(driver, 2_000, texts);
      assert.equal(journal.isLong(), true);
      // Known again by whoever opens it.
      await journal.release(driver);
      const next = place.open();
      const again = await next.acquire('q');
      assert.equal(next.isLong(), true);
      await next.release(again);
    });
  });
}

describe('a journal in blobs that cannot be written when somebody takes it over', () => {
  it('has no driver afterwards, so that the next attempt succeeds at once', async () => {
    const time = { now: 1_000_000 };
    const blobs = new MemoryBlobs(() => time.now);
    const options = { now: () => time.now, sleep: () => Promise.resolve() };
    await BlobJournal.create(blobs, migration, options);
    const append = blobs.append.bind(blobs);
    blobs.append = () => Promise.reject(new FailureError({ kind: 'network', message: 'It does not answer.' }));
    const journal = BlobJournal.open(blobs, migration, options);
    await assert.rejects(journal.acquire('p'), (error) => FailureError.is(error, 'network'));
    assert.equal(await BlobJournal.open(blobs, migration, options).driver(), undefined);
    blobs.append = append;
    assert.equal((await journal.acquire('p')).id, 'p');
  });
});
