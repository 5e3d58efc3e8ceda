import assert from 'node:assert/strict';
import type { PlanService } from '../../../src/engine/plan.ts';
import type { Verification } from '../../../src/services/verify/verification.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from '../compare/fixture.ts';
import { copyAll, observation, plant, type Planted } from './planted.ts';

describe('Two services verified', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', data: [{ kind: 'patients', count: 12 }, { kind: 'oddities' }] },
      { name: 'clinical', flavour: 'ahds' },
      { name: 'equal', flavour: 'ahds' },
    ],
  });
  let planted: Planted = {};
  let till = 0;
  before(() => {
    const { sandbox } = world();
    copyAll(sandbox.store('contoso'), sandbox.store('clinical'));
    till = Math.floor(sandbox.clock.now());
    planted = plant(sandbox.store('contoso'), sandbox.store('clinical'), till);
    copyAll(sandbox.store('contoso'), sandbox.store('equal'));
    sandbox.clock.advance(3_600_000);
  });

  const service = (name: string): PlanService => ({
    kind: name === 'contoso' ? 'azureApiForFhir' : 'ahds',
    name,
    endpoint: world().sandbox.endpointOf(name),
    tenantId: world().sandbox.tenantId,
  });
  const verify = (depth: 'range' | 'content', target = 'clinical', more: object = {}): Promise<Verification> =>
    world().services.verify({ source: service('contoso'), target: service(target), depth, till, ...more }, never);
  const found = ({ differences }: Verification): Planted =>
    Object.fromEntries(differences.map((difference) => [difference.id, `${difference.class} ${difference.reason}`]));
  const requests = (): number =>
    Object.entries(world().sandbox.counters()).reduce((sum, [kind, n]) => sum + (/token|login/.test(kind) ? 0 : n), 0);
  const later = (result: Verification): number => result.types.reduce((sum, type) => sum + type.changedLater, 0);

  it('finds and classes every planted difference by content, and nothing else', async () => {
    const result = await verify('content');
    assert.deepEqual(found(result), planted);
    assert.deepEqual([result.outcome, result.truncated, later(result)], ['different', false, 1]);
    assert.ok(result.types.every(({ unread, recovered }) => unread === 0 && recovered === 0));
  });

  it('narrows differences of counts to the resources, by ranges', async () => {
    const result = await verify('range');
    const byContent = new Set(['changed', 'decimal']);
    assert.deepEqual(found(result), Object.fromEntries(Object.entries(planted).filter(([id]) => !byContent.has(id))));
    assert.equal(result.outcome, 'different');
  });

  it('narrows differences of the history to the resources', async () => {
    const result = await verify('range', 'clinical', { history: true, types: ['Observation'] });
    const history = result.differences.filter(({ reason }) => reason === 'history');
    assert.deepEqual(
      history.map(({ id, sourceVersion, targetVersion }) => [id, sourceVersion, targetVersion]),
      [['versionGap', '2', undefined]],
    );
    assert.deepEqual(result.openRanges, []);
    const equal = await verify('range', 'equal', { history: true, types: ['Observation'] });
    assert.deepEqual([equal.outcome, equal.differences], ['equal', []]);
  });

  it('finds equal services equal in few requests', async () => {
    world().sandbox.resetCounters();
    const ranges = await verify('range', 'equal', { till: undefined });
    assert.deepEqual([ranges.outcome, ranges.differences, ranges.openRanges], ['equal', [], []]);
    assert.ok(requests() <= 60, JSON.stringify(world().sandbox.counters()));
    const content = await verify('content', 'equal', { till: undefined });
    assert.equal(content.outcome, 'equal');
    assert.ok(content.types.every(({ source, target, equal }) => source === target && equal === source));
  });

  it('looks at types and at a time range only', async () => {
    const result = await verify('content', 'clinical', { types: ['Patient'] });
    assert.deepEqual([result.outcome, result.types.map(({ type }) => type)], ['equal', ['Patient']]);
    const before = await verify('content', 'clinical', { till: till - 600 * 86_400_000 });
    assert.deepEqual(found(before), { missing: planted.missing });
  });

  it('says with a sample how many can differ at most', async () => {
    const { sample, outcome } = await verify('content', 'equal', { sample: 60, till: undefined });
    assert.equal(outcome, 'equal');
    assert.ok(sample?.compared === 60 && sample.of > 60 && sample.upperShare < 0.05);
  });

  it('deletes reviewed extras, for good or softly, and nothing that is on the source', async () => {
    const { services, sandbox } = world();
    const { differences } = await verify('range');
    const extras = differences.filter((difference) => difference.class === 'extraOnTarget');
    const claimed = {
      ...extras[0],
      type: 'Observation',
      id: 'reordered',
      targetVersion: '1',
    } as (typeof extras)[number];
    const request = { source: service('contoso'), target: service('clinical'), extras: [...extras, claimed] };
    assert.deepEqual(await services.removeExtras(request, never), { removed: 3, kept: 1, failures: [] });
    const target = sandbox.store('clinical');
    assert.equal(target.versions('Observation', 'hardDeleted').length, 0);
    assert.equal(target.current('Observation', 'softDeleted')?.deleted, true);
    assert.equal(target.current('Observation', 'reordered')?.deleted, false);
    assert.ok(!(await verify('range')).differences.some((difference) => difference.class === 'extraOnTarget'));
  });

  it('deletes many extras with a few jobs of the server, and spares what changed meanwhile', async () => {
    const { services, sandbox } = world();
    const target = sandbox.store('clinical');
    const added = Array.from({ length: 130 }, (_, index) => observation(`added${index}`, 30 + index, till));
    for (const version of added) target.put(version);
    const { differences } = await verify('range');
    const extras = differences.filter((difference) => difference.class === 'extraOnTarget');
    assert.equal(extras.length, added.length);
    target.put({ ...observation('added7', 1, till), versionId: '2' });
    sandbox.resetCounters();
    const request = { source: service('contoso'), target: service('clinical'), extras };
    assert.deepEqual(await services.removeExtras(request, never), { removed: 129, kept: 1, failures: [] });
    assert.equal(target.current('Observation', 'added7')?.versionId, '2');
    assert.equal(target.versions('Observation', 'added8').length, 0);
    assert.ok(requests() < 20, JSON.stringify(sandbox.counters()));
    target.purge('Observation', 'added7');
  });
});
