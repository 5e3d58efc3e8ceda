import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as v from 'valibot';
import { decodeEvent } from '../../../src/engine/journal/eventFormat.ts';
import { overview } from '../../../src/engine/overview.ts';
import { exactly } from '../../../src/engine/prediction/estimate.ts';
import { fit, measureRates } from '../../../src/engine/prediction/measure.ts';
import { counted, predict } from '../../../src/engine/prediction/predict.ts';
import { planSchema, type Plan, type PlanInput } from '../../../src/engine/plan.ts';
import type { PredictionInput, Variant } from '../../../src/engine/prediction/prediction.ts';
import { defaultRates, type Rates } from '../../../src/engine/prediction/rates.ts';
import { previewWindows, windowSizes } from '../../../src/engine/windows/preview.ts';
import { countOf, scopeSince } from '../../../src/engine/windows/semantics.ts';
import { day, minute, planFor, start, World, type WorldOptions } from './simulation/world.ts';
import { seeded } from './simulation/virtualClock.ts';

interface Speed {
  readonly exportFixed: number;
  readonly exportPerLine: number;
  readonly importFixed: number;
  readonly importPerLine: number;
}

interface Case {
  readonly name: string;
  readonly flavour: 'azureApiForFhir' | 'ahds';
  readonly speed: Speed;
  readonly resources: number;
  readonly days: number;
  readonly plan?: WorldOptions['plan'];
  /** Share of resources that were changed once more. */
  readonly changed?: number;
}

const cases: readonly Case[] = [
  {
    name: 'exports that are slower than imports, in many windows',
    flavour: 'azureApiForFhir',
    speed: { exportFixed: 60_000, exportPerLine: 8_000, importFixed: 30_000, importPerLine: 3_000 },
    resources: 600,
    days: 300,
    plan: { limits: { windowDays: 10 } },
  },
  {
    name: 'imports that are slower than exports',
    flavour: 'ahds',
    speed: { exportFixed: 45_000, exportPerLine: 2_000, importFixed: 60_000, importPerLine: 9_000 },
    resources: 500,
    days: 200,
    plan: { limits: { windowDays: 20 } },
  },
  {
    name: 'short jobs whose fixed time counts most',
    flavour: 'ahds',
    speed: { exportFixed: 90_000, exportPerLine: 300, importFixed: 75_000, importPerLine: 300 },
    resources: 400,
    days: 400,
    plan: { limits: { windowDays: 10 } },
  },
  {
    name: 'history, with every third resource changed',
    flavour: 'azureApiForFhir',
    speed: { exportFixed: 60_000, exportPerLine: 6_000, importFixed: 30_000, importPerLine: 7_000 },
    resources: 450,
    days: 240,
    changed: 1 / 3,
    plan: { scope: { history: true }, limits: { windowDays: 15 } },
  },
  {
    name: 'one large window',
    flavour: 'ahds',
    speed: { exportFixed: 45_000, exportPerLine: 4_000, importFixed: 30_000, importPerLine: 5_000 },
    resources: 500,
    days: 100,
    plan: { limits: { windowDays: 365 } },
  },
  {
    name: 'nights only',
    flavour: 'ahds',
    speed: { exportFixed: 60_000, exportPerLine: 60_000, importFixed: 30_000, importPerLine: 20_000 },
    resources: 500,
    days: 300,
    plan: {
      limits: { windowDays: 10 },
      calendar: {
        timeZone: 'Europe/Berlin',
        exports: [{ from: '20:00', till: '02:00' }],
        imports: [{ from: '20:00', till: '06:00' }],
      },
    },
  },
];

/** Services whose jobs cost a fixed time and then share one speed, with data that lies unevenly over the days. */
function worldOf(
  { flavour, speed, resources, days, plan, changed = 0 }: Case,
  slice: WorldOptions['plan'] = {},
): World {
  let importsUntil = 0;
  const world: World = new World({
    plan: {
      ...plan,
      ...slice,
      scope: { ...plan?.scope, ...slice.scope },
      limits: { ...plan?.limits, ...slice.limits },
    },
    exports: {
      flavour,
      skew: 0,
      linesPerFile: 1_000,
      duration: (lines) => speed.exportFixed + lines * speed.exportPerLine,
    },
    imports: {
      duration: (lines) => {
        const now = world.clock.now();
        importsUntil = Math.max(importsUntil, now) + lines * speed.importPerLine;
        return importsUntil + speed.importFixed - now;
      },
    },
  });
  const random = seeded(11);
  for (let index = 0; index < resources; index += 1) {
    // More and more over time, as services fill.
    const at = Math.floor(start - days * day * (1 - Math.sqrt((index + random()) / resources)) - 20 * minute);
    const type = index % 3 === 0 ? 'Patient' : 'Observation';
    world.source.store.write(type, `r${index}`, at, false, `content ${index}`);
    if (index < resources * changed) world.source.store.write(type, `r${index}`, at + minute, false, 'again');
  }
  return world;
}

async function finish(world: World) {
  await world.create();
  const runner = await world.drive();
  const seen = overview(runner.state, runner.observations(), world.clock.now());
  assert.equal(seen.phase, 'complete', JSON.stringify(seen.attention));
  return seen;
}

const ratesOf = (speed: Speed): Rates => ({
  export: { fixedMs: exactly(speed.exportFixed), perSecond: exactly(1_000 / speed.exportPerLine) },
  import: { fixedMs: exactly(speed.importFixed), perSecond: exactly(1_000 / speed.importPerLine) },
  bytesPerResource: exactly(100),
  parallel: true,
  basis: [],
});

async function predicted(world: World, rates: Rates, changesPerHour = 0) {
  const { plan } = world;
  const { store } = world.source;
  const till = start - plan.options.safetyLagSeconds * 1_000;
  const first = Math.min(...[...store.everything()].map((versions) => versions[0]?.lastUpdated ?? till));
  const since = scopeSince(plan);
  const preview = await previewWindows(plan, since ?? first, till, (from, to) =>
    Promise.resolve(store.count({ of: countOf(plan), since: from, till: to })),
  );
  const of = (what: 'current' | 'versions') =>
    counted(store.count({ of: what, ...(since === undefined ? {} : { since }), till }));
  const windows = windowSizes(plan, preview, till, store.count({ of: countOf(plan), till }));
  const input = { plan, now: start, rates, changesPerHour, windows, current: of('current'), versions: of('versions') };
  return predict({ ...input, throughput: undefined, leftOut: [], basis: [] });
}

function variantOf(variants: readonly Variant[], pattern: Variant['pattern']): Variant {
  const found = variants.find((each) => each.planned && each.pattern === pattern);
  assert.ok(found);
  return found;
}

const within = (predictedMs: number | undefined, actual: number, what: string): void => {
  assert.ok(predictedMs !== undefined, what);
  const off = predictedMs / actual - 1;
  assert.ok(Math.abs(off) <= 0.2, `${what}: predicted ${predictedMs}, then ${actual} (${Math.round(off * 100)} %)`);
};

describe('predictions and what then happens', () => {
  for (const given of cases) {
    it(`agree within 20 % for ${given.name}`, async () => {
      const world = worldOf(given);
      const prediction = await predicted(world, ratesOf(given.speed));
      const seen = await finish(world);
      const variant = variantOf(prediction.variants, 'liftAndShift');
      within(variant.durationMs?.likely, world.clock.now() - start, 'duration');
      within(variant.windows?.likely, seen.windows.filter(({ kind }) => kind === 'backlog').length, 'windows');
      within(variant.imported?.likely, seen.progress.imported, 'imported');
    });

    it(`agree within 20 % by the rates of a rehearsal for ${given.name}`, async () => {
      const slice = worldOf(given, {
        scope: { since: new Date(start - 40 * day).toISOString(), till: new Date(start - day).toISOString() },
        limits: { windowDays: 7 },
      });
      await finish(slice);
      const events = slice.journal.records.map(({ text, sequence }) => decodeEvent(text, sequence));
      const rates = measureRates(events, 'slice');
      assert.ok(rates);
      const world = worldOf(given);
      const { variants, basis } = await predicted(world, rates);
      assert.match(basis.join(), /Rates are those of \d+ exports/);
      await finish(world);
      within(variantOf(variants, 'liftAndShift').durationMs?.likely, world.clock.now() - start, 'duration');
    });
  }

  it('hold for how long nobody may write, after a source that is written all the time', async () => {
    for (const perHour of [20, 60, 120]) {
      const given = cases[0];
      assert.ok(given);
      const world = worldOf(given);
      const { variants } = await predicted(world, ratesOf(given.speed), perHour);
      const { durationMs, freezeMs } = variantOf(variants, 'incremental');
      assert.ok(durationMs !== undefined && freezeMs !== undefined);
      const frozenAt = start + durationMs.likely;
      for (let at = start + minute; at < frozenAt; at += 3_600_000 / perHour)
        world.clock.at(at, () =>
          world.source.store.write('Patient', `n${at}`, Math.floor(world.clock.now()), false, 'x'),
        );
      await finish(world);
      const actual = world.clock.now() - frozenAt;
      assert.ok(
        actual >= freezeMs.least * 0.8 && actual <= freezeMs.most * 1.2,
        `${perHour} an hour: ${JSON.stringify(freezeMs)}, then ${actual}`,
      );
    }
  });
});

describe('a prediction', () => {
  const plan = (more: Partial<PlanInput> = {}): Plan =>
    v.parse(planSchema, { ...JSON.parse(JSON.stringify(planFor('azureApiForFhir'))), ...more });
  const input = (change: Partial<PredictionInput> = {}): PredictionInput => ({
    plan: plan(),
    now: start,
    current: exactly(1_000_000),
    versions: exactly(1_400_000),
    windows: [400_000, 600_000, 400_000],
    changesPerHour: 500,
    throughput: 4_000,
    rates: defaultRates,
    leftOut: [],
    basis: [],
    ...change,
  });

  it('tells of both patterns with and without history, parallel or not, the planned ones first', () => {
    const { variants } = predict(input());
    assert.equal(variants.length, 8);
    assert.equal(new Set(variants.map((one) => `${one.pattern} ${one.history} ${one.parallel}`)).size, 8);
    assert.deepEqual(
      variants.slice(0, 3).map(({ planned }) => planned),
      [true, true, false],
    );
  });

  it('has ranges in order, and a longer freeze for lift and shift than for incremental copies', () => {
    fc.assert(
      fc.property(
        fc.record({
          resources: fc.integer({ min: 0, max: 2_000_000_000 }),
          more: fc.integer({ min: 0, max: 1_000_000_000 }),
          windows: fc.array(fc.integer({ min: 0, max: 100_000_000 }), { maxLength: 40 }),
          perHour: fc.integer({ min: 0, max: 100_000 }),
        }),
        ({ resources, more, windows, perHour }) => {
          const { variants } = predict(
            input({
              current: exactly(resources),
              versions: exactly(resources + more),
              windows,
              changesPerHour: perHour,
            }),
          );
          for (const variant of variants) {
            const figures = [
              variant.windows,
              variant.durationMs,
              variant.stagingBytes,
              variant.imported,
              variant.requestUnits,
            ];
            for (const figure of [...figures, variant.throughputHours, variant.freezeMs])
              if (figure !== undefined)
                assert.ok(figure.least <= figure.likely && figure.likely <= figure.most, JSON.stringify(figure));
            assert.equal(variant.cost, undefined, 'no money without prices');
          }
        },
      ),
      { numRuns: 60 },
    );
    const { variants } = predict(input());
    const [incremental, whole] = [variantOf(variants, 'incremental'), variantOf(variants, 'liftAndShift')];
    assert.ok((incremental.freezeMs?.likely ?? Infinity) < (whole.freezeMs?.likely ?? 0) / 2);
    assert.deepEqual(whole.freezeMs, whole.durationMs);
  });

  it('computes money from the prices that were entered, item by item', () => {
    const { variants } = predict(
      input({
        plan: plan({ prices: { currency: 'EUR', throughputHour: 0.01, importedMillion: 2 } }),
        rates: { ...defaultRates, bytesPerResource: exactly(1_000) },
      }),
    );
    const { cost, throughputHours, requestUnits, durationMs } = variantOf(variants, 'liftAndShift');
    assert.deepEqual(
      cost?.items.map(({ what }) => what),
      ['throughput', 'import'],
    );
    assert.equal(cost.currency, 'EUR');
    assert.equal(cost.items[1]?.amount.likely, 2);
    assert.ok(Math.abs((throughputHours?.likely ?? 0) - ((durationMs?.likely ?? 0) / 3_600_000) * 40) < 1e-6);
    assert.equal(cost.total.likely, 2 + (throughputHours?.likely ?? 0) * 0.01);
    assert.deepEqual(requestUnits, { least: 1_000_000, likely: 2_000_000, most: 7_000_000 });
  });

  it('says nothing about what is not known', () => {
    const { variants } = predict(
      input({ current: undefined, versions: undefined, windows: undefined, changesPerHour: undefined }),
    );
    for (const { windows, durationMs, freezeMs, stagingBytes, cost } of variants)
      assert.deepEqual([windows, durationMs, freezeMs, stagingBytes, cost], Array(5).fill(undefined));
    const [unwatched] = predict(input({ changesPerHour: undefined })).variants;
    assert.equal(unwatched?.freezeMs, undefined);
    assert.ok(unwatched?.durationMs);
  });

  it('says that a source changes faster than it can be copied', () => {
    const [variant] = predict(input({ changesPerHour: 50_000_000 })).variants;
    assert.equal(variant?.pattern, 'incremental');
    assert.equal(variant.freezeMs, undefined);
  });

  it('spends request units and throughput only on an Azure API for FHIR', () => {
    const [variant] = predict(input({ plan: planFor('ahds') })).variants;
    assert.deepEqual([variant?.requestUnits, variant?.throughputHours], [undefined, undefined]);
  });
});

describe('rates of jobs', () => {
  it('tell the time of every job from the speed beyond it when sizes differ', () => {
    const samples = [100, 500, 1_000, 2_000].map((resources) => ({ resources, ms: 40_000 + resources * 10 }));
    const rate = fit(samples, exactly(99_000));
    assert.ok(
      Math.abs((rate?.fixedMs.likely ?? 0) - 40_000) < 1 && Math.abs((rate?.perSecond.likely ?? 0) - 100) < 1e-6,
    );
  });

  it('take off the usual time of a job when sizes are alike', () => {
    const rate = fit([{ resources: 1_000, ms: 130_000 }], exactly(30_000));
    assert.deepEqual([rate?.fixedMs.likely, rate?.perSecond.likely], [30_000, 10]);
  });

  it('are unknown after too few resources', () => {
    assert.equal(fit([{ resources: 5, ms: 60_000 }], exactly(1)), undefined);
    assert.equal(measureRates([], 'nothing'), undefined);
  });
});
