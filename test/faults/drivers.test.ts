import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FailureError } from '../../src/failure/failure.ts';
import { attachmentName } from '../../src/engine/ids.ts';
import { FileJournal } from '../../src/engine/journal/fileJournal.ts';
import { migration } from '../unit/engine/journal/migration.ts';
import { places } from '../unit/engine/journal/stores.ts';

const program = fileURLToPath(new URL('raceProcess.ts', import.meta.url));
const isJournalFailure = (error: unknown): boolean => FailureError.is(error, 'journal');

interface Told {
  readonly won: boolean;
}

async function told(child: ChildProcess): Promise<Told> {
  const [message] = (await once(child, 'message')) as [Told];
  return message;
}

async function withRoot(work: (root: string) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'drivers-'));
  try {
    await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

describe('the one driver of a journal', function () {
  this.timeout(120_000);

  it('is one of two processes, in each of 200 races', () =>
    withRoot(async (root) => {
      await FileJournal.create(root, migration);
      const children = [fork(program, [root]), fork(program, [root])];
      try {
        await Promise.all(children.map(told));
        const wins = [0, 0];
        for (let race = 0; race < 200; race += 1) {
          const results = Promise.all(children.map(told));
          for (const child of children) child.send('race');
          const winners = (await results).flatMap(({ won }, index) => (won ? [index] : []));
          assert.equal(winners.length, 1, `race ${race}`);
          const [winner = 0] = winners;
          wins[winner] = (wins[winner] ?? 0) + 1;
          const released = Promise.all(children.map(told));
          for (const child of children) child.send('release');
          await released;
        }
        assert.equal((wins[0] ?? 0) + (wins[1] ?? 0), 200);
      } finally {
        const ended = Promise.all(children.map((child) => once(child, 'exit')));
        for (const child of children) child.disconnect();
        await ended;
      }
    }));

  for (const [name, openPlace] of places) {
    it(`is refused when it thaws after another has taken over, 100 times of 100 (${name})`, async () => {
      const time = { now: 1_000_000 };
      const place = await openPlace({ now: () => time.now, leaseMs: 60_000 });
      try {
        await place.create();
        let sequence = 0;
        for (let round = 0; round < 100; round += 1) {
          const first = place.open();
          const frozen = await first.acquire(`frozen-${round}`);
          sequence = await first.append(frozen, sequence, [`{"n":${sequence + 1}}`]);
          // Ten minutes in which the process does nothing.
          time.now += 600_000;
          const second = place.open();
          const driver = await second.acquire(`next-${round}`);
          // It thaws before or after the next one has written.
          if (round % 2 === 0) sequence = await second.append(driver, sequence, [`{"n":${sequence + 1}}`]);
          const attempts = [
            () => first.append(frozen, sequence, ['{"n":-1}']),
            () => first.renew(frozen),
            () => first.append(frozen, sequence - 1, ['{"n":-1}']),
          ];
          const attempt = attempts[round % attempts.length];
          assert.ok(attempt !== undefined);
          await assert.rejects(attempt, isJournalFailure);
          if (round % 5 === 0) {
            await second.attach(driver, attachmentName(`d-${round}`), '{"of":"second"}');
            await assert.rejects(first.attach(frozen, attachmentName(`d-${round}`), '{}'), isJournalFailure);
          }
          await first.release(frozen);
          await second.release(driver);
        }
        const { records, damage, torn } = await place.open().read();
        assert.ok(damage === undefined && !torn);
        assert.deepEqual(
          records.map(({ text }) => (JSON.parse(text) as { readonly n: number }).n),
          Array.from({ length: sequence }, (_, index) => index + 1),
        );
      } finally {
        await place.end();
      }
    });
  }

  it('is refused when its process was stopped and goes on after another has taken over', () =>
    withRoot(async (root) => {
      await FileJournal.create(root, migration);
      for (let round = 0; round < 5; round += 1) {
        const child = fork(program, [root]);
        await told(child);
        child.send('race');
        assert.equal((await told(child)).won, true);
        child.kill('SIGSTOP');
        const later = Date.now() + 600_000 * (round + 1);
        const journal = FileJournal.open(root, migration, { now: () => later, leaseMs: 1 });
        const driver = await journal.acquire('second');
        const { records } = await journal.read();
        await journal.append(driver, records.length, ['{"of":"second"}']);
        child.kill('SIGCONT');
        child.send('append');
        assert.equal((await told(child)).won, false);
        await journal.release(driver);
        const ended = once(child, 'exit');
        child.disconnect();
        await ended;
      }
    }));
});
