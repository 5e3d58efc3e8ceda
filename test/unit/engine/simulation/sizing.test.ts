import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Failure } from '../../../../src/failure/failure.ts';
import { planFor } from './world.ts';
import { grown, lowered, type Sizing } from '../../../../src/engine/windows/sizing.ts';
import { overview } from '../../../../src/engine/overview.ts';
import { check } from './checker.ts';
import { scripted, type ScriptOptions } from './script.ts';

async function migrate(options: ScriptOptions) {
  const world = scripted(options);
  await world.create();
  const runner = await world.drive();
  return { world, runner, seen: overview(runner.state, runner.observations(), world.clock.now()) };
}

const refuse = (failure: Failure) => ({ kind: 'refuse', failure }) as const;
const broken: Failure = { kind: 'serverError', status: 500, message: 'There was an error processing your request.' };

describe('sizes of windows and pages', () => {
  it('become smaller after an export that is too large, for the windows after it too, and grow again', async () => {
    const { world, runner, seen } = await migrate({
      flavour: 'ahds',
      changes: 0,
      resources: 120,
      plan: { limits: { windowDays: 40 } },
      exports: {
        fate: (job) =>
          job === 1
            ? { kind: 'fail', failure: { kind: 'tooLarge', status: 413, message: 'out of memory' } }
            : undefined,
      },
    });
    assert.equal(seen.phase, 'complete');
    await check(world, runner);
    const pages = world.source.jobs.map(({ request }) => request.maxCount);
    assert.equal(pages[0], undefined);
    assert.equal(pages[1], 5_000);
    assert.equal(pages.at(-1), undefined, 'as large as before in the end');
    const spans = world.source.jobs.map(({ request }) => request.till - (request.since ?? Number.NEGATIVE_INFINITY));
    const later = spans.slice(3, 5);
    assert.ok(Math.max(...later) <= 21 * 86_400_000, 'the next windows are no longer than the half that went through');
    assert.equal(runner.state.sizing?.span, undefined);
  });

  it('never grow beyond what the plan allows, and never below what is left', () => {
    const plan = planFor('ahds', { limits: { windowDays: 10, windowResources: 1_000 } });
    const size = fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.record({ ok: fc.boolean(), maxCount: size, resources: size })), (steps) => {
        let sizing: Sizing | undefined;
        for (const { ok, maxCount, resources } of steps) {
          const to = {
            ...(maxCount === undefined ? {} : { maxCount }),
            ...(resources === undefined ? {} : { resources }),
          };
          sizing = ok ? grown(sizing, plan) : lowered(sizing, to);
          if (!ok && resources !== undefined) assert.ok((sizing?.resources ?? 0) <= resources);
          if (ok) assert.ok((sizing?.resources ?? 1) < 40_000);
        }
        for (let healthy = 0; healthy < 100; healthy += 1) sizing = grown(sizing, plan);
        assert.equal(sizing, undefined);
      }),
    );
  });

  it('need no count: a source whose counts fail for good is soon taken as it is', async () => {
    const { world, runner, seen } = await migrate({
      flavour: 'ahds',
      changes: 0,
      trouble: ({ name }) => (name === 'source count' ? refuse(broken) : undefined),
    });
    assert.equal(seen.phase, 'complete');
    assert.ok(seen.blind);
    assert.ok((world.calls.get('source count') ?? 0) <= 4, 'asked only a few times');
    await check(world, runner, 'effective');
  });
});

describe('too many resources of one millisecond', () => {
  it('are explained in an instant, and the rest goes on', async () => {
    const failure: Failure = {
      kind: 'rejected',
      status: 400,
      message: 'The import failed.',
      diagnostics: ['Unable to generate internal IDs. If the lastUpdated meta element is provided as input, reduce …'],
    };
    const { world, seen } = await migrate({
      flavour: 'ahds',
      changes: 0,
      imports: { fate: (job) => (job === 1 ? { kind: 'fail', failure } : undefined) },
    });
    assert.equal(seen.phase, 'needsAttention');
    const open = seen.attention.filter(({ about }) => about.window !== undefined);
    assert.ok(open.length > 0 && open.length < seen.windows.length);
    for (const item of open) {
      assert.match(item.failure.message, /same meta\.lastUpdated/);
      assert.match(item.failure.nextStep ?? '', /source/);
      assert.match(item.failure.diagnostics?.[0] ?? '', /internal IDs/);
    }
    assert.equal(seen.progress.windowsDone, seen.windows.length - open.length);
    assert.ok(world.target.jobs.length > 1);
  });
});
