import assert from 'node:assert/strict';
import { count } from '../../../src/fhir/count.ts';
import { deleteResource } from '../../../src/fhir/deleteResource.ts';
import { detectKind } from '../../../src/fhir/detectKind.ts';
import { earliest } from '../../../src/fhir/earliest.ts';
import { heldVersions } from '../../../src/fhir/heldVersions.ts';
import { readMetadata } from '../../../src/fhir/metadata.ts';
import { postBatch } from '../../../src/fhir/postBundle.ts';
import { searchPages } from '../../../src/fhir/searchPages.ts';
import { searchParameterStatus } from '../../../src/fhir/searchParameterStatus.ts';
import { serverTime } from '../../../src/fhir/serverTime.ts';
import { publicCloud, usGovernmentCloud } from '../../../src/azure/clouds.ts';
import { failureOf, never } from '../http/fakeHttp.ts';
import { deprecated, endpoint, fakeFhir, outcome } from './fakeFhir.ts';

const bundle = (entry: readonly unknown[], next?: string, more: object = {}) => ({
  json: {
    resourceType: 'Bundle',
    type: 'searchset',
    entry,
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    ...more,
  },
});
const patient = (id: string, lastUpdated = '2026-01-01T00:00:00.123+00:00') => ({
  resource: { resourceType: 'Patient', id, meta: { versionId: '1', lastUpdated } },
  search: { mode: 'match' },
});

describe('Counting', () => {
  const since = Date.parse('2026-01-01T00:00:00.123Z');
  const till = Date.parse('2026-02-01T00:00:00.000Z');

  it('asks with milliseconds and Z, from inclusive, to exclusive', async () => {
    for (const [query, address] of [
      [{ of: 'current' }, '/?_summary=count'],
      [
        { of: 'current', type: 'Patient', since, till },
        '/Patient?_summary=count&_lastUpdated=ge2026-01-01T00:00:00.123Z&_lastUpdated=lt2026-02-01T00:00:00.000Z',
      ],
      [{ of: 'versions' }, '/_history?_summary=count'],
      [
        { of: 'versions', type: 'Patient', since, till },
        '/Patient/_history?_summary=count&_since=2026-01-01T00:00:00.123Z&_before=2026-02-01T00:00:00.000Z',
      ],
    ] as const) {
      const { client, http } = fakeFhir([bundle([], undefined, { total: 1234 })]);
      assert.equal(await count(client, query, never), 1234);
      assert.equal(decodeURIComponent(http.sent[0]?.url.href.slice(endpoint.length) ?? ''), address);
    }
  });

  it('is unknown, never zero, when the answer has no total', async () => {
    for (const total of [undefined, -1, 1.5, '7', null])
      assert.equal(
        (await failureOf(count(fakeFhir([bundle([], undefined, { total })]).client, { of: 'current' }, never))).kind,
        'unexpectedAnswer',
      );
  });

  it('refuses the count of something else', async () => {
    const self = { link: [{ relation: 'self', url: `${endpoint}/?_summary=count` }], total: 9 };
    const work = count(fakeFhir([bundle([], undefined, self)]).client, { of: 'current', since }, never);
    assert.match((await failureOf(work)).message, /ignored _lastUpdated/);
  });

  it('counts history up to now when the server takes the end for the future', async () => {
    const future = { status: 403, json: outcome('forbidden', 'Parameter _before cannot a be a value in the future') };
    const { client, http } = fakeFhir([future, bundle([], undefined, { total: 3 })]);
    assert.equal(await count(client, { of: 'versions', since, till }, never), 3);
    assert.deepEqual([...(http.sent[1]?.url.searchParams.keys() ?? [])], ['_summary', '_since']);
  });

  it('tells that a deprecated service does not count', async () => {
    assert.equal((await failureOf(count(fakeFhir([deprecated]).client, { of: 'current' }, never))).kind, 'retired');
  });

  it('takes no type that could change the path', async () => {
    for (const type of ['../x', 'Patient/1', 'patient', 'Patient?x', '', '$export'])
      assert.equal(
        (
          await failureOf(
            count(fakeFhir([]).client, { of: 'current', type }, never).catch((e: unknown) =>
              Promise.reject(e as Error),
            ),
          )
        ).kind,
        'invalidInput',
      );
  });
});

describe('Pages of a search', () => {
  const search = {
    path: '/Patient',
    query: [['_count', '2']],
    template: '/Patient',
    attempted: { tried: 'Reading' },
  } as const;
  const all = async (answers: Parameters<typeof fakeFhir>[0]) => {
    const { client, http } = fakeFhir(answers);
    const ids: unknown[] = [];
    for await (const page of searchPages(client, search, never)) ids.push(...page.map(({ resource }) => resource?.id));
    return { ids, http };
  };

  it('end where there is no next link, not where a page is short or empty', async () => {
    const { ids, http } = await all([
      bundle([patient('a'), patient('b')], `${endpoint}/Patient?_count=2&ct=1`),
      bundle([], `${endpoint}/Patient?_count=2&ct=2`),
      bundle([patient('c')], '/Patient?_count=2&ct=3'),
      bundle([patient('d')]),
    ]);
    assert.deepEqual(ids, ['a', 'b', 'c', 'd']);
    assert.deepEqual(
      http.sent.map(({ url }) => url.searchParams.get('ct')),
      [null, '1', '2', '3'],
    );
  });

  it('leave out warnings of the server', async () => {
    const warning = { resource: { resourceType: 'OperationOutcome', id: 'w' }, search: { mode: 'outcome' } };
    assert.deepEqual((await all([bundle([warning, patient('a')])])).ids, ['a']);
  });

  it('do not go round in circles', async () => {
    await assert.rejects(all([bundle([patient('a')], `${endpoint}/Patient?ct=1`)]), /do not come to an end/);
  });

  for (const next of [
    'https://evil.example/Patient?ct=1',
    'http://contoso.azurehealthcareapis.com/Patient?ct=1',
    '//evil.example/x',
    'file:///etc/passwd',
    'not an address\u0000',
  ])
    it(`do not go on at ${JSON.stringify(next)}`, async () => {
      const { client, http } = fakeFhir([bundle([patient('a')], next)]);
      const read = async () => {
        for await (const page of searchPages(client, search, never)) assert.equal(page.length, 1);
      };
      const failure = await failureOf(read());
      assert.equal(failure.kind === 'unexpectedAnswer' || http.sent.length === 2, true);
      assert.ok(http.sent.every(({ url }) => url.origin === endpoint));
      if (next.includes('evil')) assert.match(failure.message, /contoso\.azurehealthcareapis\.com.*evil\.example/);
    });
});

describe('The first resource', () => {
  it('is found behind empty pages', async () => {
    const { client, http } = fakeFhir([
      bundle([], `${endpoint}/?ct=1`),
      bundle([patient('a', '2020-05-01T10:00:00.5Z')]),
    ]);
    assert.equal(await earliest(client, 'current', never), Date.parse('2020-05-01T10:00:00.5Z'));
    assert.equal(http.sent[0]?.url.search, '?_sort=_lastUpdated&_count=1');
  });

  it('is undefined in an empty service', async () => {
    assert.equal(await earliest(fakeFhir([bundle([])]).client, 'versions', never), undefined);
  });

  it('may be a tombstone without meta', async () => {
    const entry = { request: { method: 'DELETE' }, response: { etag: 'W/"2"', lastModified: '2019-01-01T00:00:00Z' } };
    assert.equal(
      await earliest(fakeFhir([bundle([entry])]).client, 'versions', never),
      Date.parse('2019-01-01T00:00:00Z'),
    );
  });
});

describe('Held versions', () => {
  it('come newest first, with tombstones', async () => {
    const version = (versionId: string, lastUpdated: string, method = 'PUT') => ({
      resource: { resourceType: 'Patient', id: 'p1', meta: { versionId, lastUpdated } },
      request: { method },
    });
    const tombstone = {
      resource: { resourceType: 'Patient', id: 'p1', meta: { lastUpdated: '2026-01-03T00:00:00Z' } },
      request: { method: 'DELETE' },
      response: { etag: 'W/"3"' },
    };
    const { client, http } = fakeFhir([
      bundle(
        [version('1', '2026-01-01T00:00:00Z', 'POST'), version('2', '2026-01-01T00:00:00Z')],
        `${endpoint}/Patient/p1/_history?ct=1`,
      ),
      bundle([tombstone]),
    ]);
    assert.deepEqual(await heldVersions(client, 'Patient', 'p1', never), [
      { versionId: '3', lastUpdated: Date.parse('2026-01-03T00:00:00Z'), deleted: true },
      { versionId: '2', lastUpdated: Date.parse('2026-01-01T00:00:00Z'), deleted: false },
      { versionId: '1', lastUpdated: Date.parse('2026-01-01T00:00:00Z'), deleted: false },
    ]);
    assert.equal(http.sent[0]?.url.pathname, '/Patient/p1/_history');
  });

  it('are none of a resource that never was', async () => {
    assert.deepEqual(await heldVersions(fakeFhir([{ status: 404 }]).client, 'Patient', 'p1', never), []);
  });

  it('are not asked for with an id that is none', async () => {
    for (const id of ['..', '.', '', 'a/b', 'a?b', 'x'.repeat(65), 'a b'])
      assert.equal((await failureOf(heldVersions(fakeFhir([]).client, 'Patient', id, never))).kind, 'invalidInput');
  });
});

describe('Metadata', () => {
  const statement = {
    resourceType: 'CapabilityStatement',
    fhirVersion: '4.0.1',
    name: 'Microsoft FHIR Server for Azure 4.0.123 Capability Statement',
    software: { name: 'FHIR Server for Azure', version: '4.0.123' },
    rest: [
      {
        security: { service: [{ coding: [{ code: 'OAuth' }] }] },
        resource: [{ type: 'Patient', versioning: 'versioned' }, { type: 'Binary' }],
        interaction: [{ code: 'batch' }, { code: 'transaction' }],
        operation: [{ name: 'export' }],
      },
    ],
  };

  it('is read without a token', async () => {
    const { client, http } = fakeFhir([{ json: statement }]);
    const metadata = await readMetadata(client, never);
    assert.deepEqual(metadata.capabilities, {
      fhirVersion: '4.0.1',
      softwareName: 'FHIR Server for Azure',
      softwareVersion: '4.0.123',
      isMicrosoft: true,
      transaction: true,
      secured: true,
      operations: ['export'],
      versioning: { Patient: 'versioned' },
      resourceTypes: ['Patient', 'Binary'],
    });
    assert.equal(metadata.text, JSON.stringify(statement));
    assert.equal(metadata.serverTime, Date.parse('2026-11-23T10:00:00Z'));
    assert.equal(http.sent[0]?.headers.authorization, undefined);
  });

  it('that is none leads to the address, whatever answered instead', async () => {
    for (const answer of [{ status: 404, json: {} }, { json: { resourceType: 'Bundle' } }, { text: '<html></html>' }]) {
      const { nextStep } = await failureOf(readMetadata(fakeFhir([answer]).client, never));
      assert.match(nextStep ?? '', /^Check the address/);
    }
    const { nextStep } = await failureOf(readMetadata(fakeFhir([{ status: 500, json: {} }]).client, never));
    assert.doesNotMatch(nextStep ?? '', /address/);
  });

  it('of Azure API for FHIR has no transactions', async () => {
    const gen1 = { ...statement, rest: [{ ...statement.rest[0], interaction: [{ code: 'batch' }] }] };
    assert.equal((await readMetadata(fakeFhir([{ json: gen1 }]).client, never)).capabilities.transaction, false);
  });

  it('is refused when it is none', async () => {
    for (const json of [
      {},
      [],
      null,
      'x',
      { ...statement, resourceType: 'Bundle' },
      { ...statement, fhirVersion: '<b>4</b>' },
      { ...statement, rest: 'x' },
    ])
      assert.equal((await failureOf(readMetadata(fakeFhir([{ json }]).client, never))).kind, 'unexpectedAnswer');
  });

  it('gives the clock of the server', async () => {
    assert.equal(await serverTime(fakeFhir([{ json: {} }]).client, never), Date.parse('2026-11-23T10:00:00Z'));
    const silent = fakeFhir([{ json: {}, headers: { date: 'now' } }]).client;
    assert.equal((await failureOf(serverTime(silent, never))).kind, 'unexpectedAnswer');
  });

  it('is not needed to know the kind of a service by its address', () => {
    for (const [address, kind] of [
      ['https://contoso.azurehealthcareapis.com', 'azureApiForFhir'],
      ['https://Contoso.AzureHealthcareAPIs.com/', 'azureApiForFhir'],
      ['https://ws-fhir.fhir.azurehealthcareapis.com', 'ahds'],
      ['https://contoso.azurehealthcareapis.com.evil.example', 'fhirServer'],
      ['https://fhir.example.org/base', 'fhirServer'],
      ['https://contoso.azurehealthcareapis.us', 'fhirServer'],
    ] as const)
      assert.equal(detectKind(address, publicCloud), kind, address);
    assert.equal(detectKind('https://contoso.azurehealthcareapis.us', usGovernmentCloud), 'azureApiForFhir');
  });
});

describe('A batch', () => {
  it('reports each entry', async () => {
    const response = (status: string, words?: string) => ({
      response: { status, ...(words ? { outcome: outcome('invalid', words) } : {}) },
    });
    const { client, http } = fakeFhir([bundle([response('201'), response('400', 'no such element'), response('429')])]);
    const results = await postBatch(
      client,
      [
        { method: 'PUT', url: 'Patient/a', resource: { resourceType: 'Patient', id: 'a' } },
        { method: 'DELETE', url: 'Patient/b' },
        { method: 'GET', url: 'Patient/c' },
      ],
      never,
    );
    assert.deepEqual(
      results.map(({ status, failure }) => [status, failure?.kind]),
      [
        [201, undefined],
        [400, 'rejected'],
        [429, 'throttled'],
      ],
    );
    assert.deepEqual(results[1]?.failure?.diagnostics, ['no such element']);
    assert.equal((JSON.parse(http.sent[0]?.body ?? '') as { type: string }).type, 'batch');
  });

  it('is refused with too many entries, or an answer of another length', async () => {
    const entries = (length: number) => Array.from({ length }, () => ({ method: 'GET', url: 'Patient/a' }) as const);
    for (const length of [0, 501])
      assert.equal((await failureOf(postBatch(fakeFhir([]).client, entries(length), never))).kind, 'invalidInput');
    assert.equal(
      (await failureOf(postBatch(fakeFhir([bundle([])]).client, entries(1), never))).kind,
      'unexpectedAnswer',
    );
  });
});

describe('Small requests', () => {
  it('delete softly or hard, and are content with what is already gone', async () => {
    for (const [hard, status, search] of [
      [false, 204, ''],
      [true, 204, '?hardDelete=true'],
      [false, 404, ''],
      [false, 410, ''],
    ] as const) {
      const { client, http } = fakeFhir([{ status }]);
      await deleteResource(client, 'Patient', 'p1', { hard }, never);
      assert.equal(http.sent[0]?.url.search, search);
    }
    assert.equal(
      (await failureOf(deleteResource(fakeFhir([{ status: 403 }]).client, 'Patient', 'p1', { hard: true }, never)))
        .kind,
      'forbidden',
    );
  });

  it('read the state of search parameters', async () => {
    const parameter = [
      {
        name: 'searchParameterStatus',
        part: [
          { name: 'url', valueUrl: 'http://x/sp' },
          { name: 'status', valueString: 'Enabled' },
        ],
      },
    ];
    const states = await searchParameterStatus(
      fakeFhir([{ json: { resourceType: 'Parameters', parameter } }]).client,
      never,
    );
    assert.deepEqual([...(states ?? [])], [['http://x/sp', 'Enabled']]);
    const gen1 = fakeFhir([
      { status: 400, json: outcome('invalid', 'The requested "search-parameter-status" operation is not enabled') },
    ]);
    assert.equal(await searchParameterStatus(gen1.client, never), undefined);
  });
});
