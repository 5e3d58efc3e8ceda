import { quoteNumbers } from '../../../src/fhir/exactJson.ts';
import type { Side } from '../../../src/services/verify/sides.ts';
import type { Comparison } from '../../../src/services/verify/verifyServices.ts';
import { contentDigest } from '../../../src/verify/canonical.ts';
import type { ListedResource } from '../../../src/verify/differences.ts';
import type { Version } from '../../../src/verify/pairVersions.ts';
import { type Held, memorySide, type MemorySide } from './memorySide.ts';

/** Thirty types of which one holds what is planted. */
const types = Array.from({ length: 30 }, (_, index) => (index === 0 ? 'Observation' : `Type${index}`));
const stepMs = 100_000;
export const first = Date.UTC(2022, 0, 1);

export interface Pair {
  readonly source: MemorySide;
  readonly target: MemorySide;
  readonly comparison: Comparison;
}

interface Changes {
  readonly added?: readonly ListedResource[];
  readonly removed?: ReadonlySet<string>;
  readonly deleted?: ReadonlyMap<string, number>;
  readonly older?: readonly Version[];
}

/** Two services in memory that hold the same but for what is changed in their Observations. */
export function pairOf(total: number, source: Changes, target: Changes): Pair {
  const till = first + total * stepMs;
  const rows = new Map<string, ListedResource[]>(types.map((type) => [type, []]));
  for (let index = 0; index < total; index++) {
    const row = { id: `r${index}`, versionId: '1', lastUpdated: first + index * stepMs, digest: 'equal' };
    rows.get(types[index % types.length] ?? '')?.push(row);
  }
  const side = ({ added = [], removed, deleted = new Map(), older = [] }: Changes): MemorySide => {
    const held = new Map<string, Held>();
    for (const [type, all] of rows) {
      const kept = removed === undefined ? all : all.filter(({ id }) => !removed.has(id));
      held.set(type, type === 'Observation' ? { current: [...kept, ...added], deleted, older } : { current: kept });
    }
    return memorySide(held);
  };
  const [left, right] = [side(source), side(target)];
  return {
    source: left,
    target: right,
    comparison: {
      source: left,
      target: right,
      types,
      since: undefined,
      till,
      first,
      history: true,
      progress: () => undefined,
    },
  };
}

/** The same pair with other sides. */
export const between = ({ comparison }: Pair, source: Side, target: Side): Comparison => ({
  ...comparison,
  source,
  target,
});

/** What each planted resource must be found as: `class reason`. Everything else must be found equal. */
export type Planted = Readonly<Record<string, string>>;

/** A pair with one of each kind of difference, and of each kind of sameness that is easily taken for one. */
export function plantedPair(total: number): { readonly pair: Pair; readonly planted: Planted } {
  const till = first + total * stepMs;
  const at = (share: number): number => Math.floor(first + (till - first) * share) + 1;
  const one = (id: string, share: number, text = '1.0', versionId = '1'): ListedResource => ({
    id,
    versionId,
    lastUpdated: at(share),
    digest: digestOf(`{"resourceType":"Observation","id":"${id}","status":"final","valueQuantity":{"value":${text}}}`),
  });
  const version = ({ id, versionId, lastUpdated = 0 }: ListedResource): Version => ({ id, versionId, lastUpdated });
  const late = (id: string, afterMs: number, versionId: string): ListedResource => ({
    ...one(id, 0, '9', versionId),
    lastUpdated: till + afterMs,
  });
  const gap = one('versionGap', 0.55, '1', '3');
  const older = [one('versionGap', 0.51, '1', '1'), one('versionGap', 0.53, '1', '2')].map(version);
  const reordered = '{"status":"final","id":"reordered","valueQuantity":{"value":1.0},"resourceType":"Observation"}';
  const pair = pairOf(
    total,
    {
      added: [
        ...[one('missing', 0.1), one('changed', 0.2, '5'), one('decimal', 0.24, '1.0'), one('reordered', 0.28)],
        ...[one('Case', 0.4, '7'), one('case', 0.4, '8'), late('late', 60_000, '2'), late('lateNew', 61_000, '1')],
        ...[gap, one('conflict', 0.6)],
      ],
      deleted: new Map([['softDeleted', at(0.9)]]),
      older: [
        ...older,
        version(one('late', 0.44)),
        version(one('softDeleted', 0.36)),
        { ...version(one('softDeleted', 0.9)), versionId: '2' },
      ],
    },
    {
      added: [
        ...[one('extra', 0.7), one('changed', 0.2, '6'), one('decimal', 0.24, '1.00')],
        ...[{ ...one('reordered', 0.28), digest: digestOf(reordered) }],
        ...[one('hardDeleted', 0.32), one('softDeleted', 0.36), one('Case', 0.4, '7'), one('late', 0.44)],
        ...[gap, one('conflict', 0.95, '4', '2')],
      ],
      older: [...older.slice(0, 1), version(one('conflict', 0.6))],
    },
  );
  return {
    pair,
    planted: {
      missing: 'missingOnTarget neverThere',
      extra: 'extraOnTarget notOnSource',
      changed: 'differs content',
      decimal: 'differs content',
      hardDeleted: 'extraOnTarget notOnSource',
      softDeleted: 'extraOnTarget deletedOnSource',
      case: 'missingOnTarget neverThere',
      conflict: 'differs changedOnTarget',
      versionGap: 'differs history',
    },
  };
}

const digestOf = (text: string): string => contentDigest(JSON.parse(quoteNumbers(text)) as Record<string, unknown>);
