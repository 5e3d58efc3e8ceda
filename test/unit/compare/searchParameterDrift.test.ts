import assert from 'node:assert/strict';
import { compareSearchParameters, searchParameterEntries } from '../../../src/compare/searchParameterDrift.ts';
import type { SearchParameterSource } from '../../../src/fhir/searchParameters.ts';

const parameter = (url: string, expression = 'Patient.name', rest: object = {}): SearchParameterSource => ({
  url,
  resource: { resourceType: 'SearchParameter', url, code: url.at(-1) ?? '', expression, ...rest },
});

describe('search parameters three ways', () => {
  const verdicts: readonly (readonly [string | undefined, string])[] = [
    ['Enabled', 'ready'],
    ['Supported', 'notIndexed'],
    ['Initialized', 'notIndexed'],
    [undefined, 'notIndexed'],
    ['Unsupported', 'unsupported'],
    ['Disabled', 'retired'],
    ['PendingDelete', 'retired'],
  ];
  for (const [status, verdict] of verdicts)
    it(`is ${verdict} with ${status ?? 'no status'}`, () => {
      const both = [parameter('http://x/a')];
      const [found] = compareSearchParameters(
        both,
        both,
        new Map(status === undefined ? [] : [['http://x/a', status]]),
      );
      assert.deepEqual([found?.verdict, found?.status], [verdict, status]);
      const [entry] = found === undefined ? [] : searchParameterEntries([found]);
      const expected = verdict === 'ready' ? ['copied', undefined] : ['different', verdict];
      assert.deepEqual([entry?.state, entry?.unused], expected);
    });

  it('tells missing, different and additional ones by their URL, whatever their ids', () => {
    const found = compareSearchParameters(
      [parameter('http://x/a'), parameter('http://x/b'), parameter('http://x/c', 'Patient.name', { id: '1' })],
      [
        parameter('http://x/d'),
        parameter('http://x/b', 'Patient.birthDate'),
        parameter('http://x/c', 'Patient.name', { id: '2' }),
      ],
      undefined,
    );
    assert.deepEqual(
      found.map(({ code, verdict }) => [code, verdict]),
      [
        ['a', 'missing'],
        ['b', 'different'],
        ['c', 'ready'],
        ['d', 'onlyOnTarget'],
      ],
    );
  });
});
