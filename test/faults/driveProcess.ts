/*
 * A process that drives a migration until it is killed: `node driveProcess.ts ROOT START SCALE`. Its journal is a real
 * one in a folder; the services are in the process that started it, which answers what it asks of them.
 */
import { FailureError, type Failure } from '../../src/failure/failure.ts';
import { FileJournal } from '../../src/engine/journal/fileJournal.ts';
import { readJournal } from '../../src/engine/journal/readJournal.ts';
import type { SourcePort, StagingPort, TargetPort } from '../../src/engine/ports.ts';
import type { MigrationPorts } from '../../src/engine/run/context.ts';
import { Runner } from '../../src/engine/run/runner.ts';
import { migration } from '../unit/engine/journal/migration.ts';
import { checkAddress } from '../unit/engine/simulation/stagingModel.ts';
import { silentLog } from '../unit/engine/simulation/world.ts';
import { ScaledClock } from './scaledClock.ts';

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: Failure;
}

const [root = '', startedAt = '0', scale = '1'] = process.argv.slice(2);
const clock = new ScaledClock(Number(startedAt), Number(scale));
const waiting = new Map<number, (answer: Answer) => void>();
let asked = 0;
process.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));

async function ask<T>(port: string, method: string, ...args: readonly unknown[]): Promise<T> {
  asked += 1;
  const id = asked;
  const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
  process.send?.({ id, port, method, args: args.filter((arg) => !(arg instanceof AbortSignal)) });
  const { value, failure } = await answered;
  waiting.delete(id);
  if (failure !== undefined) throw new FailureError(failure);
  return value as T;
}

async function* listed<T>(items: Promise<readonly T[]>): AsyncIterable<T> {
  yield* await items;
}

/** A port whose every method asks the other process, but for those that are given. */
function remote<P extends object>(port: string, own: Partial<P>): P {
  return new Proxy(own, {
    get: (target, method) =>
      typeof method === 'string' && !(method in target)
        ? (...args: readonly unknown[]) => ask(port, method, ...args)
        : Reflect.get(target, method),
  }) as P;
}

const ports: MigrationPorts = {
  source: remote<SourcePort>('source', {
    exportStatusUrl: (id) => `https://source.azurehealthcareapis.com/_operations/export/${id}`,
    watchLoad: () => () => undefined,
  }),
  target: remote<TargetPort>('target', { watchLoad: () => () => undefined }),
  staging: remote<StagingPort>('staging', {
    checkAddress,
    files: (folder) => listed(ask('staging', 'files', folder)),
    refusedLines: (error) => listed(ask('staging', 'refusedLines', error)),
  }),
};

const journal = FileJournal.open(root, migration, { now: () => clock.now(), leaseMs: 60_000 });
const driver = await journal.acquire(`process-${process.pid}`);
const { state } = await readJournal(journal);
const runner = new Runner({
  store: journal,
  driver,
  state,
  ports,
  clock,
  random: Math.random,
  log: silentLog,
  changed: () => undefined,
});
await runner.run();
process.send?.({ ended: runner.state.run, stopped: runner.stopped });
process.disconnect();
