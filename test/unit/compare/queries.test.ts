import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareAnswers } from '../../../src/compare/queries/compareAnswers.ts';
import { exampleQueries } from '../../../src/compare/queries/exampleQueries.ts';
import { parseQueries, queryText } from '../../../src/compare/queries/parseQueries.ts';
import type { QueryAnswer } from '../../../src/fhir/queryAnswer.ts';
import { statementText } from './plantedStatements.ts';

const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more });
const answer = (change: Partial<QueryAnswer> = {}): QueryAnswer => ({
  status: 200,
  diagnostics: [],
  total: 2,
  matches: [patient('a'), patient('b')],
  included: [],
  complete: true,
  ignored: [],
  milliseconds: 1,
  ...change,
});
const kinds = (source: QueryAnswer, target: QueryAnswer, sorted = true): readonly string[] =>
  compareAnswers(source, target, sorted).differences.map(({ kind }) => kind);

describe('A file of searches', () => {
  it('holds one to a line, with comments, blank lines and GET before it', () => {
    const { queries, problems } = parseQueries(
      '# all\r\n\r\nGET /Patient?name=a%20b&name:exact=x\n// more\nPatient/1/Observation?code=a|b\n?_type=Patient\nPatient/1\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      queries.map((query) => [query.line, queryText(query)]),
      [
        [3, 'Patient?name=a b&name:exact=x'],
        [5, 'Patient/1/Observation?code=a|b'],
        [6, '?_type=Patient'],
        [7, 'Patient/1'],
      ],
    );
  });

  for (const [name, line, words] of [
    ['a write', 'DELETE Patient/1', /not DELETE/],
    ['an address elsewhere', 'https://evil.example/Patient', /relative/],
    ['a way out of the service', 'Patient/../../admin', /no search/],
    ['an operation', '$export', /no search/],
    ['another one', 'Patient/$reindex', /no search/],
    ['a broken escape', 'Patient?name=%zz', /encoded/],
    ['blanks', 'Patient?name=a b', /blanks/],
    ['everything at once', '?', /needs parameters/],
  ] as const)
    it(`refuses ${name}, and says in which line`, () => {
      const { queries, problems } = parseQueries(`Patient\n${line}\n`);
      assert.deepEqual([queries.length, problems.length, problems[0]?.line], [1, 1, 2]);
      assert.match(problems[0]?.message ?? '', words);
    });

  it('is read without throwing, whatever it holds, and every search stays inside the service', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { path } of parseQueries(text).queries)
          assert.equal(new URL(`https://a.example/base/${path}`).pathname.startsWith('/base/'), true);
      }),
    );
  });

  it('comes with examples that it can read itself, also from a statement with hostile names', () => {
    const text = exampleQueries(statementText('https://a.example'));
    const { queries, problems } = parseQueries(text);
    assert.deepEqual(problems, []);
    assert.ok(queries.length > 20);
    for (const start of ['Patient?_summary=count', 'Observation?_include=Observation:'])
      assert.ok(text.includes(`\n${start}`), start);
    const hostile = { type: 'Patient', searchParam: [{ name: 'x\nDELETE Patient/1', type: 'date', definition: 'y' }] };
    const harmless = exampleQueries(JSON.stringify({ rest: [{ resource: [hostile] }] }));
    assert.doesNotMatch(harmless, /DELETE/);
    assert.deepEqual(parseQueries(exampleQueries('not JSON')).queries, []);
  });
});

describe('Two answers to a search', () => {
  it('are equal in spite of versions, dates and the order of what was included', () => {
    const included = [patient('x', { meta: { versionId: '1', lastUpdated: '2026-01-01' } }), patient('y')];
    const other = [patient('y', { meta: { versionId: '7' } }), patient('x')];
    assert.deepEqual(kinds(answer({ included }), answer({ included: other })), []);
  });

  it('differ by status, total, what is ignored, what came, its order, and its content', () => {
    assert.deepEqual(kinds(answer(), answer({ status: 400 })), ['status']);
    assert.deepEqual(kinds(answer(), answer({ total: 3 })), ['total']);
    assert.deepEqual(kinds(answer(), answer({ ignored: ['eye-colour'] })), ['ignored']);
    assert.deepEqual(kinds(answer(), answer({ matches: [patient('a'), patient('c')] })), ['matches']);
    assert.deepEqual(kinds(answer(), answer({ matches: [patient('b'), patient('a')] })), ['order']);
    assert.deepEqual(kinds(answer(), answer({ matches: [patient('b'), patient('a')] }), false), []);
    assert.deepEqual(kinds(answer({ included: [patient('x')] }), answer()), ['included']);
    const changed = [patient('a', { name: [{ given: ['x', 'y'] }] }), patient('b')];
    const compared = compareAnswers(
      answer({ matches: [patient('a', { name: [{ given: ['x'] }] }), patient('b')] }),
      answer({ matches: changed }),
      true,
    );
    assert.deepEqual(compared.differences, [
      { kind: 'content', source: 'Patient/a', target: 'differs in name[0].given[1]' },
    ]);
  });

  it('are not called different where only the first of many unsorted results were read', () => {
    const many = (ids: readonly string[]) =>
      answer({ total: 900, complete: false, matches: ids.map((id) => patient(id)) });
    const compared = compareAnswers(many(['a', 'b']), many(['c', 'b']), false);
    assert.deepEqual([compared.differences, compared.compared, compared.notes.length], [[], 1, 1]);
    assert.deepEqual(kinds(many(['a', 'b']), many(['c', 'b']), true), ['matches']);
  });

  it('are equal when both services refuse alike, which is told', () => {
    const refused = answer({ status: 400, diagnostics: ['Unknown.'] });
    assert.match(compareAnswers(refused, refused, true).notes[0] ?? '', /400: Unknown/);
  });
});
