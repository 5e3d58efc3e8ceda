import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ToldVersion, VersionTable } from '../../../src/verify/versionTable.ts';

const ids = fc.oneof(
  fc.uuid(),
  fc.constantFrom('a', 'A', 'b-1', '00000000-0000-4000-8000-00000000000A', '00000000-0000-4000-8000-00000000000a'),
);
const version: fc.Arbitrary<ToldVersion> = fc.record(
  {
    id: ids,
    versionId: fc.constantFrom(undefined, '1', '2', '10', '-1', '007', 'W', '9007199254740993', '-2147483648'),
    lastUpdated: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
    digest: fc.option(fc.constantFrom('0'.repeat(32), '0123456789abcdef'.repeat(2)), { nil: undefined }),
    deleted: fc.boolean(),
  },
  { noNullPrototype: true },
);

/** What the table must say, in plain objects. */
function newestOf(versions: readonly ToldVersion[]): ReadonlyMap<string, ToldVersion> {
  const newest = new Map<string, ToldVersion>();
  for (const one of versions) {
    const held = newest.get(one.id);
    const apart = held === undefined ? 1 : (one.lastUpdated ?? 0) - (held.lastUpdated ?? 0);
    if (apart < 0 || (apart === 0 && Number(one.versionId) < Number(held?.versionId))) continue;
    newest.set(one.id, one);
  }
  return newest;
}

describe('The table of exported versions', () => {
  it('keeps exactly the newest version of each resource, and lists what is not deleted by its date', () => {
    fc.assert(
      fc.property(
        fc.array(version, { maxLength: 300 }),
        fc.integer({ min: 0, max: 20 }),
        fc.nat(20),
        (versions, since, width) => {
          const table = new VersionTable();
          for (const one of versions) table.add(one);
          const newest = newestOf(versions);
          assert.equal(table.size, newest.size);
          for (const [id, one] of newest) assert.deepEqual(table.get(id), one);
          assert.equal(table.get('elsewhere'), undefined);
          const inside = [...newest.values()].filter(
            ({ deleted, lastUpdated = 0 }) => !deleted && lastUpdated >= since && lastUpdated < since + width,
          );
          const listed = [...table.pages(since, since + width, 7)].flat();
          assert.equal(table.count(since, since + width), inside.length);
          assert.deepEqual(new Set(listed.map(({ id }) => id)), new Set(inside.map(({ id }) => id)));
          const dates = listed.map(({ lastUpdated = 0 }) => lastUpdated);
          assert.deepEqual(
            dates,
            [...dates].sort((a, b) => a - b),
          );
        },
      ),
    );
  });

  it('grows without losing anything', () => {
    const table = new VersionTable();
    const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    for (let index = 0; index < 50_000; index++)
      table.add({ id: idOf(index), versionId: '1', lastUpdated: 50_000 - index, digest: undefined, deleted: false });
    assert.equal(table.count(-Infinity, Infinity), 50_000);
    assert.equal(table.get(idOf(31_415))?.lastUpdated, 50_000 - 31_415);
    assert.equal([...table.pages(-Infinity, Infinity, 1_000)].at(-1)?.at(-1)?.id, idOf(0));
  });
});
