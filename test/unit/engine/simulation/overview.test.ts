import assert from 'node:assert/strict';
import type { Failure } from '../../../../src/failure/failure.ts';
import { addThroughput, type ThroughputPoint } from '../../../../src/engine/state/throughput.ts';
import { overview, type MigrationOverview } from '../../../../src/engine/overview.ts';
import type { Runner } from '../../../../src/engine/run/runner.ts';
import { scripted, type ScriptOptions } from './script.ts';
import { minute, start } from './world.ts';

/** What people see of a migration, minute by minute. */
async function watch(options: ScriptOptions, minutes: number, retired = false): Promise<readonly MigrationOverview[]> {
  const world = scripted(options);
  world.source.isDeprecated = retired;
  await world.create();
  const seen: MigrationOverview[] = [];
  let driving: Runner | undefined;
  for (let at = 1; at <= minutes; at += 1) {
    world.clock.at(start + at * minute, () => {
      if (driving !== undefined) seen.push(overview(driving.state, driving.observations(), world.clock.now()));
    });
  }
  const runner = await world.driveOnce((started) => {
    driving = started;
  });
  assert.ok(runner !== undefined);
  seen.push(overview(runner.state, runner.observations(), world.clock.now()));
  return seen;
}

describe('what people see of a migration', () => {
  it('goes forward, adds up and never passes what is known', async () => {
    const seen = await watch({ flavour: 'azureApiForFhir', changes: 10 }, 200);
    assert.ok(seen.length > 40);
    let before = seen[0];
    for (const now of seen) {
      const { progress } = now;
      assert.ok(progress.windowsDone <= progress.windowsKnown);
      assert.ok(progress.imported <= progress.exported);
      if (progress.expected !== undefined) assert.ok(progress.exported <= progress.expected);
      assert.ok(progress.windowsDone >= (before?.progress.windowsDone ?? 0));
      assert.ok(now.journalLength >= (before?.journalLength ?? 0));
      assert.ok(progress.remainingBasis.length > 0);
      const running = now.windows.filter(({ state }) => state === 'exporting').length;
      assert.equal(now.operations.filter(({ kind }) => kind === 'export').length, running);
      before = now;
    }
    const phases = [...new Set(seen.map(({ phase }) => phase))];
    assert.deepEqual(phases, ['backlog', 'catchUp', 'complete']);
    assert.ok(seen.some(({ progress }) => progress.remainingMs !== undefined && progress.rateNow !== undefined));
    const last = seen.at(-1);
    assert.ok(last?.notes.some((note) => note.includes('count current resources only')));
    const [first, end] = [last?.throughput[0], last?.throughput.at(-1)];
    assert.ok(first !== undefined && end !== undefined && end.imported >= (last?.progress.imported ?? 0));
    assert.ok((last?.endedAt ?? 0) > (last?.startedAt ?? 0));
  });

  it('says what is not known of a retired source', async () => {
    const seen = await watch({ flavour: 'azureApiForFhir', changes: 0 }, 30, true);
    const searching = seen.find(({ phase }) => phase === 'backlog');
    assert.ok(searching?.blind);
    assert.equal(searching.progress.expected, undefined);
    assert.match(searching.progress.remainingBasis, /cannot be counted/);
    assert.ok(searching.notes.some((note) => note.includes('retired')));
  });

  it('says why nothing moves while a service does not answer', async () => {
    const away: Failure = { kind: 'unavailable', status: 503, message: 'Service Unavailable', service: 'contoso' };
    const seen = await watch(
      {
        flavour: 'ahds',
        changes: 0,
        trouble: ({ name, number }) =>
          name === 'export status' && number < 60 ? { kind: 'refuse', failure: away } : undefined,
      },
      60,
    );
    assert.ok(
      seen.some(({ waiting }) => /^contoso does not answer .* next look at \d\d:\d\d:\d\d UTC/.test(waiting ?? '')),
    );
    assert.ok(seen.some(({ operations }) => operations.some(({ state }) => state === 'retrying')));
    assert.ok(
      seen.some(({ attention }) => attention.some(({ failure }) => failure.status === 503)),
      'after ten minutes',
    );
    assert.equal(seen.at(-1)?.phase, 'complete');
    assert.deepEqual(seen.at(-1)?.attention, []);
  });

  it('says until when the target throttles', async () => {
    const failure: Failure = { kind: 'throttled', status: 429, message: 'Too Many Requests', retryAfterMs: 240_000 };
    let refused = 0;
    const seen = await watch(
      {
        flavour: 'ahds',
        changes: 0,
        trouble: ({ name }) => {
          if (name !== 'start import' || refused >= 3) return undefined;
          refused += 1;
          return { kind: 'refuse', failure };
        },
      },
      60,
    );
    assert.ok(seen.some(({ waiting }) => (waiting ?? '').startsWith('Throttled by target until')));
  });
});

describe('the throughput chart', () => {
  it('keeps its ends and its size however long a migration takes', () => {
    let points: readonly ThroughputPoint[] = [];
    for (let index = 0; index < 5_000; index += 1) {
      points = addThroughput(points, index * 1_000, 10);
      assert.ok(points.length <= 240);
    }
    assert.equal(points[0]?.imported, 10);
    assert.deepEqual(points.at(-1), { at: 4_999_000, imported: 50_000 });
    assert.ok(points.every((point, index) => index === 0 || point.imported > (points[index - 1]?.imported ?? 0)));
  });
});
