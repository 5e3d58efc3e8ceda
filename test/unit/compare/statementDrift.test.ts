import assert from 'node:assert/strict';
import fc from 'fast-check';
import { statementDrift } from '../../../src/compare/statementDrift.ts';
import { planted, shuffled } from './plantedStatements.ts';

interface Type {
  type: string;
  versioning: string;
  interaction: { code: string }[];
  searchParam: { name: string; type: string; definition: string }[];
  searchInclude: string[];
}

const statement = (base: string, types: Type[]): object => ({
  resourceType: 'CapabilityStatement',
  url: `${base}/metadata`,
  date: `2026-0${base.length % 9}-01`,
  fhirVersion: '4.0.1',
  rest: [
    {
      mode: 'server',
      resource: types,
      operation: [{ name: 'export', definition: `${base}/OperationDefinition/export` }],
      interaction: [{ code: 'batch' }],
    },
  ],
});

function types(count: number): Type[] {
  return Array.from({ length: count }, (_, i) => ({
    type: `Type${i}`,
    versioning: 'versioned',
    interaction: ['read', 'create', 'delete'].map((code) => ({ code })),
    searchParam: Array.from({ length: 5 }, (_, p) => ({
      name: `p${p}`,
      type: 'token',
      definition: `http://x/Type${i}-p${p}`,
    })),
    searchInclude: [`Type${i}:subject`, `Type${i}:author`],
  }));
}

const changes: readonly (readonly [
  name: string,
  change: (type: Type) => void,
  path: readonly string[],
  kind: string,
])[] = [
  ['an interaction that is gone', (type) => type.interaction.pop(), ['interaction', 'delete'], 'missingOnTarget'],
  [
    'a search parameter that came',
    (type) => type.searchParam.push({ name: 'new', type: 'string', definition: 'd' }),
    ['search parameter', 'new'],
    'onlyOnTarget',
  ],
  [
    'a search parameter of another type',
    (type) => Object.assign(type.searchParam[0] ?? {}, { type: 'string' }),
    ['search parameter', 'p0'],
    'different',
  ],
  ['an include that is gone', (type) => type.searchInclude.shift(), ['include', 'Type3:subject'], 'missingOnTarget'],
  ['another versioning policy', (type) => (type.versioning = 'no-version'), ['versioning'], 'different'],
];

describe('drift of capability statements', () => {
  it('sees nothing but order, addresses and dates in equal statements', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), (seed) => {
        const [a, b] = [
          statement('https://a.example', types(9)),
          shuffled(statement('https://bb.example', types(9)), seed),
        ];
        assert.deepEqual(statementDrift(a, b), []);
      }),
      { numRuns: 30 },
    );
  });

  for (const [name, change, path, kind] of changes) {
    it(`tells ${name}`, () => {
      const target = types(6);
      change(target[3] ?? assert.fail());
      const found = statementDrift(
        statement('https://a.example', types(6)),
        shuffled(statement('https://b.example', target), 5),
      );
      assert.deepEqual(
        found.map((drift) => [drift.path, drift.kind]),
        [[['Type3', ...path], kind]],
      );
    });
  }

  it('finds exactly the planted differences, however many and wherever', () => {
    const places = fc.uniqueArray(
      fc.record({ type: fc.nat({ max: 29 }), change: fc.nat({ max: changes.length - 1 }) }),
      {
        selector: ({ type, change }) => `${type} ${change}`,
        maxLength: 49,
      },
    );
    fc.assert(
      fc.property(places, fc.nat({ max: 99 }), (chosen, seed) => {
        const target = types(30);
        for (const { type, change } of chosen) changes[change]?.[1](target[type] ?? assert.fail());
        const found = statementDrift(
          statement('https://a.example', types(30)),
          shuffled(statement('https://b.example', target), seed),
        );
        assert.equal(found.length, chosen.length);
      }),
      { numRuns: 50 },
    );
  });

  it('finds exactly the 49 differences of two real statements of 1.3 MB in another order', () => {
    const { source, target, paths } = planted(49);
    assert.equal(new Set(paths).size, 49);
    for (const text of [source, target]) assert.ok(text.length > 1_200_000, `${text.length} characters`);
    const found = statementDrift(JSON.parse(source), JSON.parse(target));
    assert.deepEqual(found.map(({ path }) => path.join(' › ')).sort(), paths);
  });

  it('names a type that the target lacks once, not by its parts', () => {
    const found = statementDrift(statement('https://a.example', types(3)), statement('https://b.example', types(2)));
    assert.deepEqual(found, [
      { path: ['Type2', 'resource type'], kind: 'missingOnTarget', source: 'Type2', target: undefined },
    ]);
  });

  it('takes anything for a statement without throwing', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => Array.isArray(statementDrift(a, b))));
  });
});
