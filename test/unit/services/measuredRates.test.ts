import assert from 'node:assert/strict';
import { overview, type MigrationOverview } from '../../../src/engine/overview.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import { defaultRates } from '../../../src/engine/prediction/rates.ts';
import { importingInto } from '../../../src/services/assess/importingInto.ts';
import { measuredRates } from '../../../src/services/prediction/measuredRates.ts';
import { day, planFor, start, World } from '../engine/simulation/world.ts';

type Measured = Parameters<typeof measuredRates>[1][number];

describe('rates of earlier migrations', () => {
  const [source, target] = ['https://one.example', 'https://two.example'];
  const between = (from: string, to: string, kind: 'azureApiForFhir' | 'ahds' = 'azureApiForFhir'): Plan => {
    const plan = planFor(kind);
    return { ...plan, source: { ...plan.source, endpoint: from }, target: { ...plan.target, endpoint: to } };
  };
  const plan = between(source, target);
  let ended: MigrationOverview;
  let journal: Measured['journal'];
  before(async () => {
    const world = new World({
      exports: { flavour: 'azureApiForFhir', skew: 0, linesPerFile: 100, duration: () => 60_000 },
      imports: { duration: () => 30_000 },
    });
    for (let index = 0; index < 60; index += 1)
      world.source.store.write('Patient', `p${index}`, start - (index + 1) * day, false, 'content');
    await world.create();
    const runner = await world.drive();
    ended = overview(runner.state, runner.observations(), world.clock.now());
    const { records } = world.journal;
    journal = () => Promise.resolve(records);
  });
  const earlier = (name: string, of: Plan, createdAt: number, empty = false): Measured => ({
    overview: () => ({ ...ended, name, plan: of, createdAt }),
    journal: empty ? () => Promise.resolve([]) : journal,
  });

  it('take the place of assumptions, the newest between the same services first', async () => {
    const rates = await measuredRates(plan, [
      earlier('old', plan, 1),
      earlier('new', between(`${source}/`, target), 3),
      earlier('elsewhere', between('https://x.example', 'https://y.example'), 9),
      earlier('nothing moved', plan, 10, true),
    ]);
    assert.match(rates?.basis.join(' ') ?? '', /^Rates are those of \d+ exports .* in "new"\.$/);
  });

  it('of a rehearsal into another service count as those of the plan', async () => {
    const rehearsal = { ...between(source, 'https://scratch.example'), rehearsalOf: plan.name };
    const rates = await measuredRates(plan, [earlier('rehearsal', rehearsal, 1)]);
    assert.equal(rates?.basis.length, 1);
  });

  it('of other services of the same kinds count with wider ranges, and are said to be theirs', async () => {
    const own = await measuredRates(plan, [earlier('own', plan, 1)]);
    const others = await measuredRates(plan, [earlier('theirs', between('https://x.example', 'https://y.example'), 1)]);
    assert.ok(own && others);
    assert.equal(others.import.perSecond.likely, own.import.perSecond.likely);
    assert.equal(others.import.perSecond.least, own.import.perSecond.least / 2);
    assert.equal(others.export.perSecond.most, own.export.perSecond.most * 2);
    assert.match(others.basis.join(' '), /in "theirs"\. That was from source to target, so that ranges are wider\./);
  });

  it('are not those of another product, and without any the assumptions are called so, with where they come from', async () => {
    const other = between('https://x.example', 'https://y.example', 'ahds');
    assert.equal(await measuredRates(plan, [earlier('other product', other, 1)]), undefined);
    assert.match(defaultRates.basis.join(' '), /Nothing was measured yet.*assumed.*public measurements.*Rehearse/);
  });
});

describe('imports that run on a service', () => {
  it('are those of migrations that import into it, not those that export or go elsewhere', () => {
    const running = (name: string, endpoint: string, kind: 'export' | 'import') => ({
      name,
      plan: { ...planFor('ahds'), target: { kind: 'ahds' as const, name: 't', endpoint } },
      operations: [{ kind }],
    });
    const names = importingInto('https://t.example', [
      running('yes', 'https://T.example/', 'import'),
      running('exports only', 'https://t.example', 'export'),
      running('elsewhere', 'https://u.example', 'import'),
    ]);
    assert.deepEqual(names, ['yes']);
  });
});
