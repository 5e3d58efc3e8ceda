import assert from 'node:assert/strict';
import type { Failure } from '../../../../src/failure/failure.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { minute } from './world.ts';

const deidentified = { config: 'rules.json', etag: '0x8D' };

async function migrate(options: Partial<ScriptOptions>) {
  const world = scripted({ flavour: 'ahds', changes: 0, plan: { scope: { deidentified } }, ...options });
  await world.create();
  const runner = await world.drive();
  return { world, runner, seen: overview(runner.state, runner.observations(), world.clock.now()) };
}

describe('a de-identified migration', () => {
  it('exports and imports nothing before a small export proved that the configuration applies', async () => {
    const order: string[] = [];
    const { world, seen } = await migrate({
      trouble: ({ name }) => {
        if (name === 'read marks' || name === 'start import') order.push(name);
        return undefined;
      },
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(order[0], 'read marks');
    assert.equal(order.filter((name) => name === 'read marks').length, 1);
    for (const { request } of world.source.jobs) assert.deepEqual(request.deidentified, deidentified);
    const [probe] = world.source.jobs;
    assert.ok(probe !== undefined && probe.request.till - (probe.request.since ?? 0) <= minute);
    assert.ok(seen.notes.some((note) => note.includes('de-identifies')));
    assert.ok(
      seen.staging.folders.some((folder) => folder.endsWith(`-${probe.id}`)),
      'to be cleaned up',
    );
  });

  it('looks at more until it sees something', async () => {
    const { world, seen } = await migrate({
      flavour: 'azureApiForFhir',
      trouble: ({ name }) =>
        name === 'source earliest' ? { kind: 'refuse', failure: { kind: 'forbidden', message: 'no' } } : undefined,
    });
    assert.equal(seen.phase, 'complete');
    const probes = world.source.jobs.findIndex(({ output }) => output.length > 0);
    assert.ok(probes >= 1 && probes <= 4, `${probes} empty probes`);
  });

  it('imports nothing when nothing is marked, and says so', async () => {
    const { world, seen } = await migrate({ unmarked: true });
    assert.equal(seen.phase, 'needsAttention');
    assert.match(seen.attention[0]?.failure.message ?? '', /no sign that the source de-identified/);
    assert.match(seen.attention[0]?.failure.nextStep ?? '', /Nothing was imported/);
    assert.equal(world.target.jobs.length, 0);
    assert.equal(world.source.jobs.length, 1);
  });

  it('halts with the server’s words when the configuration is refused, and goes on when it is resumed', async () => {
    const failure: Failure = {
      kind: 'rejected',
      status: 400,
      message: 'The export failed.',
      diagnostics: ["Anonymization configuration 'rules.json' not found."],
    };
    const { world, seen } = await migrate({
      exports: { fate: (job) => (job === 1 ? { kind: 'fail', failure } : undefined) },
    });
    assert.equal(seen.phase, 'needsAttention');
    assert.deepEqual(seen.attention[0]?.failure.diagnostics, failure.diagnostics);
    assert.equal(world.target.jobs.length, 0);
    await world.ask('resume');
    const runner = await world.drive();
    assert.equal(runner.state.run, 'complete');
  });

  it('leaves no probe behind when it is cancelled, whoever drives then', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0, plan: { scope: { deidentified } } });
    await world.create();
    let driving: Runner | undefined;
    let waiting: string | undefined;
    world.clock.at(world.clock.now() + minute, () => {
      if (driving !== undefined) ({ waiting } = overview(driving.state, driving.observations(), world.clock.now()));
      void world.ask('cancel');
    });
    const runner = await world.driveOnce((started) => {
      driving = started;
    });
    assert.equal(runner?.state.run, 'cancelled');
    assert.match(waiting ?? '', /A small export is to show that source de-identifies/);
    assert.deepEqual(
      world.source.jobs.map(({ state }) => state),
      ['cancelled'],
    );
  });

  it('attaches to its probe again after a crash', async () => {
    let looks = 0;
    const { world, seen } = await migrate({
      trouble: ({ name }) => (name === 'export status' && (looks += 1) === 3 ? { kind: 'killBefore' } : undefined),
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(world.source.jobs.length, seen.windows.length + 1);
  });
});
