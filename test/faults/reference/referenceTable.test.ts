import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Failure } from '../../../src/failure/failure.ts';
import { check } from '../../unit/engine/simulation/checker.ts';
import type { Effect, Trouble, Troublemaker } from '../../unit/engine/simulation/effects.ts';
import { scripted, type ScriptOptions } from '../../unit/engine/simulation/script.ts';
import { day, minute, start, type World } from '../../unit/engine/simulation/world.ts';
import { runReferenceTool, type ReferenceRun } from './referenceTool.ts';

const refuse = (failure: Failure): Trouble => ({ kind: 'refuse', failure });
const broken: Failure = { kind: 'serverError', status: 500, message: 'Unknown Error.' };
const ticks = 400;

/** Trouble with the n-th to last effect of a name; for the tool's tables, with what our engine does instead. */
function troubleWith(names: readonly string[], from: number, to: number, trouble: Trouble): () => Troublemaker {
  return () => {
    let seen = 0;
    return ({ name }: Effect) => {
      if (!names.includes(name)) return undefined;
      seen += 1;
      return seen >= from && seen <= to ? trouble : undefined;
    };
  };
}

interface Fault {
  readonly name: string;
  readonly trouble?: () => Troublemaker;
  readonly exports?: ScriptOptions['exports'];
  readonly imports?: ScriptOptions['imports'];
  readonly prepare?: (world: World) => void;
}

const faults: readonly Fault[] = [
  { name: 'nothing goes wrong' },
  {
    name: 'the process dies before it has journalled an accepted export',
    trouble: troubleWith(['update row', 'exportAccepted'], 1, 1, { kind: 'killBefore' }),
  },
  { name: 'the answer to an export is lost', trouble: troubleWith(['start export'], 2, 2, { kind: 'lostReply' }) },
  {
    name: 'status answers 503 for two hours',
    trouble: () => {
      let first: number | undefined;
      return ({ name, number }) => {
        if (!name.includes('status')) return undefined;
        first ??= number;
        return number > first + 3 && number < first + 60 ? refuse({ ...broken, kind: 'unavailable' }) : undefined;
      };
    },
  },
  {
    name: 'one status answers 401',
    trouble: troubleWith(['export status'], 3, 7, refuse({ kind: 'notSignedIn', status: 401, message: '401' })),
  },
  {
    name: 'an import fails once',
    imports: { fate: (job) => (job === 2 ? { kind: 'fail', failure: broken } : undefined) },
  },
  {
    name: 'the process dies between two steps of starting an import',
    trouble: troubleWith(['delete payload', 'importAccepted'], 1, 1, { kind: 'killBefore' }),
  },
  {
    name: 'a line in four is refused once',
    imports: { fate: (job) => (job === 2 ? { kind: 'refuseLines', every: 4 } : undefined) },
  },
  {
    name: 'an import loses lines',
    imports: { fate: (job) => (job === 2 ? { kind: 'loseLines', every: 3 } : undefined) },
  },
  { name: 'an export misses a file', exports: { fate: (job) => (job === 2 ? { kind: 'loseFile' } : undefined) } },
  {
    name: 'a manifest reports an error',
    exports: { fate: (job) => (job === 2 ? { kind: 'reportError' } : undefined) },
  },
  {
    name: 'an export never ends',
    exports: { duration: (_, job) => (job === 2 ? 1_000 * day : 8 * minute) },
    // A person sees that it is stuck.
    prepare: (world) => void world.clock.at(start + 2 * day, () => void world.ask('retry')),
  },
];

const optionsOf = (fault: Fault): ScriptOptions => ({
  flavour: 'ahds',
  changes: 0,
  resources: 40,
  exports: { linesPerFile: 2, ...fault.exports },
  imports: fault.imports ?? {},
});

/** Invariants that a run of the tool breaks. */
function brokenBy(world: World, { chunks, end }: ReferenceRun): readonly string[] {
  const found: string[] = [];
  const missing = [...world.source.store.everything()].some((versions) => {
    const current = versions.at(-1);
    if (current === undefined) return false;
    const held = world.target.store.current(current.type, current.id);
    return held?.version !== current.version && !(current.deleted && held === undefined);
  });
  if (missing && end === 'done') found.push('I1');
  const isUnfinished = world.target.jobs.some(
    ({ state, result }) =>
      state === 'failed' ||
      result.error.length > 0 ||
      (state === 'completed' && result.output.some(({ count }) => count === 0)),
  );
  if (
    chunks.some(({ advanced, status }) => advanced && status === 'Completed') &&
    (isUnfinished || missing) &&
    end === 'done'
  )
    found.push('I2');
  const withErrors = new Set(world.source.jobs.flatMap(({ id, errors }) => (errors > 0 ? [id] : [])));
  const passedErrors = chunks.some(
    ({ jobId, advanced, status }) => advanced && status === 'Completed' && withErrors.has(jobId ?? ''),
  );
  if (passedErrors) found.push('I2');
  const known = new Set(chunks.map(({ jobId }) => jobId));
  const running = world.source.jobs.some(({ id, state }) => state === 'running' && !known.has(id));
  if (running || world.source.jobs.some(({ id }) => !known.has(id))) found.push('I3');
  if (end === 'idle') found.push('I4');
  return found;
}

describe('the invariants', function () {
  this.timeout(120_000);
  const rows: string[] = [];

  for (const fault of faults) {
    it(`hold for us when ${fault.name}`, async () => {
      const theirs = scripted(optionsOf(fault));
      fault.prepare?.(theirs);
      const run = await runReferenceTool(theirs, fault.trouble?.() ?? (() => undefined), { ticks, frozenAt: start });
      const invariants = brokenBy(theirs, run);
      rows.push(`| ${fault.name} | ${invariants.length === 0 ? 'none' : invariants.join(', ')} | ${run.end} | none |`);

      const ours = scripted({ ...optionsOf(fault), trouble: ourTrouble(fault) });
      fault.prepare?.(ours);
      await ours.create();
      let runner = await ours.drive();
      for (let asked = 0; runner.state.run !== 'complete' && asked < 8; asked += 1) {
        // I4: it stops only with a reason, and goes on when somebody has dealt with it.
        assert.ok(runner.state.run === 'attention' || runner.state.halt !== undefined, 'I4');
        await ours.ask(runner.state.halt === undefined ? 'retry' : 'resume');
        runner = await ours.drive();
      }
      assert.equal(runner.state.run, 'complete');
      await check(ours, runner, 'effective');
    });
  }

  it('are broken by the reference tool as the table beside these tests says', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const cells = (line: string): string =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|');
    const told = readme.split('\n').map(cells);
    for (const row of rows) assert.ok(told.includes(cells(row)), `README.md lacks: ${row}`);
    assert.equal(rows.length, faults.length);
  });
});

/** The same trouble for our engine, which journals with appends where the tool writes rows and copies blobs. */
function ourTrouble(fault: Fault): Troublemaker {
  const trouble = fault.trouble?.() ?? (() => undefined);
  let last = '';
  return (effect) => {
    const renamed =
      effect.name === 'append' && last === 'start export'
        ? 'exportAccepted'
        : effect.name === 'append' && last === 'start import'
          ? 'importAccepted'
          : effect.name;
    last = effect.name;
    return trouble({ ...effect, name: renamed });
  };
}
