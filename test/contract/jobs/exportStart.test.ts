import assert from 'node:assert/strict';
import { exportHeaders, startExport } from './exportCalls.ts';
import { Bench, diagnosticsOf, issueCodeOf } from './fixture.ts';

const accepted: readonly (readonly [string, string, Record<string, string>?])[] = [
  ['at system level', '/$export'],
  ['for patients', '/Patient/$export'],
  ['for a group', '/Group/g1/$export'],
  ['with handling=strict', '/$export', { prefer: 'respond-async, handling=strict' }],
  ['with handling=lenient', '/$export', { prefer: 'handling=lenient,respond-async' }],
  ['with every documented output format', '/$export?_outputFormat=application/fhir%2Bndjson'],
  ['with the short output format', '/$export?_outputFormat=ndjson'],
  ['with partial dates', '/$export?_since=2020&_till=2021-05'],
  ['with an escaped offset', '/$export?_since=2020-01-01T00:00:00%2B02:00'],
  ['with _maxCount 0', '/$export?_maxCount=0'],
  ['with _maxCount 10000', '/$export?_maxCount=10000'],
  ['with _till before _since, which nobody checks', '/$export?_since=2021-01-01&_till=2020-01-01'],
  ['with _till in the future, which nobody checks', '/$export?_till=2999-01-01'],
  ['with a type that does not exist, which nobody checks', '/$export?_type=Nonsense'],
  ['with history and deleted', '/$export?includeAssociatedData=_history,_deleted'],
  ['with a container name that holds two dots', '/$export?_container=a..b'],
];

const unsupportedHeader = (value: string, header: string): string =>
  `Value supplied, ${value},  for the "${header}" header is not supported.`;

const refusals: readonly (readonly [string, string, string, Record<string, string>?])[] = [
  ['no Accept header', '/$export', unsupportedHeader('', 'Accept'), { accept: '' }],
  [
    'Accept application/json',
    '/$export',
    unsupportedHeader('application/json', 'Accept'),
    { accept: 'application/json' },
  ],
  ['Accept */*', '/$export', unsupportedHeader('*/*', 'Accept'), { accept: '*/*' }],
  [
    'two values of Accept',
    '/$export',
    unsupportedHeader('application/fhir+json, */*', 'Accept'),
    { accept: 'application/fhir+json, */*' },
  ],
  [
    'Prefer without respond-async',
    '/$export',
    'Missing required header value; header=Prefer,value=respond-async.',
    { prefer: 'handling=strict' },
  ],
  [
    'an unknown token in Prefer',
    '/$export',
    unsupportedHeader('wait=10', 'Prefer'),
    { prefer: 'respond-async, wait=10' },
  ],
  ['an unknown parameter', '/$export?_foo=1', 'The "_foo" parameter is not supported.'],
  ['a parameter in another case', '/$export?_Since=2020', 'The "_Since" parameter is not supported.'],
  ['an unknown output format', '/$export?_outputFormat=text/csv', "The output format 'text/csv' is not supported."],
  [
    '_typeFilter without _type',
    '/$export?_typeFilter=Patient?active=true',
    'The _type parameter must be included when using the _typeFilter parameter.',
  ],
  [
    '_maxCount over its range',
    '/$export?_maxCount=10001',
    "Export operation parameter 'MaximumNumberOfResourcesPerQuery' was out of the range of valid values. Please specify a different value within a range '1' - '10000'.",
  ],
  ['_maxCount that is no number', '/$export?_maxCount=many', "The value 'many' is not valid."],
  [
    'associated data without underscores',
    '/$export?includeAssociatedData=history,_deleted,deleted',
    'The export parameter "includeAssociatedData" contains an invalid value. Supported values are: history,deleted.',
  ],
  [
    '_typeFilter together with associated data',
    '/$export?_type=Patient&_typeFilter=Patient%3Factive%3Dtrue&includeAssociatedData=_history',
    'The request "_typeFilter" cannot be used with an export request with historical or soft deleted resources.',
  ],
  [
    'a container that leaves its place',
    '/$export?_container=a/../b',
    "The value 'a/../b' is not valid. Path traversal characters are not allowed.",
  ],
  [
    'the same with escaped slashes',
    '/$export?_container=..%252fb',
    "The value '..%2fb' is not valid. Path traversal characters are not allowed.",
  ],
  [
    'the same with a backslash',
    '/$export?_container=..%5Cb',
    "The value '..\\b' is not valid. Path traversal characters are not allowed.",
  ],
  [
    'a filter that cannot be parsed',
    '/$export?_type=Patient&_typeFilter=Patient',
    "The _typeFilter segment 'Patient' could not be parsed.",
  ],
  ['an unknown layout', '/$export?_format=mine', "The format 'mine' could not be found."],
  [
    'a date whose plus sign became a blank',
    '/$export?_since=2020-01-01T00:00:00+02:00',
    "The value '2020-01-01T00:00:00 02:00' is not valid.",
  ],
  ['a date that is none', '/$export?_till=yesterday', "The value 'yesterday' is not valid."],
  [
    'a type other than Patient',
    '/Observation/$export',
    'Requested operation does not support resource type: Observation.',
  ],
  ['Group without an id', '/Group/$export', 'Requested operation does not support resource type: Group.'],
  [
    'anonymization without a container',
    '/$export?_anonymizationConfig=config.json',
    "Missing '_container' for anonymized export",
  ],
  [
    'anonymization without a configuration',
    '/$export?_container=c1c&_anonymizationConfigEtag=0x1',
    "Missing '_anonymizationConfig' for anonymized export",
  ],
  [
    'a collection reference together with an ETag',
    '/$export?_container=c1c&_anonymizationConfig=c&_anonymizationConfigEtag=0x1&_anonymizationConfigCollectionReference=r.io/x:1',
    "The parameters '_anonymizationConfigEtag' and '_anonymizationConfigCollectionReference' cannot be given in the same request. Please only specify one of them.",
  ],
  [
    'a malformed collection reference',
    '/$export?_container=c1c&_anonymizationConfig=c&_anonymizationConfigCollectionReference=nothing',
    "The configuration collection reference 'nothing' is invalid.",
  ],
  [
    'a collection reference that is not configured',
    '/$export?_container=c1c&_anonymizationConfig=c&_anonymizationConfigCollectionReference=r.io/x:1',
    "The configuration collection reference 'r.io/x:1' is not configured.",
  ],
];

describe('$export, start', () => {
  for (const [name, path, headers] of accepted) {
    it(`is accepted ${name}: 202, empty, Content-Location`, async () => {
      const bench = await Bench.open();
      const answer = await bench.call('GET', path, { headers: { ...exportHeaders, ...headers } });
      assert.equal(answer.status, 202, answer.text);
      assert.equal(answer.text, '');
      assert.match(answer.headers['Content-Location'] ?? '', /\/_operations\/export\/\d+$/);
    });
  }

  for (const [name, path, text, headers] of refusals) {
    it(`is refused with 400 for ${name}`, async () => {
      const bench = await Bench.open();
      const answer = await bench.call('GET', path, { headers: { ...exportHeaders, ...headers } });
      assert.deepEqual(
        { status: answer.status, code: issueCodeOf(answer), text: diagnosticsOf(answer) },
        { status: 400, code: 'invalid', text },
      );
      assert.deepEqual(bench.service.jobs(), []);
    });
  }

  it('is refused with 400 without a Prefer header', async () => {
    const bench = await Bench.open();
    const answer = await bench.call('GET', '/$export', { headers: { accept: exportHeaders.accept } });
    assert.equal(answer.status, 400);
    assert.equal(diagnosticsOf(answer), 'Missing required header; Prefer');
  });

  it('is refused with 400 where export is not configured', async () => {
    const bench = await Bench.open({ exportEnabled: false });
    const answer = await bench.call('GET', '/$export', { headers: exportHeaders });
    assert.equal(answer.status, 400);
    assert.equal(diagnosticsOf(answer), 'The requested "export" operation is not enabled');
  });

  it('makes a new job for every request, the same ones too', async () => {
    const bench = await Bench.open();
    const first = await startExport(bench);
    const second = await startExport(bench);
    assert.notEqual(first, second);
    assert.equal(bench.service.jobs().length, 2);
  });

  it('still works on a deprecated gen1, together with its status', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir', deprecated: true });
    const status = await startExport(bench);
    assert.notEqual((await bench.call('GET', status)).status, 410);
  });

  it('cannot be cancelled on a deprecated gen1', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir', deprecated: true }, 1_000);
    const status = await startExport(bench);
    assert.equal((await bench.call('DELETE', status)).status, 410);
  });
});
