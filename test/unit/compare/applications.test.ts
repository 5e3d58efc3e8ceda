import assert from 'node:assert/strict';
import fc from 'fast-check';
import { findOldEndpoint, type Move } from '../../../src/compare/applications/oldEndpoint.ts';
import { smokeTests } from '../../../src/compare/applications/smokeTests.ts';
import { statementText } from './plantedStatements.ts';

const moves: readonly Move[] = [
  { from: 'https://contoso.azurehealthcareapis.com/', to: 'https://ws-new.fhir.azurehealthcareapis.com' },
  { from: 'https://azurehealthcareapis.com', to: 'https://ws-new.fhir.azurehealthcareapis.com' },
];
const replaced = (text: string, by: readonly Move[] = moves): string =>
  [...findOldEndpoint(text, by)]
    .reverse()
    .reduce(
      (sofar, { offset, length, replacement }) => sofar.slice(0, offset) + replacement + sofar.slice(offset + length),
      text,
    );

describe('The old endpoint in applications', () => {
  for (const [name, before, after] of [
    [
      'an address',
      'url=https://contoso.azurehealthcareapis.com/Patient/1',
      'url=https://ws-new.fhir.azurehealthcareapis.com/Patient/1',
    ],
    ['another case', 'HTTPS://Contoso.AzureHealthcareApis.com', 'https://ws-new.fhir.azurehealthcareapis.com'],
    [
      'escaped slashes',
      String.raw`"https:\/\/contoso.azurehealthcareapis.com\/Patient"`,
      String.raw`"https:\/\/ws-new.fhir.azurehealthcareapis.com\/Patient"`,
    ],
    [
      'an encoded address',
      'aud=https%3A%2F%2Fcontoso.azurehealthcareapis.com&x',
      'aud=https%3A%2F%2Fws-new.fhir.azurehealthcareapis.com&x',
    ],
    ['the host alone', 'Host: contoso.azurehealthcareapis.com\n', 'Host: ws-new.fhir.azurehealthcareapis.com\n'],
    [
      'the old audience',
      'resource: https://azurehealthcareapis.com/',
      'resource: https://ws-new.fhir.azurehealthcareapis.com/',
    ],
    ['the end of a sentence', 'It is contoso.azurehealthcareapis.com.', 'It is ws-new.fhir.azurehealthcareapis.com.'],
  ] as const)
    it(`is found as ${name}`, () => assert.equal(replaced(before), after));

  for (const [name, text] of [
    ['another service', 'https://other-contoso.azurehealthcareapis.com'],
    ['a service below it', 'https://a.contoso.azurehealthcareapis.com'],
    ['a longer host', 'https://contoso.azurehealthcareapis.com.evil.example'],
    ['the new one', 'https://ws-new.fhir.azurehealthcareapis.com'],
  ] as const)
    it(`is not taken for ${name}`, () => assert.equal(replaced(text), text));

  it('with a path is replaced as a whole, and its host alone is left to people', () => {
    const byPath = [{ from: 'https://fhir.example/r4', to: 'https://ws-new.fhir.azurehealthcareapis.com' }];
    assert.equal(
      replaced('https://fhir.example/r4/Patient fhir.example https://fhir.example/r4b', byPath),
      'https://ws-new.fhir.azurehealthcareapis.com/Patient fhir.example https://fhir.example/r4b',
    );
  });

  it('is gone after it was replaced, wherever it stood', () => {
    const piece = fc.constantFrom(
      'https://contoso.azurehealthcareapis.com',
      ' ',
      '"',
      '/Patient',
      '\n',
      'x',
      '.',
      'contoso',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        assert.deepEqual(findOldEndpoint(replaced(pieces.join('')), moves), []);
      }),
    );
  });
});

describe('Smoke tests of the new service', () => {
  const text = smokeTests(
    { name: 'ws/new', endpoint: 'https://ws-new.fhir.azurehealthcareapis.com/', audience: undefined },
    statementText('https://ws-new.fhir.azurehealthcareapis.com'),
  );

  it('only read, name the service once, and hold no token', () => {
    const methods = new Set([...text.matchAll(/^([A-Z]+) \{\{endpoint\}\}\//gm)].map(([, method]) => method));
    assert.deepEqual(methods, new Set(['GET']));
    assert.match(text, /^@endpoint = https:\/\/ws-new\.fhir\.azurehealthcareapis\.com$/m);
    assert.match(text, /--scope "https:\/\/ws-new\.fhir\.azurehealthcareapis\.com\/\.default"/);
    assert.match(text, /^@token = paste-the-token-here$/m);
  });

  it('ask for the statement without a token, and for the rest with one and strictly', () => {
    const requests = text.split('### ').slice(1);
    assert.ok(requests.length > 10);
    assert.doesNotMatch(requests[0] ?? '', /Authorization/);
    for (const request of requests.slice(2)) assert.match(request, /Bearer \{\{token\}\}[^]*handling=strict/);
  });
});
