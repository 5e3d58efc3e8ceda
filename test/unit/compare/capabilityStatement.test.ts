import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normalizeStatement, resourceTypesOf } from '../../../src/compare/capabilityStatement.ts';
import { FailureError } from '../../../src/failure/failure.ts';

const statement = (base: string, change: Record<string, unknown> = {}) => ({
  resourceType: 'CapabilityStatement',
  url: `${base}/metadata`,
  date: '2026-05-04',
  name: 'Microsoft FHIR Server for Azure 4.0.123 Capability Statement',
  software: { name: 'FHIR Server for Azure', version: '4.0.123' },
  fhirVersion: '4.0.1',
  format: ['json', 'application/fhir+json'],
  rest: [
    {
      mode: 'server',
      resource: [
        { type: 'Patient', interaction: [{ code: 'read' }, { code: 'create' }], versioning: 'versioned' },
        { type: 'Observation', searchRevInclude: ['b', 'a'] },
      ],
      operation: [{ name: 'export', definition: `${base}/OperationDefinition/export` }],
    },
  ],
  ...change,
});
const textOf = (base: string, change?: Record<string, unknown>): string =>
  normalizeStatement(JSON.stringify(statement(base, change)), base).text;

describe('a normalised capability statement', () => {
  it('is the same for services that differ only in address, version of the software and dates', () => {
    const other = statement('https://other.example', {
      date: '2027-01-01',
      software: { version: '4.1.0', name: 'FHIR Server for Azure' },
    });
    const text = normalizeStatement(JSON.stringify(other), 'https://other.example/').text;
    assert.equal(text, textOf('https://contoso.example'));
  });

  it('keeps what a service can do', () => {
    const text = textOf('https://contoso.example', { fhirVersion: '3.0.2' });
    assert.notEqual(text, textOf('https://contoso.example'));
    for (const part of ['"versioned"', '"create"', '"{service}/OperationDefinition/export"'])
      assert.ok(text.includes(part));
  });

  it('says which version it set aside, so that it can be shown elsewhere', () => {
    const { softwareVersion, setAside, fhirVersion } = normalizeStatement(
      JSON.stringify(statement('https://contoso.example')),
      'https://contoso.example',
    );
    assert.deepEqual([softwareVersion, fhirVersion], ['4.0.123', '4.0.1']);
    assert.deepEqual([...setAside].sort(), ['date', 'name', 'software.version', 'url']);
  });

  it('does not depend on the order of keys and lists', () => {
    const shuffled = (value: unknown, seed: readonly number[]): unknown => {
      let step = 0;
      const pick = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, rank: seed[step++ % seed.length] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ item }) => item);
      const walk = (part: unknown): unknown => {
        if (Array.isArray(part)) return pick(part.map(walk));
        if (typeof part !== 'object' || part === null) return part;
        return Object.fromEntries(pick(Object.entries(part)).map(([key, item]) => [key, walk(item)]));
      };
      return walk(value);
    };
    const base = 'https://contoso.example';
    fc.assert(
      fc.property(fc.array(fc.nat(99), { minLength: 3, maxLength: 30 }), (seed) => {
        assert.equal(normalizeStatement(JSON.stringify(shuffled(statement(base), seed)), base).text, textOf(base));
      }),
    );
  });

  it('is stable: normalising it again changes nothing but what is set aside already', () => {
    const base = 'https://contoso.example';
    const once = textOf(base);
    assert.equal(normalizeStatement(once, base).text, once);
  });

  it('does not take an address of another host for its own', () => {
    const text = textOf('https://contoso.example', { instantiates: ['https://contoso.example.evil/x'] });
    assert.ok(text.includes('https://contoso.example.evil/x'));
  });

  it('keeps a key that would change the prototype as a key', () => {
    const json = JSON.stringify(statement('https://c.example')).replace(
      '"fhirVersion"',
      '"__proto__":{"polluted":1},"fhirVersion"',
    );
    assert.match(normalizeStatement(json, 'https://c.example').text, /"__proto__"/);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  for (const [what, text] of [
    ['no JSON', '<html>'],
    ['a list', '[]'],
    ['another resource', '{"resourceType":"Patient"}'],
  ] as const) {
    it(`refuses ${what} with the name of the service`, () => {
      assert.throws(
        () => normalizeStatement(text, 'https://contoso.example'),
        (error) => FailureError.is(error, 'unexpectedAnswer') && error.failure.service === 'https://contoso.example',
      );
    });
  }
});

describe('the resource types of a statement', () => {
  it('are listed once, sorted, and nothing else is', () => {
    assert.deepEqual(resourceTypesOf(JSON.stringify(statement('https://x.example'))), ['Observation', 'Patient']);
    assert.deepEqual(resourceTypesOf('{"rest":[{"resource":[{"type":"<img>"},{"type":7},null]}]}'), []);
    assert.deepEqual(resourceTypesOf('nonsense'), []);
  });
});
