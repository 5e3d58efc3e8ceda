import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ComparedEntry, Comparison, EntryState } from '../../../src/compare/comparison.ts';
import { driftFilter } from '../../../src/ui/compare/driftFilter.ts';
import { driftCounts, DriftList } from '../../../src/ui/compare/driftList.ts';
import { driftChildren, driftNodes, type DriftTreeNode, keysBelow } from '../../../src/ui/compare/driftNodes.ts';
import { renderDrift } from '../../../src/ui/compare/renderDrift.ts';
import { Memory } from '../../../src/ui/platform/memory.ts';
import { service } from '../cli/fakeServices.ts';

const entry = (state: EntryState, ...path: string[]): ComparedEntry => ({
  path,
  state,
  source: 'a',
  target: 'b',
  when: 'before',
  guidance: 'Do it.',
});

const comparison: Comparison = {
  source: { name: 'old', endpoint: 'https://old.example' },
  target: { name: 'new', endpoint: 'https://new.example' },
  aspects: [
    {
      aspect: 'configuration',
      entries: [entry('missing', 'CORS'), entry('copied', 'Tags'), entry('notPossible', 'Throughput')],
      sourceText: '',
      targetText: '',
    },
    {
      aspect: 'capabilities',
      entries: [
        entry('missing', 'Patient', 'search parameter', 'eye-colour'),
        entry('different', 'Patient', 'versioning'),
        entry('onlyOnTarget', 'Basic', 'interaction', 'patch'),
      ],
      sourceText: '',
      targetText: '',
    },
    { aspect: 'roles', failure: { kind: 'forbidden', message: 'Reading role assignments failed.' } },
  ],
};
const [source, target] = [service(), service({ id: 'new', name: 'new' })];

function opened(values = new Map<string, unknown>()): DriftList {
  const memory = new Memory({
    get: (key) => values.get(key),
    update: (key, value) => Promise.resolve(void values.set(key, value)),
  });
  const list = new DriftList(memory);
  list.show(comparison, source, target);
  return list;
}
const rows = (list: DriftList): readonly DriftTreeNode[] => (list.shown === undefined ? [] : driftNodes(list.shown));
const flat = (nodes: readonly DriftTreeNode[], depth = 0): readonly string[] =>
  nodes.flatMap((node) => {
    const { label, description } = renderDrift(node);
    return [`${'  '.repeat(depth)}${label}: ${description ?? ''}`, ...flat(driftChildren(node), depth + 1)];
  });

describe('the Drift view', () => {
  it('shows what differs, grouped by meaning, and what could not be compared', () => {
    assert.deepEqual(flat(rows(opened())), [
      'Configuration: 1 difference',
      '  CORS: missing on the target · before the migration',
      '  Throughput: not possible on the target',
      'Capability Statement: 3 differences',
      '  Basic: 1 difference',
      '    interaction › patch: only on the target · before the migration',
      '  Patient: 2 differences',
      '    search parameter › eye-colour: missing on the target · before the migration',
      '    versioning: different · before the migration',
      'Role Assignments: Reading role assignments failed.',
    ]);
  });

  it('shows one cause for many types as one row, which can be set aside as a whole', async () => {
    const types = ['Account', 'Basic', 'Claim', 'Device', 'Encounter'];
    const entries = [
      entry('missing', 'Encounter', 'search parameter', 'provider'),
      ...types.map((type) => entry('missing', type, 'reverse include', 'Encounter:provider')),
    ];
    const list = opened();
    const aspects = [{ aspect: 'capabilities' as const, entries, sourceText: '', targetText: '' }];
    list.show({ ...comparison, aspects }, source, target);
    const shown = flat(rows(list));
    assert.deepEqual(
      shown.filter((row) => !row.startsWith('    ')),
      [
        'Capability Statement: 6 differences',
        '  5 types › reverse include › Encounter:provider: 5 differences',
        '  Encounter: 1 difference',
      ],
    );
    assert.ok(shown.includes('    Claim: missing on the target · before the migration'), shown.join('\n'));
    const [aspect] = rows(list);
    const [together] = aspect === undefined ? [] : driftChildren(aspect);
    await list.choose(keysBelow(together === undefined ? [] : [together]), false);
    assert.equal(flat(rows(list))[0], 'Capability Statement: 1 difference');
  });

  it('shows only what the filter fits', () => {
    const list = opened();
    list.setFilter('patient MISSING');
    assert.deepEqual(flat(rows(list)).slice(0, 3), [
      'Capability Statement: 1 difference',
      '  Patient: 1 difference',
      '    search parameter › eye-colour: missing on the target · before the migration',
    ]);
  });

  it('sets many aside at once, counts them apart and keeps that for the same services', async () => {
    const values = new Map<string, unknown>();
    const list = opened(values);
    const patient = rows(list)
      .flatMap(driftChildren)
      .filter((node) => node.kind === 'group' && node.name === 'Patient');
    const keys = keysBelow(patient);
    assert.equal(keys.length, 2);
    await list.choose(keys, false);
    assert.deepEqual(driftCounts(list.shown ?? assert.fail()), { drift: 2, excluded: 2 });
    const again = opened(values);
    assert.deepEqual(driftCounts(again.shown ?? assert.fail()), { drift: 2, excluded: 2 });
    assert.ok(flat(rows(again)).includes('    versioning: set aside, different'));
    again.show(comparison, target, source);
    assert.equal(driftCounts(again.shown ?? assert.fail()).excluded, 0, 'another pair has its own choice');
    again.show(comparison, source, target);
    await again.choose(keys, true);
    assert.deepEqual(driftCounts(opened(values).shown ?? assert.fail()), { drift: 4, excluded: 0 });
  });

  it('gives every node an id of its own, and shows names of the service as text', () => {
    const hostile: Comparison = {
      ...comparison,
      aspects: [
        {
          aspect: 'profiles',
          entries: [
            entry('missing', 'StructureDefinition', '$(zap) <img src=x> [a](command:b)'),
            entry('missing', 'x/y'),
          ],
          sourceText: '',
          targetText: '',
        },
      ],
    };
    const list = opened();
    list.show(hostile, source, target);
    const all = (nodes: readonly DriftTreeNode[]): readonly DriftTreeNode[] =>
      nodes.flatMap((node) => [node, ...all(driftChildren(node))]);
    const nodes = all(rows(list));
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    for (const node of nodes) {
      const { label, tooltip } = renderDrift(node);
      assert.doesNotMatch(label, /\$\(/);
      assert.doesNotMatch(tooltip ?? '', /<img|\]\(command/);
    }
  });
});

describe('the filter of differences', () => {
  it('fits every text that holds its words, whatever they are made of', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/[\s*?]/.test(text) && text.toLowerCase().trim() !== '');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), fc.string(), (words, before) => {
        assert.ok(driftFilter(words.join(' '))([before, ...words.reverse()].join('|')));
      }),
    );
  });

  it('knows stars and question marks', () => {
    assert.ok(driftFilter('pat*birth')('Patient birthdate'));
    assert.ok(driftFilter('p?tient')('Patient'));
    assert.ok(!driftFilter('p?tient')('Ptient'));
    assert.ok(!driftFilter('a.c')('abc'));
  });
});
