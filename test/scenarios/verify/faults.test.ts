import assert from 'node:assert/strict';
import { type Side, serviceSide } from '../../../src/services/verify/sides.ts';
import { verifyContent } from '../../../src/services/verify/verifyContent.ts';
import { type Compared, type Comparison, verifyRanges } from '../../../src/services/verify/verifyServices.ts';
import { never, useClients } from '../clients/fixture.ts';
import { failingCounts, losing } from './faultySides.ts';
import { copyAll, observation, plant, type Planted } from './planted.ts';

describe('Verification of services that lose pages and fail counts', function () {
  this.timeout(60_000);
  const clients = useClients({
    services: [
      { name: 'contoso', flavour: 'ahds' },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  let planted: Planted = {};
  let till = 0;
  before(() => {
    const { sandbox } = clients();
    const [source, target] = [sandbox.store('contoso'), sandbox.store('clinical')];
    till = Math.floor(sandbox.clock.now());
    for (let index = 0; index < 4_000; index++) source.put(observation(`o${index}`, 1 + index / 4, till));
    copyAll(source, target);
    planted = plant(source, target, till);
    sandbox.clock.advance(3_600_000);
  });

  const comparison = (wrapSource: (side: Side) => Side, wrapTarget: (side: Side) => Side): Comparison => ({
    source: wrapSource(serviceSide(clients().fhir('contoso'))),
    target: wrapTarget(serviceSide(clients().fhir('clinical'))),
    types: ['Observation', 'Patient'],
    since: undefined,
    till,
    first: till - 1_100 * 86_400_000,
    history: false,
    progress: () => undefined,
  });
  const found = ({ differences }: Compared): Planted =>
    Object.fromEntries(differences.map((difference) => [difference.id, `${difference.class} ${difference.reason}`]));
  const as = (side: Side): Side => side;
  const unread = ({ types }: Compared): number => types.reduce((sum, type) => sum + type.unread, 0);

  it('tells lost rows of one service from real differences', async () => {
    const result = await verifyContent(
      comparison(as, (side) => losing(side, 33)),
      never,
    );
    assert.deepEqual([found(result), unread(result)], [planted, 0]);
  });

  it('looks again at smaller ranges when both services lose rows', async () => {
    const both = comparison(
      (side) => losing(side, 31),
      (side) => losing(side, 33),
    );
    const result = await verifyContent(both, never);
    assert.deepEqual([found(result), unread(result)], [planted, 0]);
    const row = result.types.find(({ type }) => type === 'Observation');
    const notEqual = Object.values(planted).filter((how) => !how.startsWith('extra')).length;
    assert.equal(row?.equal, (row?.source ?? 0) - notEqual);
  });

  it('does without counts of one service', async () => {
    const result = await verifyContent(comparison(as, failingCounts), never);
    assert.deepEqual(found(result), planted);
  });

  it('takes a count that failed for unknown, divides its range and lists it', async () => {
    const yearMs = 365 * 86_400_000;
    for (const from of [0, yearMs]) {
      const result = await verifyRanges(
        comparison(as, (side) => failingCounts(side, from)),
        never,
      );
      const seen = Object.fromEntries(Object.entries(planted).filter(([id]) => id !== 'changed' && id !== 'decimal'));
      assert.deepEqual([found(result), result.openRanges], [seen, []]);
    }
  });
});
