import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ComparedEntry, EntryState } from '../../../src/compare/comparison.ts';
import { sameOfMany } from '../../../src/compare/sameOfMany.ts';

const entry = (path: readonly string[], state: EntryState = 'missing', source = 'x'): ComparedEntry => ({
  path,
  state,
  source,
  target: undefined,
  when: 'notApplicable',
  guidance: '',
});
const types = ['Account', 'Basic', 'Claim', 'Device', 'Encounter', 'Flag'];
const itself = (one: ComparedEntry): ComparedEntry => one;

describe('The same difference of many types', () => {
  it('is put together, and what differs otherwise stays alone', () => {
    const reverse = types.map((type) => entry([type, 'reverse include', 'Encounter:provider']));
    const alone = [
      entry(['Encounter', 'include', 'Encounter:provider']),
      entry(['Goal', 'reverse include', 'Encounter:provider'], 'onlyOnTarget'),
      entry(['Group', 'reverse include', 'Encounter:provider'], 'missing', 'y'),
    ];
    assert.deepEqual(sameOfMany([...alone, ...reverse], itself), {
      together: [{ what: ['reverse include', 'Encounter:provider'], items: reverse }],
      alone,
    });
  });

  it('is left as it is in few types, and never loses or doubles one', () => {
    const some = fc.array(
      fc.record({
        type: fc.constantFrom(...types),
        what: fc.constantFrom('a', 'b'),
        state: fc.constantFrom<EntryState>('missing', 'different'),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(some, (made) => {
        const entries = made.map(({ type, what, state }) => entry([type, 'include', what], state));
        const { together, alone } = sameOfMany(entries, itself);
        const all = [...together.flatMap(({ items }) => items), ...alone];
        assert.equal(all.length, entries.length);
        assert.deepEqual(new Set(all), new Set(entries));
        for (const { items } of together) assert.ok(items.length >= 5);
      }),
    );
  });
});
