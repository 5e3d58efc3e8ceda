import assert from 'node:assert/strict';
import type { Side } from '../../../src/services/verify/sides.ts';
import { verifyContent } from '../../../src/services/verify/verifyContent.ts';
import { type Compared, type Comparison, verifyRanges } from '../../../src/services/verify/verifyServices.ts';
import { failingCounts, losing, losingPages, sometimesUncounted } from '../../scenarios/verify/faultySides.ts';
import { between, first, type Pair, pairOf, type Planted, plantedPair } from './plantedPair.ts';

const million = 1_000_000;
const never = new AbortController().signal;
const yearMs = 365 * 86_400_000;

const found = ({ differences }: Compared): Planted =>
  Object.fromEntries(differences.map((difference) => [difference.id, `${difference.class} ${difference.reason}`]));
const sum = ({ types }: Compared, of: 'equal' | 'unread' | 'changedLater'): number =>
  types.reduce((all, type) => all + type[of], 0);

const byType = ({ types }: Compared): Readonly<Record<string, unknown>> =>
  Object.fromEntries(types.map((row) => [row.type, row]));

/** No count can show that the content of a version is another one. */
const byCount = (planted: Planted): Planted =>
  Object.fromEntries(Object.entries(planted).filter(([, how]) => how !== 'differs content'));

describe('A pair of a million resources', function () {
  this.timeout(120_000);
  let pair: Pair;
  let planted: Planted;
  before(() => {
    ({ pair, planted } = plantedPair(million));
  });

  it('shows every planted difference by content, in its class, and nothing else', async () => {
    const result = await verifyContent(pair.comparison, never);
    assert.deepEqual([found(result), result.openRanges, result.truncated], [planted, [], false]);
    // Equal besides the million: the reordered one, `Case`, and the current version of the one with the gap.
    assert.deepEqual([sum(result, 'equal'), sum(result, 'unread'), sum(result, 'changedLater')], [million + 3, 0, 1]);
  });

  it('shows every planted difference of counts by ranges, in its class, and nothing else', async () => {
    const result = await verifyRanges(pair.comparison, never);
    assert.deepEqual([found(result), result.openRanges, result.truncated], [byCount(planted), [], false]);
  });

  it('goes on with the types that differ, when ranges were interrupted', async () => {
    const comparison = { ...pair.comparison, history: false };
    const whole = await verifyRanges(comparison, never);
    const stop = new AbortController();
    let done: Comparison['done'];
    const listing: Side = {
      ...pair.source,
      list: () => {
        stop.abort();
        throw new Error('Interrupted.');
      },
    };
    const checkpoint = (reached: Comparison['done']): void => void (done = structuredClone(reached));
    await assert.rejects(verifyRanges({ ...comparison, source: listing, checkpoint }, stop.signal), /Interrupted/);
    const equal = Object.keys(done ?? {});
    assert.ok(equal.length > 0 && equal.length < comparison.types.length, `${equal.length} types are equal`);
    const counted = new Set<string>();
    const counting: Side = {
      ...pair.source,
      counts: (ranges, kind, signal) => {
        for (const { type } of ranges) counted.add(type);
        return pair.source.counts(ranges, kind, signal);
      },
    };
    const rest = await verifyRanges(
      { ...comparison, source: counting, ...(done === undefined ? {} : { done }) },
      never,
    );
    assert.deepEqual(found(rest), found(whole));
    assert.deepEqual(byType(rest), byType(whole));
    assert.ok(counted.size > 0 && equal.every((type) => !counted.has(type)));
  });

  const faults: Readonly<Record<string, readonly [source: (side: Side) => Side, target: (side: Side) => Side]>> = {
    'rows lost on the source': [(side) => losing(side, 31), (side) => side],
    'rows lost on both': [(side) => losing(side, 31), (side) => losing(side, 33)],
    'whole pages lost on both': [(side) => losingPages(side, 5), (side) => losingPages(side, 7)],
    'no counts on the target, and rows lost on it': [(side) => side, (side) => losing(failingCounts(side), 33)],
    'counts of long ranges failing on both, and rows lost': [
      (side) => losing(failingCounts(side, yearMs / 2, first), 31),
      (side) => losing(failingCounts(side, yearMs, first), 33),
    ],
    'counts failing now and then on both, and pages lost': [
      (side) => losingPages(sometimesUncounted(side, 7), 5),
      (side) => losing(sometimesUncounted(side, 5), 33),
    ],
  };
  for (const [name, [onSource, onTarget]] of Object.entries(faults))
    it(`shows the same with ${name}`, async () => {
      const comparison = { ...between(pair, onSource(pair.source), onTarget(pair.target)), history: false };
      const current = Object.fromEntries(Object.entries(planted).filter(([id]) => id !== 'versionGap'));
      const content = await verifyContent(comparison, never);
      assert.deepEqual([found(content), sum(content, 'unread'), content.truncated], [current, 0, false]);
      assert.equal(sum(content, 'equal'), million + 3);
      const ranges = await verifyRanges(comparison, never);
      assert.deepEqual([found(ranges), ranges.openRanges], [byCount(current), []]);
    });
});

describe('Hard deletes', function () {
  this.timeout(60_000);

  async function requestsFor(total: number, lost: number): Promise<number> {
    const removed = new Set(
      Array.from({ length: lost }, (_, index) => `r${Math.floor(((index + 0.5) * total) / lost)}`),
    );
    const { comparison, source, target } = pairOf(total, { removed }, {});
    const { differences } = await verifyRanges({ ...comparison, history: false }, never);
    assert.deepEqual(new Set(differences.map(({ id }) => id)), removed);
    assert.ok(differences.every((difference) => difference.reason === 'notOnSource'));
    return source.requests() + target.requests();
  }

  it('are found in requests that grow with their number, not with the data', async () => {
    const none = await requestsFor(million, 0);
    const ten = await requestsFor(million, 10);
    const hundred = await requestsFor(million, 100);
    const hundredOfFew = await requestsFor(million / 10, 100);
    assert.ok(none <= 100, `${none} requests for nothing`);
    assert.ok(ten - none <= 10 * 60, `${ten - none} more for ten`);
    assert.ok(hundred - none <= 100 * 60, `${hundred - none} more for a hundred`);
    assert.ok(hundred < hundredOfFew * 2, `${hundred} among a million, ${hundredOfFew} among a tenth of it`);
  });
});
