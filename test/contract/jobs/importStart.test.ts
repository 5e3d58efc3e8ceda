import assert from 'node:assert/strict';
import { Bench, diagnosticsOf, issueCodeOf } from './fixture.ts';
import { importBody, importHeaders, importManifest, patient, postImport, startImport, upload } from './importCalls.ts';

const type = 'Patient';
const url = (bench: Bench, name = 'a'): string => `${bench.account.endpoint}/${bench.container}/${name}.ndjson`;

const refusals: readonly (readonly [string, (bench: Bench) => unknown, string | RegExp])[] = [
  [
    'a body that is no Parameters',
    () => ({ resourceType: 'Patient' }),
    'Import request must be specified as a Paramters. The Parameters provided in the request body is invalid.',
  ],
  [
    'no body',
    () => undefined,
    'Import request must be specified as a Paramters. The Parameters provided in the request body is invalid.',
  ],
  [
    'another input format',
    (bench) => importBody([{ url: url(bench) }], { inputFormat: 'text/csv' }),
    'Value of the following parameter inputFormat is invalid.',
  ],
  [
    'another kind of storage',
    (bench) => {
      const text = JSON.stringify(importBody([{ url: url(bench) }]));
      return JSON.parse(text.replace('azure-blob', 'aws-s3')) as unknown;
    },
    'Value of the following parameter storageDetails is invalid.',
  ],
  ['no input', () => importBody([]), 'Value of the following parameter input is invalid.'],
  [
    'a relative address',
    () => importBody([{ url: 'container/file.ndjson' }]),
    'Value of the following parameter input.url is invalid.',
  ],
  [
    'an address with a query, such as a SAS',
    (bench) => importBody([{ url: `${url(bench)}?sv=2024&sig=x` }]),
    'Value of the following parameter input.url is invalid.',
  ],
  [
    'an address on another host',
    () => importBody([{ url: 'https://elsewhere.blob.core.windows.net/c/f.ndjson' }]),
    'input.url must match the configured integration storage account endpoint.',
  ],
  [
    'an address of another scheme',
    (bench) => importBody([{ url: url(bench).replace('https', 'http') }]),
    'input.url must match the configured integration storage account endpoint.',
  ],
  [
    'an address in another account',
    (bench) => importBody([{ url: url(bench).replace('/staging/', '/other/') }]),
    'input.url must match the configured integration storage account endpoint.',
  ],
  [
    'one file twice',
    (bench) => importBody([{ url: url(bench) }, { url: url(bench, 'b') }, { url: url(bench), type }]),
    /^Import request cannot have duplicate files\. Found duplicates: https:\S+\/a\.ndjson$/,
  ],
  [
    'the type SearchParameter',
    (bench) => importBody([{ url: url(bench), type: 'SearchParameter' }]),
    'Requested operation does not support resource type: SearchParameter.',
  ],
  [
    'an unknown type',
    (bench) => importBody([{ url: url(bench), type: 'Nonsense' }]),
    'Requested operation does not support resource type: Nonsense.',
  ],
  [
    'an unknown mode',
    (bench) => importBody([{ url: url(bench) }], { mode: 'Full' }),
    'Import mode can be either "InitialLoad"or "IncrementalLoad". Please add appropriate mode value to parameters.',
  ],
  [
    'InitialLoad outside the initial import mode',
    (bench) => importBody([{ url: url(bench) }], { mode: 'InitialLoad' }),
    'Initial import mode is not enabled. Please update service configuration to enable initial import mode.',
  ],
];

describe('$import, start', () => {
  it('is accepted with 202, empty, Content-Location', async () => {
    const bench = await Bench.open();
    const answer = await postImport(bench, importBody([{ url: url(bench), type }]));
    assert.deepEqual([answer.status, answer.text], [202, '']);
    assert.equal(answer.headers['Content-Location'], `${bench.base}/_operations/import/1`);
  });

  it('takes a value by its name, whatever its value[x] is, and ignores unknown parameters', async () => {
    const bench = await Bench.open();
    const body = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'inputFormat', valueCode: 'application/fhir+ndjson' },
        { name: 'mode', valueUri: 'INCREMENTALLOAD' },
        { name: 'allowNegativeVersions', valueString: 'true' },
        { name: 'somethingNew', valueString: 'x' },
        { name: 'input', part: [{ name: 'url', valueString: url(bench) }] },
      ],
    };
    assert.equal((await postImport(bench, body)).status, 202);
  });

  it('does not look at the port of an address', async () => {
    const bench = await Bench.open();
    const other = url(bench).replace(/:\d+\//, '/');
    assert.equal((await postImport(bench, importBody([{ url: other }]))).status, 202);
  });

  it('takes InitialLoad with force outside the initial import mode', async () => {
    const bench = await Bench.open();
    const body = importBody([{ url: url(bench) }], { mode: 'initialload', force: true });
    assert.equal((await postImport(bench, body)).status, 202);
  });

  it('takes IncrementalLoad in the initial import mode', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    const body = importBody([{ url: url(bench) }], { mode: 'IncrementalLoad' });
    assert.equal((await postImport(bench, body)).status, 202);
  });

  for (const [name, body, text] of refusals) {
    it(`is refused with 400 for ${name}`, async () => {
      const bench = await Bench.open();
      const answer = await postImport(bench, body(bench));
      assert.equal(answer.status, 400);
      assert.equal(issueCodeOf(answer), 'invalid');
      if (typeof text === 'string') assert.equal(diagnosticsOf(answer), text);
      else assert.match(diagnosticsOf(answer), text);
      assert.deepEqual(bench.service.jobs(), []);
    });
  }

  for (const [header, value] of [
    ['prefer', 'respond-async, handling=strict'],
    ['prefer', ''],
    ['content-type', 'application/json'],
  ] as const) {
    it(`is refused with 400 for the header ${header}: ${value}`, async () => {
      const bench = await Bench.open();
      const answer = await postImport(bench, importBody([{ url: url(bench) }]), { [header]: value });
      assert.equal(answer.status, 400);
      const shown = header === 'prefer' ? 'Prefer' : 'Content-Type';
      assert.equal(diagnosticsOf(answer), `Value supplied, ${value},  for the "${shown}" header is not supported.`);
    });
  }

  for (const spec of [{ flavour: 'azureApiForFhir' }, { importEnabled: false }] as const) {
    it(`is refused with 400 on ${JSON.stringify(spec)}`, async () => {
      const bench = await Bench.open(spec);
      const answer = await postImport(bench, importBody([{ url: url(bench) }]));
      assert.equal(answer.status, 400);
      assert.equal(diagnosticsOf(answer), 'The requested "import" operation is not enabled');
    });
  }

  it('is refused with 400 without a storage account', async () => {
    const bench = await Bench.open({ importAccount: 'nowhere' });
    const answer = await postImport(bench, importBody([{ url: url(bench) }]));
    assert.equal(answer.status, 400);
    assert.match(diagnosticsOf(answer), /^The import storage account is not configured correctly on the server\. /);
  });

  it('is refused with 429 and Retry-After beyond the limit of parallel imports, which finished ones do not count to', async () => {
    const bench = await Bench.open({ importLimit: 5 });
    const files = await Promise.all(Array.from({ length: 7 }, (_, id) => upload(bench, [patient(`p${id}`)])));
    const [first = '', ...others] = files;
    await importManifest(bench, await startImport(bench, [{ url: first }]));
    bench.service.configure({ importTiming: { fixedMs: 1_000 } });
    for (const file of others.slice(0, 5)) await startImport(bench, [{ url: file }]);
    const answer = await postImport(bench, importBody([{ url: others[5] ?? '' }]));
    assert.equal(answer.status, 429);
    assert.equal(issueCodeOf(answer), 'throttled');
    assert.ok('Retry-After' in answer.headers && 'x-ms-retry-after-ms' in answer.headers);
    assert.equal(bench.service.jobs().length, 6);
  });
});

describe('$import, registration', () => {
  it('gives the same job for the same body while it runs', async () => {
    const bench = await Bench.open({ importTiming: { fixedMs: 60_000 } });
    const inputs = [{ url: await upload(bench, [patient('p1')]), type }];
    assert.equal(await startImport(bench, inputs), await startImport(bench, inputs));
    assert.equal(bench.service.jobs().length, 1);
  });

  it('gives the same job after it has completed, and loads nothing again', async () => {
    const bench = await Bench.open();
    const inputs = [{ url: await upload(bench, [patient('p1')]), type }];
    const first = await startImport(bench, inputs);
    await importManifest(bench, first);
    bench.service.store.purge('Patient', 'p1');
    assert.equal(await startImport(bench, inputs), first);
    assert.equal(bench.service.store.current('Patient', 'p1'), undefined);
  });

  it('gives the same failed or cancelled job', async () => {
    const bench = await Bench.open();
    const failed = await startImport(bench, [{ url: url(bench, 'missing') }]);
    assert.equal(await startImport(bench, [{ url: url(bench, 'missing') }]), failed);
    bench.service.configure({ importTiming: { fixedMs: 60_000 } });
    const inputs = [{ url: await upload(bench, [patient('p1')]) }];
    const cancelled = await startImport(bench, inputs);
    assert.equal((await bench.call('DELETE', cancelled)).status, 202);
    assert.equal(await startImport(bench, inputs), cancelled);
  });

  it('gives the same job whether a default is given or not', async () => {
    const bench = await Bench.open();
    const inputs = [{ url: url(bench) }];
    const first = await startImport(bench, inputs);
    const defaults = { mode: 'IncrementalLoad', allowNegativeVersions: false, processingUnitBytesToRead: 0 };
    assert.equal(await startImport(bench, inputs, defaults), first);
  });

  it('makes another job for an ETag, a type, a flag, another order or another file', async () => {
    const bench = await Bench.open();
    const inputs = [{ url: url(bench) }, { url: url(bench, 'b') }];
    const [a = { url: '' }, b = { url: '' }] = inputs;
    const paths = [
      await startImport(bench, inputs),
      await startImport(bench, [b, a]),
      await startImport(bench, [a]),
      await startImport(bench, [{ ...a, etag: '0x1' }]),
      await startImport(bench, [{ ...a, etag: '0x2' }]),
      await startImport(bench, [{ ...a, type }]),
      await startImport(bench, [a], { allowNegativeVersions: true }),
      await startImport(bench, [a], { eventualConsistency: true }),
      await startImport(bench, [a], { errorContainerName: 'errors' }),
      await startImport(bench, [a], { processingUnitBytesToRead: 1_000 }),
      await startImport(bench, [a], { mode: 'InitialLoad', force: true }),
    ];
    assert.equal(new Set(paths).size, paths.length);
  });

  it('makes a new job for the same body once the service has forgotten the first', async () => {
    const bench = await Bench.open();
    bench.addFault({ kind: 'forget' }, 'import');
    const inputs = [{ url: await upload(bench, [patient('p1')]) }];
    const first = await startImport(bench, inputs);
    assert.equal((await bench.call('GET', first)).status, 404);
    const second = await startImport(bench, inputs);
    assert.notEqual(second, first);
    assert.equal((await importManifest(bench, second)).output[0]?.count, 1);
  });

  it('ignores headers that differ in case', async () => {
    const bench = await Bench.open();
    const answer = await postImport(bench, importBody([{ url: url(bench) }]), {
      prefer: importHeaders.prefer.toUpperCase(),
      'content-type': 'Application/FHIR+json; charset=utf-8',
    });
    assert.equal(answer.status, 202);
  });
});
