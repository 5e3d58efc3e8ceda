import assert from 'node:assert/strict';
import { cancelOperation } from '../../../src/fhir/cancelOperation.ts';
import { exportStatus } from '../../../src/fhir/exportStatus.ts';
import { importStatus } from '../../../src/fhir/importStatus.ts';
import { checkOperationAccess } from '../../../src/fhir/operationAccess.ts';
import { operationUrl } from '../../../src/fhir/operationUrl.ts';
import { reindexIsActive, reindexStatus, startReindex } from '../../../src/fhir/reindex.ts';
import { startExport } from '../../../src/fhir/startExport.ts';
import { startImport } from '../../../src/fhir/startImport.ts';
import { failureOf, never } from '../http/fakeHttp.ts';
import { deprecated, endpoint, fakeFhir, outcome } from './fakeFhir.ts';

const till = Date.parse('2026-05-04T10:11:12.130Z');
const exporting = { till, container: 'migration', history: false, softDeleted: false, parallel: true };
const importing = {
  files: [{ type: 'Patient', url: 'https://acct.blob.core.windows.net/migration/f/Patient-1-1.ndjson', etag: '0x8D' }],
  errorContainer: 'migration-errors',
  allowNegativeVersions: true,
};
const accepted = (location: string) => ({ status: 202, headers: { 'content-location': location } });

describe('Starting an export', () => {
  it('sends exactly the headers and parameters that the servers take', async () => {
    const { client, http } = fakeFhir([accepted(`${endpoint}/_operations/export/42`)]);
    const since = Date.parse('2020-01-01T00:00:00Z');
    const started = await startExport(
      client,
      { ...exporting, since, types: ['Patient', 'Observation'], history: true, softDeleted: true, maxCount: 5_000 },
      never,
    );
    assert.deepEqual(started, {
      statusUrl: `${endpoint}/_operations/export/42`,
      jobId: '42',
      serverTime: Date.parse('2026-11-23T10:00:00Z'),
    });
    const [sent] = http.sent;
    assert.equal(sent?.method, 'GET');
    assert.equal(sent.url.pathname, '/$export');
    assert.equal(sent.headers.accept, 'application/fhir+json');
    assert.equal(sent.headers.prefer, 'respond-async');
    assert.deepEqual(
      [...sent.url.searchParams],
      [
        ['_since', '2020-01-01T00:00:00.000Z'],
        ['_till', '2026-05-04T10:11:12.130Z'],
        ['_type', 'Patient,Observation'],
        ['_container', 'migration'],
        ['_isParallel', 'true'],
        ['includeAssociatedData', '_history,_deleted'],
        ['_maxCount', '5000'],
      ],
    );
  });

  it('leaves out what was not asked', async () => {
    const { client, http } = fakeFhir([accepted('/_operations/export/1')]);
    await startExport(client, { ...exporting, parallel: false }, never);
    assert.equal(http.sent[0]?.url.search.includes('+'), false);
    assert.deepEqual([...http.sent[0].url.searchParams.keys()], ['_till', '_container', '_isParallel']);
  });

  it('is never repeated once it was sent', async () => {
    for (const answer of [{ status: 503 }, { status: 429 }, { error: 'ECONNRESET' }]) {
      const { client, http } = fakeFhir([answer]);
      await failureOf(startExport(client, exporting, never));
      assert.equal(http.sent.length, 1);
    }
  });

  for (const [name, base, location, statusUrl] of [
    ['absolute', endpoint, `${endpoint}/_operations/export/42`, `${endpoint}/_operations/export/42`],
    ['relative to the root', endpoint, '/_operations/export/42', `${endpoint}/_operations/export/42`],
    ['relative', endpoint, '_operations/export/42', `${endpoint}/_operations/export/42`],
    ['below a base path', `${endpoint}/fhir/a`, '/_operations/export/42', `${endpoint}/fhir/a/_operations/export/42`],
    [
      'with its base path',
      `${endpoint}/fhir/a`,
      '/fhir/a/_operations/export/42',
      `${endpoint}/fhir/a/_operations/export/42`,
    ],
  ] as const)
    it(`takes a status address that is ${name}`, async () => {
      const { client } = fakeFhir([accepted(location)], { endpoint: base });
      assert.deepEqual((await startExport(client, exporting, never)).statusUrl, statusUrl);
    });

  for (const location of [
    undefined,
    '',
    'https://evil.example/_operations/export/42',
    'http://contoso.azurehealthcareapis.com/_operations/export/42',
    '//evil.example/_operations/export/42',
    '\\\\evil.example\\_operations\\export\\42',
    'https://contoso.azurehealthcareapis.com:444/_operations/export/42',
    'https://contoso.azurehealthcareapis.com@evil.example/42',
    'javascript:alert(1)',
    '/',
    '/_operations/export/',
    `/_operations/export/${'9'.repeat(200)}`,
    '/_operations/export/a%20b',
  ])
    it(`refuses the status address ${location?.slice(0, 60) ?? 'that is missing'}`, async () => {
      const { client } = fakeFhir([
        { status: 202, ...(location === undefined ? {} : { headers: { 'content-location': location } }) },
      ]);
      const failure = await failureOf(startExport(client, exporting, never));
      assert.equal(failure.kind, 'unexpectedAnswer');
      if (location?.includes('evil')) assert.match(failure.message, /evil\.example.*contoso\.azurehealthcareapis\.com/);
    });

  it('makes a status address from an id, and only from an id', () => {
    const { client } = fakeFhir([]);
    assert.equal(operationUrl(client, 'export', '42'), `${endpoint}/_operations/export/42`);
    for (const id of ['', '..', 'a/b', '../../x', 'a?b', 'a#b', 'a%2fb'])
      assert.throws(() => operationUrl(client, 'export', id), { name: 'FailureError' });
  });
});

describe('The status of an export', () => {
  const url = `${endpoint}/_operations/export/42`;
  const manifest = {
    transactionTime: '2026-05-04T10:11:12.1300000+00:00',
    request: `${endpoint}/$export?_container=migration`,
    requiresAccessToken: false,
    output: [{ type: 'Patient', url: 'https://acct.blob.core.windows.net/m/f/Patient-1-1.ndjson', count: 12 }],
    error: [{ type: 'OperationOutcome', url: 'https://acct.blob.core.windows.net/m/f/err.ndjson' }],
    issues: [],
  };

  it('is running', async () => {
    const { client } = fakeFhir([{ status: 202, headers: { 'retry-after': '30' } }]);
    assert.deepEqual(await exportStatus(client, url, never), { state: 'running', retryAfterMs: 30_000 });
  });

  it('is completed, with its manifest', async () => {
    const { client } = fakeFhir([{ status: 200, json: manifest }]);
    assert.deepEqual(await exportStatus(client, url, never), {
      state: 'completed',
      manifest: {
        transactionTime: till,
        request: manifest.request,
        output: manifest.output,
        errors: [{ ...manifest.error[0], count: 0 }],
      },
    });
  });

  it('is gone', async () => {
    const { client } = fakeFhir([{ status: 404, json: outcome('not-found', 'The requested job "42" was not found.') }]);
    assert.equal((await exportStatus(client, url, never)).state, 'gone');
  });

  for (const [status, text, kind] of [
    [413, 'The FHIR Server ran out of memory while processing an export job.', 'tooLarge'],
    [413, 'Timespan in export request contains too much data to export in a single request.', 'tooLarge'],
    [404, 'The storage account not found.', 'notFound'],
    [429, 'throttled', 'throttled'],
    [500, 'Unknown Error.', 'serverError'],
    [400, 'storage uri invalid', 'rejected'],
  ] as const)
    it(`is failed with ${status} and asked once`, async () => {
      const { client, http } = fakeFhir([
        { status, json: outcome('processing', `export operation failed for reason: ${text}\r\n`) },
      ]);
      const answer = await exportStatus(client, url, never);
      assert.equal(answer.state, 'failed');
      assert.deepEqual([answer.failure.kind, answer.failure.status, http.sent.length], [kind, status, 1]);
      assert.match(answer.failure.diagnostics?.[0] ?? '', new RegExp(text.slice(0, 20)));
    });

  it('is unknown when the request itself fails', async () => {
    for (const [answer, kind] of [
      [{ status: 401 }, 'notSignedIn'],
      [{ status: 503 }, 'unavailable'],
      [{ error: 'ECONNRESET' }, 'network'],
      [deprecated, 'retired'],
    ] as const)
      assert.equal((await failureOf(exportStatus(fakeFhir([answer]).client, url, never))).kind, kind);
  });

  for (const [name, change] of [
    ['without output', { output: undefined }],
    ['with a file without url', { output: [{ type: 'Patient', count: 1 }] }],
    ['with a negative count', { output: [{ type: 'Patient', url: 'x', count: -1 }] }],
    ['with a broken count', { output: [{ type: 'Patient', url: 'x', count: 1.5 }] }],
    ['with a count as text', { output: [{ type: 'Patient', url: 'x', count: '1' }] }],
    ['with a type that is none', { output: [{ type: '../Patient', url: 'x', count: 1 }] }],
    ['without a time', { transactionTime: 'yesterday' }],
    ['with an endless url', { output: [{ type: 'Patient', url: 'x'.repeat(5_000), count: 1 }] }],
  ] as const)
    it(`is refused with a manifest ${name}`, async () => {
      const { client } = fakeFhir([{ status: 200, json: { ...manifest, ...change } }]);
      assert.equal((await failureOf(exportStatus(client, url, never))).kind, 'unexpectedAnswer');
    });
});

describe('An import', () => {
  const url = `${endpoint}/_operations/import/17`;

  it('is registered with the body and headers that the server takes', async () => {
    const { client, http } = fakeFhir([accepted(url)]);
    assert.equal((await startImport(client, importing, never)).jobId, '17');
    const [sent] = http.sent;
    assert.equal(sent?.method, 'POST');
    assert.equal(sent.url.pathname, '/$import');
    assert.equal(sent.headers['content-type'], 'application/fhir+json');
    assert.equal(sent.headers.prefer, 'respond-async');
    const body = JSON.parse(sent.body ?? '') as { parameter: { name: string }[] };
    assert.deepEqual(
      body.parameter.map(({ name }) => name),
      ['inputFormat', 'mode', 'allowNegativeVersions', 'errorContainerName', 'storageDetail', 'input'],
    );
  });

  it('is registered again after a lost answer, with the same body', async () => {
    const { client, http } = fakeFhir([{ error: 'ECONNRESET' }, accepted(url)]);
    await startImport(client, importing, never);
    assert.equal(http.sent.length, 2);
    assert.equal(http.sent[0]?.body, http.sent[1]?.body);
  });

  it('is refused here when the server would refuse it', async () => {
    const [file] = importing.files;
    assert.ok(file);
    for (const files of [[], [file, { ...file, type: 'SearchParameter' }]]) {
      const { client, http } = fakeFhir([accepted(url)]);
      assert.equal((await failureOf(startImport(client, { ...importing, files }, never))).kind, 'invalidInput');
      assert.equal(http.sent.length, 0);
    }
  });

  const output = [{ type: 'Patient', count: 11, inputUrl: 'https://acct.blob.core.windows.net/m/Patient.ndjson' }];
  const error = [
    { ...output[0], type: null, count: 1, url: 'https://acct.blob.core.windows.net/e/Patient17_18.ndjson' },
  ];

  it('is running, with and without partial results', async () => {
    assert.deepEqual(await importStatus(fakeFhir([{ status: 202 }]).client, url, never), { state: 'running' });
    assert.deepEqual(await importStatus(fakeFhir([{ status: 202, json: { output, error } }]).client, url, never), {
      state: 'running',
      partial: { output, error },
    });
  });

  it('is completed also with refused lines', async () => {
    const { client } = fakeFhir([
      { status: 200, json: { transactionTime: 'x', output: [{ ...output[0], type: undefined }], error } },
    ]);
    assert.deepEqual(await importStatus(client, url, never), {
      state: 'completed',
      result: { output: [{ ...output[0], type: null }], error },
    });
  });

  for (const [status, text, state] of [
    [400, 'import operation failed for reason: Input file Etag not match.', 'failed'],
    [400, 'User requested cancellation of operation.', 'failed'],
    [403, 'import operation failed for reason: Server failed to authenticate the request.', 'failed'],
    [500, 'import operation failed for reason: InternalServerError', 'failed'],
    [404, 'import operation failed for reason: The specified blob does not exist.', 'failed'],
    [404, 'The requested import job "17" was not found.', 'gone'],
  ] as const)
    it(`is ${state} with ${status} ${text}`, async () => {
      const { client, http } = fakeFhir([{ status, json: outcome('processing', text) }]);
      assert.equal((await importStatus(client, url, never)).state, state);
      assert.equal(http.sent.length, 1);
    });

  it('is unknown when the request itself fails', async () => {
    assert.equal(
      (await failureOf(importStatus(fakeFhir([{ status: 500, json: outcome('exception', 'x') }]).client, url, never)))
        .kind,
      'serverError',
    );
  });
});

describe('Cancelling', () => {
  it('ends well also when the job is already over', async () => {
    for (const [kind, statuses] of [
      ['export', [202, 404]],
      ['import', [202, 404, 409]],
      ['reindex', [202, 400, 404]],
    ] as const)
      for (const status of statuses) {
        const { client, http } = fakeFhir([{ status }]);
        await cancelOperation(client, kind, `${endpoint}/_operations/${kind}/1`, never);
        assert.equal(http.sent[0]?.method, 'DELETE');
      }
  });

  it('says so when a deprecated source refuses it', async () => {
    const work = cancelOperation(fakeFhir([deprecated]).client, 'export', `${endpoint}/_operations/export/1`, never);
    assert.equal((await failureOf(work)).kind, 'retired');
  });

  it('sends nothing to another host', async () => {
    const { client, http } = fakeFhir([{ status: 202 }]);
    await failureOf(cancelOperation(client, 'export', 'https://evil.example/_operations/export/1', never));
    assert.equal(http.sent.length, 0);
  });
});

describe('The right to an operation', () => {
  it('is proved by the 404 of a job that cannot exist, and refuted by a 403', async () => {
    await checkOperationAccess(fakeFhir([{ status: 404 }]).client, 'export', never);
    const failure = await failureOf(checkOperationAccess(fakeFhir([{ status: 403 }]).client, 'import', never));
    assert.equal(failure.kind, 'forbidden');
    assert.match(failure.nextStep ?? '', /FHIR Data Importer/);
  });
});

describe('A reindex', () => {
  const url = `${endpoint}/_operations/reindex/23`;
  const parameters = (status: string, more: readonly unknown[] = []) => ({
    resourceType: 'Parameters',
    id: '23',
    parameter: [{ name: 'status', valueString: status }, { name: 'progress', valueDecimal: 12.5 }, ...more],
  });

  it('starts with a 201', async () => {
    const { client } = fakeFhir([{ status: 201, headers: { 'content-location': url }, json: parameters('Queued') }]);
    assert.equal((await startReindex(client, never)).jobId, '23');
  });

  it('says its state in the body', async () => {
    const state = async (json: unknown) => reindexStatus(fakeFhir([{ json }]).client, url, never);
    assert.deepEqual(await state(parameters('Running')), { state: 'running', percent: 12.5 });
    assert.deepEqual(await state(parameters('Completed')), { state: 'completed' });
    const failed = await state(parameters('Failed', [{ name: 'failureDetails', valueString: 'out of disk' }]));
    assert.equal(failed.state, 'failed');
    assert.deepEqual('failure' in failed ? failed.failure.diagnostics : undefined, ['out of disk']);
    assert.equal((await reindexStatus(fakeFhir([{ status: 404 }]).client, url, never)).state, 'gone');
  });

  it('is known to run or not', async () => {
    assert.equal(await reindexIsActive(fakeFhir([{ status: 405 }]).client, never), false);
    assert.equal(await reindexIsActive(fakeFhir([{ json: parameters('Running') }]).client, never), true);
    assert.equal((await failureOf(reindexIsActive(fakeFhir([{ status: 423 }]).client, never))).kind, 'locked');
  });
});
