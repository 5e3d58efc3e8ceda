import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../../../src/failure/failure.ts';
import { FileJournal } from '../../../../src/engine/journal/fileJournal.ts';
import { encodeLine, readLines } from '../../../../src/engine/journal/recordLine.ts';
import { segmentHeader, segmentName } from '../../../../src/engine/journal/segments.ts';
import { migrationId } from '../../../../src/engine/ids.ts';
import { seeded } from '../simulation/virtualClock.ts';
import { migration } from './migration.ts';
import { journalWith, numbersIn, useJournalRoot } from './folder.ts';

const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');

describe('a journal file', () => {
  const root = useJournalRoot();
  const file = (): string => join(root(), migration, segmentName(1));

  it('torn at any byte of its last three records opens, loses at most one, and is written on', async () => {
    await journalWith(root(), 8);
    const whole = await readFile(file());
    const { lines } = readLines(whole);
    const tail = lines
      .slice(-3)
      .reduce((sum, line) => sum + encodeLine(line.fence, line.sequence, line.text).length, 0);
    for (let length = whole.length; length >= whole.length - tail; length -= 1) {
      const cut = whole.subarray(0, length);
      await writeFile(file(), cut);
      const complete = readLines(cut).lines.filter(({ sequence }) => sequence > 0).length;
      const journal = FileJournal.open(root(), migration, { now: () => Date.now() + 3_600_000 });
      assert.equal((await numbersIn(journal)).length, complete);
      const driver = await journal.acquire('next');
      assert.equal(await journal.append(driver, complete, ['{"n":99}']), complete + 1);
      await journal.release(driver);
      assert.equal((await numbersIn(journal)).at(-1), 99);
      assert.equal((await journal.read()).torn, false);
    }
  });

  it('with any single bit flipped can be looked at up to there, and not be driven', async () => {
    await journalWith(root(), 12);
    const whole = await readFile(file());
    const random = seeded(3);
    for (let flip = 0; flip < 1_000; flip += 1) {
      const bit = Math.floor(random() * whole.length * 8);
      const bytes = Buffer.from(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const read = readLines(bytes);
      assert.ok(read.damagedLine !== undefined, `bit ${bit} of ${whole.length * 8}`);
      if (flip % 100 !== 0) continue;
      await writeFile(file(), bytes);
      const journal = FileJournal.open(root(), migration);
      await assert.rejects(journal.acquire('next'), isJournalFailure);
      const contents = await journal.read().catch((error: unknown) => {
        // The very first line says whose journal this is: without it nothing can be read.
        assert.ok(isJournalFailure(error) && read.damagedLine === 1);
      });
      if (contents === undefined) continue;
      assert.equal(contents.damage?.kind, 'journal');
      assert.equal(contents.records.length, read.lines.filter(({ sequence }) => sequence > 0).length);
    }
  });

  it('of another migration, another program or a newer version is refused', async () => {
    await journalWith(root(), 1);
    const journal = FileJournal.open(root(), migration);
    for (const header of [
      segmentHeader(migrationId('other')),
      '{"journal":"something-else","v":1}',
      '{"journal":"fhir-migration","v":2,"migration":"m1"}',
      'not json',
    ]) {
      await writeFile(file(), encodeLine(0, 0, header));
      await assert.rejects(journal.read(), isJournalFailure, header);
    }
    await writeFile(file(), 'PK\u0003\u0004 some other file\n');
    await assert.rejects(journal.read(), isJournalFailure);
  });

  it('with a record missing in the middle can be looked at up to there, and not be driven', async () => {
    await journalWith(root(), 5);
    const whole = await readFile(file());
    const { lines } = readLines(whole);
    const kept = lines.filter(({ sequence }) => sequence !== 3);
    await writeFile(file(), Buffer.concat(kept.map((line) => encodeLine(line.fence, line.sequence, line.text))));
    const journal = FileJournal.open(root(), migration);
    assert.deepEqual(await numbersIn(journal), [1, 2]);
    assert.equal((await journal.read()).damage?.kind, 'journal');
    await assert.rejects(journal.acquire('next'), isJournalFailure);
  });

  it('that is not there says so', async () => {
    await assert.rejects(FileJournal.open(root(), migration).read(), isJournalFailure);
  });
});
