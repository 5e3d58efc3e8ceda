import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileJournal } from '../../src/engine/journal/fileJournal.ts';
import { readJournal } from '../../src/engine/journal/readJournal.ts';
import { toFailure } from '../../src/failure/failure.ts';
import { migration } from '../unit/engine/journal/migration.ts';
import { check } from '../unit/engine/simulation/checker.ts';
import { scripted } from '../unit/engine/simulation/script.ts';
import { seeded } from '../unit/engine/simulation/virtualClock.ts';
import { minute, type World } from '../unit/engine/simulation/world.ts';
import { ScaledClock } from './scaledClock.ts';

const program = fileURLToPath(new URL('driveProcess.ts', import.meta.url));
/** A minute of a migration in 30 milliseconds. */
const scale = 2_000;
const killsInAll = 60;

interface Question {
  readonly id: number;
  readonly port: 'source' | 'target' | 'staging';
  readonly method: string;
  readonly args: readonly unknown[];
}
interface Ended {
  readonly ended: string;
}

/** Answers one question of a child from the services of this process. */
async function answer(world: World, child: ChildProcess, { id, port, method, args }: Question): Promise<void> {
  const ports = world.outside()[port] as unknown as Readonly<Record<string, (...given: unknown[]) => unknown>>;
  let reply: object;
  try {
    let value = await ports[method]?.(...args, new AbortController().signal);
    if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) {
      value = await collected(value as AsyncIterable<unknown>);
    }
    reply = { id, value };
  } catch (error) {
    reply = { id, failure: toFailure(error) };
  }
  // Whoever asked may be dead by now.
  if (child.connected) child.send(reply, () => undefined);
}

async function collected(items: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Lets a process drive until it ends, or until it has asked so often and is killed. Gives how it ended. */
async function drive(world: World, root: string, startedAt: number, killAfter: number): Promise<string> {
  const child = fork(program, [root, String(startedAt), String(scale)], {
    serialization: 'advanced',
    stdio: 'inherit',
  });
  let asked = 0;
  let end = 'killed';
  child.on('message', (message: Question | Ended) => {
    if ('ended' in message) {
      end = message.ended;
      return;
    }
    asked += 1;
    // The service has been asked; its answer may or may not arrive.
    void answer(world, child, message);
    if (asked === killAfter) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  if (asked >= killAfter && end === 'killed') assert.equal(child.signalCode, 'SIGKILL');
  return end;
}

describe('a process that is killed while it drives a migration', function () {
  this.timeout(240_000);

  it('is followed by one that goes on, sixty times', async () => {
    const random = seeded(7);
    let kills = 0;
    for (let seed = 1; kills < killsInAll; seed += 1) kills += await killAndFinish(seed, random);
    assert.ok(kills >= killsInAll);
  });
});

/** One migration whose processes are killed until one gets to its end. Gives the number of those that were. */
async function killAndFinish(seed: number, random: () => number): Promise<number> {
  const root = await mkdtemp(join(tmpdir(), 'sigkill-'));
  const startedAt = Date.now();
  const clock = new ScaledClock(startedAt, scale);
  const now = (): number => clock.now();
  const place = {
    create: () => FileJournal.create(root, migration, { now }),
    open: () => FileJournal.open(root, migration, { now }),
    end: () => rm(root, { recursive: true, force: true }),
  };
  const world = scripted({
    flavour: seed % 2 === 0 ? 'azureApiForFhir' : 'ahds',
    seed,
    clock,
    place: () => place,
    changes: 0,
    exports: { duration: () => 25 * minute },
    imports: { duration: () => 25 * minute },
  });
  await world.create();
  try {
    let kills = 0;
    let end = 'killed';
    while (end === 'killed') {
      end = await drive(world, root, startedAt, 1 + Math.floor(random() * 15));
      if (end === 'killed') kills += 1;
    }
    assert.equal(end, 'complete');
    await check(world, await readJournal(place.open()));
    return kills;
  } finally {
    await world.end();
  }
}
