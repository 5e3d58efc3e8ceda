import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../../../../src/failure/failure.ts';
import { attachmentName } from '../../../../src/engine/ids.ts';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { listFileJournals } from '../../../../src/engine/journal/listJournals.ts';
import { moveJournal, type MoveTarget } from '../../../../src/engine/journal/moveJournal.ts';
import { deleteBlobJournal, moveToBlobs } from '../../../../src/engine/journal/moveToBlobs.ts';
import { moveToFolder } from '../../../../src/engine/journal/moveToFolder.ts';
import type { JournalStore } from '../../../../src/engine/ports.ts';
import { MemoryBlobs } from './memoryBlobs.ts';
import { migration } from './migration.ts';

const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');
const document = attachmentName('manifest-e0001-1');

describe('moving a journal', () => {
  let root = '';
  let blobs: MemoryBlobs;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'journal-'));
    blobs = new MemoryBlobs();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const filled = async (): Promise<FileJournal> => {
    const journal = await FileJournal.create(root, migration);
    const driver = await journal.acquire('p');
    await journal.append(driver, 0, ['{"n":1}', '{"n":2}']);
    await journal.attach(driver, document, '{"files":[]}');
    await journal.snapshot(driver, 2, '{"state":2}');
    await journal.append(driver, 2, ['{"n":3}']);
    await journal.release(driver);
    return journal;
  };
  const assertWhole = async (journal: JournalStore): Promise<void> => {
    const { snapshot, records, damage, torn } = await journal.read();
    assert.deepEqual(snapshot, { sequence: 2, text: '{"state":2}' });
    assert.deepEqual(records, [{ sequence: 3, text: '{"n":3}' }]);
    assert.ok(damage === undefined && !torn);
    assert.equal(await journal.readAttachment(document), '{"files":[]}');
  };

  it('takes everything along, to blobs and back, and it is driven only where it is', async () => {
    const file = await filled();
    await file.request('pause');
    const shared = await moveJournal(file, moveToBlobs(blobs, migration), 'mover');
    await assertWhole(shared);
    await assert.rejects(file.acquire('q'), /moved into the staging account/);
    await rm(join(root, migration), { recursive: true });
    const driver = await shared.acquire('q');
    assert.deepEqual(await shared.takeRequests(driver), ['pause']);
    await assert.rejects(moveJournal(shared, moveToFolder(root, migration), 'mover'), isJournalFailure);
    await shared.release(driver);
    const back = await moveJournal(shared, moveToFolder(root, migration), 'mover');
    await assertWhole(back);
    await assert.rejects(shared.acquire('q'), isJournalFailure);
    await deleteBlobJournal(blobs, migration);
    assert.equal(blobs.stored.size, 0);
    assert.deepEqual(await listFileJournals(root), [migration]);
    assert.deepEqual(await readdir(root), [migration]);
    const again = await back.acquire('r');
    assert.equal(await back.append(again, 3, ['{"n":4}']), 4);
    await back.release(again);
  });

  for (const step of ['document', 'complete', 'exists'] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`that dies ${when} its step ${step} leaves one journal to drive, and is finished by moving again`, async () => {
        const file = await filled();
        const target = moveToBlobs(blobs, migration);
        const broken: MoveTarget = { ...target, [step]: dying(target, step, when) };
        await assert.rejects(moveJournal(file, broken, 'mover'), /died/);
        const isMoved = (await file.read()).movedTo !== undefined;
        const isThere = await target.exists();
        if (!isMoved) assert.equal(isThere, false);
        const late = FileJournal.open(root, migration, { now: () => Date.now() + 3_600_000 });
        await assertWhole(await moveJournal(late, target, 'mover'));
        await assert.rejects(late.acquire('q'), isJournalFailure);
      });
    }
  }

  it('refuses to overwrite another journal of the same name', async () => {
    const file = await filled();
    await moveJournal(file, moveToBlobs(blobs, migration), 'mover');
    await rm(join(root, migration), { recursive: true });
    await assert.rejects(moveJournal(await filled(), moveToBlobs(blobs, migration), 'mover'), /already/);
  });
});

function dying(
  target: MoveTarget,
  step: 'document' | 'complete' | 'exists',
  when: 'before' | 'after',
): (...args: readonly unknown[]) => Promise<never> {
  return async (...args: readonly unknown[]): Promise<never> => {
    const acts = target as unknown as Readonly<Record<string, (...given: readonly unknown[]) => Promise<unknown>>>;
    if (when === 'after') await acts[step]?.(...args);
    throw new Error('died');
  };
}
