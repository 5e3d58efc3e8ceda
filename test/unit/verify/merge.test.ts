import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSame, type ListedResource } from '../../../src/verify/differences.ts';
import { mergeListings } from '../../../src/verify/mergeListings.ts';

const comparing = { content: true, versions: true, till: undefined };
const same = (a: ListedResource, b: ListedResource): boolean => isSame(a, b, comparing);

async function* pages(resources: readonly ListedResource[], size: number): AsyncGenerator<readonly ListedResource[]> {
  for (let at = 0; at < resources.length; at += size) yield await Promise.resolve(resources.slice(at, at + size));
}

const listing = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom(
        ...Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? `a${index}` : `A${index - 1}`)),
      ),
      versionId: fc.constantFrom('1', '2'),
      lastUpdated: fc.integer({ min: 0, max: 5 }),
      digest: fc.constantFrom('x', 'y'),
    }),
    { selector: ({ id }) => id },
  )
  .map((all): readonly ListedResource[] => [...all].sort((a, b) => a.lastUpdated - b.lastUpdated));

describe('Two listings merged', () => {
  it('find exactly what is not the same, whatever the pages and the order within one date', async () => {
    await fc.assert(
      fc.asyncProperty(listing, listing, fc.integer({ min: 1, max: 7 }), async (source, target, size) => {
        const merged = await mergeListings(pages(source, size), pages(target, size + 1), same, 1_000);
        const wanted = new Map<string, string>();
        for (const one of source) {
          const other = target.find(({ id }) => id === one.id);
          if (other === undefined) wanted.set(one.id, 'source');
          else if (!same(one, other)) wanted.set(one.id, 'both');
        }
        for (const { id } of target) if (!source.some((one) => one.id === id)) wanted.set(id, 'target');
        const found = [...merged.suspects].map(([id, seen]): [string, string] => [
          id,
          seen.source === undefined ? 'target' : seen.target === undefined ? 'source' : 'both',
        ]);
        assert.deepEqual(new Map(found.sort()), new Map([...wanted].sort()));
        assert.deepEqual([merged.onSource, merged.onTarget, merged.stopped], [source.length, target.length, false]);
      }),
    );
  });

  it('hold up with listings in any order', async () => {
    await fc.assert(
      fc.asyncProperty(listing, fc.integer(), async (resources, seed) => {
        const shuffled = [...resources].sort((a, b) => ((a.id.length * 7 + seed) % 5) - ((b.id.length * 3 + seed) % 7));
        const merged = await mergeListings(pages(resources, 3), pages(shuffled.reverse(), 4), same, 1_000);
        assert.deepEqual([merged.suspects.size, merged.same], [0, resources.length]);
      }),
    );
  });

  it('stop early when the target is empty, and close both listings', async () => {
    let closed = 0;
    async function* endless(): AsyncGenerator<readonly ListedResource[]> {
      try {
        for (let page = 0; ; page++)
          yield await Promise.resolve([{ id: `p${page}`, versionId: '1', lastUpdated: page, digest: 'x' }]);
      } finally {
        closed++;
      }
    }
    const merged = await mergeListings(endless(), pages([], 1), same, 50);
    assert.deepEqual([merged.stopped, merged.suspects.size, closed], [true, 50, 1]);
  });

  it('do not take a burst of one date for differences', async () => {
    const burst = Array.from({ length: 500 }, (_, index) => ({
      id: `b${index}`,
      versionId: '1',
      lastUpdated: 1,
      digest: 'x',
    }));
    const merged = await mergeListings(pages(burst, 10), pages([...burst].reverse(), 10), same, 20);
    assert.deepEqual([merged.stopped, merged.same, merged.suspects.size], [false, 500, 0]);
  });
});
