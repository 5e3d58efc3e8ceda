import assert from 'node:assert/strict';
import type { Failure } from '../../../../src/failure/failure.ts';
import { overview, type MigrationOverview } from '../../../../src/engine/overview.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';
import type { Effect, Trouble } from './effects.ts';
import { day, minute, start, type World } from './world.ts';

async function end(world: World): Promise<MigrationOverview> {
  const runner = await world.drive();
  const seen = overview(runner.state, runner.observations(), world.clock.now());
  if (seen.phase === 'complete') await check(world, runner);
  return seen;
}

async function migrate(options: ScriptOptions): Promise<{ readonly world: World; readonly seen: MigrationOverview }> {
  const world = scripted(options);
  await world.create();
  return { world, seen: await end(world) };
}

/** Trouble with the n-th to last effect of a name, counted by itself. */
function troubleWith(
  name: string,
  from: number,
  to: number,
  trouble: Trouble,
): (effect: Effect) => Trouble | undefined {
  let seen = 0;
  return (effect) => {
    if (effect.name !== name) return undefined;
    seen += 1;
    return seen >= from && seen <= to ? trouble : undefined;
  };
}

const refuse = (failure: Failure): Trouble => ({ kind: 'refuse', failure });
const broken: Failure = { kind: 'serverError', status: 500, message: 'Unknown Error.' };

describe('an export', () => {
  it('whose answer was lost is found again by its folder', async () => {
    const { world, seen } = await migrate({
      flavour: 'azureApiForFhir',
      trouble: troubleWith('start export', 2, 2, { kind: 'lostReply' }),
      exports: { duration: () => 4 * minute },
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(world.source.jobs.length, seen.windows.length);
  });

  it('that shows no folder for long is done again, and cancelled when it turns up', async () => {
    const { world, seen } = await migrate({
      flavour: 'ahds',
      trouble: troubleWith('start export', 2, 2, { kind: 'lostReply' }),
      exports: { duration: (_, job) => (job === 2 ? 30 * minute : 8 * minute) },
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(world.source.jobs[1]?.state, 'cancelled');
    assert.equal(world.source.jobs.length, seen.windows.length + 1);
  });

  it('that fails or is forgotten is done again', async () => {
    for (const fate of [{ kind: 'fail', failure: broken } as const, { kind: 'forget' } as const]) {
      const { seen } = await migrate({
        flavour: 'ahds',
        exports: { fate: (job) => (job <= 3 ? fate : undefined) },
      });
      assert.equal(seen.phase, 'complete');
      assert.ok(seen.windows.some(({ attempts }) => attempts > 1));
    }
  });

  it('that fails as often as its budget allows needs attention, while the rest goes on', async () => {
    let isBroken = true;
    const world = scripted({
      flavour: 'ahds',
      plan: { options: { attempts: 3 } },
      exports: {
        fate: (_, { till }) =>
          isBroken && till > start - 120 * day && till < start - 90 * day
            ? { kind: 'fail', failure: broken }
            : undefined,
      },
    });
    await world.create();
    const seen = await end(world);
    assert.equal(seen.phase, 'needsAttention');
    const stuck = seen.windows.filter(({ state }) => state === 'needsAttention');
    assert.equal(stuck.length, 1);
    assert.deepEqual(stuck[0]?.failure, broken);
    assert.ok(seen.windows.filter(({ state }) => state === 'done').length >= 5);
    assert.equal(stuck[0].attempts, 3);
    assert.ok((seen.watermark ?? 0) <= (stuck[0].since ?? 0), 'the watermark passes nothing that is open');
    isBroken = false;
    await world.ask('retry');
    assert.equal((await end(world)).phase, 'complete');
  });

  it('whose manifest names another host is refused at once', async () => {
    const { world, seen } = await migrate({
      flavour: 'ahds',
      exports: { fate: (job) => (job === 2 ? { kind: 'foreignUrl' } : undefined) },
    });
    assert.equal(seen.phase, 'needsAttention');
    assert.equal(seen.attention[0]?.failure.kind, 'unexpectedAnswer');
    assert.ok(world.target.jobs.every(({ body }) => !body.includes('attacker')));
    await world.ask('retry');
    assert.equal((await end(world)).phase, 'complete');
  });

  it('that silently misses a file is found out by a count and done again', async () => {
    const { seen } = await migrate({
      flavour: 'ahds',
      changes: 0,
      exports: { fate: (job) => (job === 2 || job === 4 ? { kind: 'loseFile' } : undefined) },
    });
    assert.equal(seen.phase, 'complete');
  });

  it('that misses a file twice is healed by the final comparison', async () => {
    const { seen } = await migrate({
      flavour: 'azureApiForFhir',
      changes: 0,
      exports: { flavour: 'azureApiForFhir', fate: (job) => (job === 2 ? { kind: 'loseFile' } : undefined) },
    });
    assert.equal(seen.phase, 'complete');
    assert.ok(seen.notes.some((note) => note.includes('different numbers')));
  });

  it('that reports errors keeps its window open', async () => {
    const { world, seen } = await migrate({
      flavour: 'ahds',
      exports: { fate: (job) => (job === 2 ? { kind: 'reportError' } : undefined) },
    });
    assert.equal(seen.phase, 'needsAttention');
    assert.match(seen.attention[0]?.failure.message ?? '', /1 files with errors/);
    await world.ask('retry');
    assert.equal((await end(world)).phase, 'complete');
  });

  it('that is refused for good at its start halts the migration with the server’s words', async () => {
    const failure: Failure = { kind: 'rejected', status: 400, message: 'export is not enabled', service: 'source' };
    const { world, seen } = await migrate({
      flavour: 'ahds',
      trouble: troubleWith('start export', 2, 2, refuse(failure)),
    });
    assert.equal(seen.phase, 'needsAttention');
    assert.equal(seen.attention[0]?.failure.message, failure.message);
    assert.ok(seen.attention[0].failure.nextStep);
    await world.ask('resume');
    assert.equal((await end(world)).phase, 'complete');
  });
});

describe('an import', () => {
  it('whose answer was lost is asked for again and is the same job', async () => {
    const { world, seen } = await migrate({
      flavour: 'ahds',
      trouble: troubleWith('start import', 1, 2, { kind: 'lostReply' }),
    });
    assert.equal(seen.phase, 'complete');
    assert.equal(new Set(world.target.jobs.map(({ body }) => body)).size, world.target.jobs.length);
    assert.ok(world.target.jobs.length <= seen.windows.length);
  });

  it('that failed is done again with another definition', async () => {
    const { world, seen } = await migrate({
      flavour: 'ahds',
      imports: { fate: (job) => (job <= 2 ? { kind: 'fail', failure: broken } : undefined) },
    });
    assert.equal(seen.phase, 'complete');
    assert.ok(world.target.jobs.some(({ body }) => body.includes('processingUnitBytesToRead')));
  });

  it('that loses lines is done again, and is never counted as done', async () => {
    const once = await migrate({
      flavour: 'ahds',
      imports: { fate: (job) => (job === 1 ? { kind: 'loseLines', every: 3 } : undefined) },
    });
    assert.equal(once.seen.phase, 'complete');
    const always = await migrate({ flavour: 'ahds', imports: { fate: () => ({ kind: 'loseLines', every: 5 }) } });
    assert.equal(always.seen.phase, 'needsAttention');
    assert.match(always.seen.attention[0]?.failure.message ?? '', /neither imported nor refused/);
  });

  it('that refuses lines needs attention with their number and reason, and a retry', async () => {
    let isRefusing = true;
    const world = scripted({
      flavour: 'ahds',
      imports: { fate: () => (isRefusing ? { kind: 'refuseLines', every: 6 } : undefined) },
    });
    await world.create();
    const seen = await end(world);
    assert.equal(seen.phase, 'needsAttention');
    assert.match(seen.attention[0]?.failure.message ?? '', /lines were refused.*invalid: \d+/);
    isRefusing = false;
    await world.ask('retry');
    assert.equal((await end(world)).phase, 'complete');
  });

  it('takes equal and inverted version dates for what they are', async () => {
    const world = scripted({ flavour: 'ahds', changes: 0, plan: { scope: { history: true } } });
    const at = Math.floor(world.clock.now() - 50 * 86_400_000);
    for (const [version, lastUpdated] of [
      [1, at],
      [2, at],
      [3, at - 5_000],
    ] as const) {
      world.source.store.put({
        type: 'Patient',
        id: 'odd',
        version,
        lastUpdated,
        deleted: false,
        content: `v${version}`,
      });
    }
    await world.create();
    const runner = await world.drive();
    const seen = overview(runner.state, runner.observations(), world.clock.now());
    const held = world.target.store.versions('Patient', 'odd');
    // Which of them stay depends on the order of arrival; none may be forgotten in silence.
    const patients = seen.totals.Patient;
    assert.ok(patients !== undefined && held.length < 3);
    assert.equal(patients.imported + patients.alreadyThere + patients.failed, patients.exported);
    assert.equal(seen.phase === 'complete', patients.failed === 0);
  });

  it('whose staged files are gone or changed costs a new export of that window only', async () => {
    for (const damage of ['touch', 'deleteFolder'] as const) {
      const world = scripted({ flavour: 'ahds', changes: 0, imports: { duration: () => 5 * minute } });
      await world.create();
      // Between the end of an export and the end of its import.
      const spoil = (): void => {
        const completed = world.journal.records.find(({ text }) => text.includes('"exportCompleted"'));
        const folder = world.staging.folders(0)[0]?.folder;
        if (completed === undefined || folder === undefined) world.clock.at(world.clock.now() + 1_000, spoil);
        else world.staging[damage](folder);
      };
      spoil();
      const seen = await end(world);
      assert.equal(seen.phase, 'complete');
      assert.deepEqual(seen.windows.filter(({ attempts }) => attempts > 1).length, 1);
    }
  });

  it('that is throttled lowers the number at once, and raises it again', async () => {
    const throttled: Failure = { kind: 'throttled', status: 429, message: 'Too Many Requests', retryAfterMs: 60_000 };
    const { seen } = await migrate({ flavour: 'ahds', trouble: troubleWith('start import', 2, 6, refuse(throttled)) });
    assert.equal(seen.phase, 'complete');
  });
});

describe('services that do not answer', () => {
  const away: Failure = { kind: 'unavailable', status: 503, message: 'Service Unavailable' };

  it('for two hours cost no job, and hardly more time', async () => {
    const calm = await migrate({ flavour: 'ahds', changes: 0, seed: 4 });
    const calmMs = (calm.seen.endedAt ?? 0) - (calm.seen.startedAt ?? 0);
    const world: World = scripted({
      flavour: 'ahds',
      changes: 0,
      seed: 4,
      trouble: ({ name }) => {
        const elapsed = world.clock.now() - (calm.seen.startedAt ?? 0);
        const isAway = elapsed > 20 * minute && elapsed < 140 * minute;
        return isAway && /export|import/.test(name) ? refuse(away) : undefined;
      },
    });
    await world.create();
    const seen = await end(world);
    assert.equal(seen.phase, 'complete');
    assert.equal(world.source.jobs.length, calm.world.source.jobs.length);
    const ms = (seen.endedAt ?? 0) - (seen.startedAt ?? 0);
    assert.ok(ms <= calmMs + 122 * minute, `${(ms - calmMs) / minute} minutes longer`);
  });

  for (const kind of ['forbidden', 'notSignedIn', 'locked'] as const) {
    it(`for a reason that no waiting mends (${kind}) halt the migration, which goes on when it is resumed`, async () => {
      for (const name of ['start export', 'export status', 'start import', 'import status', 'source time']) {
        const failure: Failure = { kind, message: `${kind} at ${name}`, service: 'a service' };
        const { world, seen } = await migrate({ flavour: 'ahds', trouble: troubleWith(name, 2, 2, refuse(failure)) });
        assert.equal(seen.phase, 'needsAttention', name);
        assert.equal(seen.attention[0]?.failure.kind, kind);
        assert.ok(seen.attention[0].failure.nextStep);
        assert.ok(seen.attention[0].actions.includes('resume'));
        await world.ask('resume');
        assert.equal((await end(world)).phase, 'complete', name);
      }
    });
  }

  it('to counts, but to everything else, are migrated blindly', async () => {
    const failure: Failure = { kind: 'forbidden', status: 403, message: 'Authorization failed.' };
    for (const first of [1, 4]) {
      const { seen } = await migrate({
        flavour: 'ahds',
        changes: 0,
        trouble: troubleWith('source count', first, 1_000, refuse(failure)),
      });
      assert.equal(seen.phase, 'complete');
      assert.ok(seen.blind);
    }
  });

  it('to a single count are not taken for empty', async () => {
    const { seen } = await migrate({ flavour: 'ahds', trouble: troubleWith('source count', 1, 9, refuse(broken)) });
    assert.equal(seen.phase, 'complete');
  });

  it('to the copying of search parameters are noted, and do not stop the data', async () => {
    const failure: Failure = { kind: 'rejected', status: 400, message: 'no', service: 'target' };
    const { seen } = await migrate({
      flavour: 'ahds',
      trouble: troubleWith('source search parameters', 1, 1, refuse(failure)),
    });
    assert.equal(seen.phase, 'complete');
    assert.deepEqual(
      seen.attention.map(({ actions }) => actions),
      [['retry']],
    );
  });
});
