import assert from 'node:assert/strict';
import { assertOutcome, authority, base, callerWith, nobody, patient, TestService, type Call } from './fixture.ts';

const reader = 'FHIR Data Reader';
const writer = 'FHIR Data Writer';
const all = 'FHIR Data Contributor';
const roles = [reader, writer, 'FHIR Data Exporter', 'FHIR Data Importer', 'Search Parameter Manager', all];

/** Requests with the roles that suffice for them. */
const requests: readonly {
  readonly method: string;
  readonly address: string;
  readonly call?: Call;
  readonly allowed: readonly string[];
}[] = [
  { method: 'GET', address: '/Patient?_summary=count', allowed: roles },
  { method: 'GET', address: '/_history?_count=1', allowed: roles },
  { method: 'GET', address: '/Patient/p1', allowed: roles },
  { method: 'PUT', address: '/Patient/p1', call: { body: patient('p1') }, allowed: [writer, all] },
  { method: 'DELETE', address: '/Patient/p1', allowed: [writer, all] },
  { method: 'DELETE', address: '/Patient/p1?hardDelete=true', allowed: [all] },
  { method: 'GET', address: '/$export', allowed: ['FHIR Data Exporter', all] },
  { method: 'GET', address: '/_operations/export/1', allowed: ['FHIR Data Exporter', all] },
  { method: 'POST', address: '/$import', allowed: ['FHIR Data Importer', all] },
  { method: 'POST', address: '/$reindex', call: { body: { resourceType: 'Parameters' } }, allowed: [all] },
  { method: 'POST', address: '/SearchParameter', call: { body: { resourceType: 'SearchParameter' } }, allowed: [all] },
  {
    method: 'PUT',
    address: '/SearchParameter/$status',
    call: { body: { resourceType: 'Parameters' } },
    allowed: ['Search Parameter Manager', all],
  },
  {
    method: 'DELETE',
    address: '/$bulk-delete',
    call: { headers: { prefer: 'respond-async' } },
    allowed: [writer, all],
  },
  {
    method: 'DELETE',
    address: '/$bulk-delete?_hardDelete=true',
    call: { headers: { prefer: 'respond-async' } },
    allowed: [all],
  },
];

describe('authentication and roles', () => {
  it('answers 401 with a challenge when no valid token was sent', async () => {
    const answer = await new TestService({ flavour: 'ahds' }).get('/Patient', { caller: nobody });
    assertOutcome(answer, 401, 'login', 'Authentication failed.');
    assert.equal(
      answer.headers['WWW-Authenticate'],
      `Bearer authorization_uri="${authority}", resource_id="${base}", realm="${base}"`,
    );
  });

  it('answers 401 for the token of another audience', async () => {
    const caller = { ...callerWith(all), audienceOk: false };
    assert.equal((await new TestService({ flavour: 'ahds' }).get('/Patient', { caller })).status, 401);
  });

  it('answers metadata and versions to anybody', async () => {
    const service = new TestService({ flavour: 'ahds' });
    assert.equal((await service.get('/metadata', { caller: nobody })).status, 200);
    assert.equal((await service.get('/$versions', { caller: nobody })).status, 200);
  });

  for (const { method, address, call, allowed } of requests) {
    it(`lets only the right roles do ${method} ${address}`, async () => {
      const service = new TestService({ flavour: 'ahds' });
      for (const role of roles) {
        const answer = await service.send(method, address, { ...call, caller: callerWith(role) });
        assert.equal(answer.status !== 403, allowed.includes(role), `${role}: ${answer.status}`);
      }
      const without = await service.send(method, address, { ...call, caller: callerWith() });
      assertOutcome(without, 403, 'forbidden', 'Authorization failed.');
    });
  }

  it('adds up the roles of a caller', async () => {
    const caller = callerWith(reader, 'FHIR Data Exporter');
    assert.equal((await new TestService({ flavour: 'ahds' }).get('/$export', { caller })).status, 202);
  });
});

describe('routes', () => {
  const service = new TestService({ flavour: 'ahds' });
  const unknown = [
    '/Nonsense',
    '/patient/p1',
    '/PATIENT',
    '/$nonsense',
    '/Patient/p1/$nonsense',
    '/a/b/c/d/e',
    '/_operations/nonsense/1',
  ];
  for (const address of unknown) {
    it(`does not know GET ${address}`, async () => {
      assertOutcome(await service.get(address), 404, 'not-found', 'The requested route was not found.');
    });
  }

  for (const [method, address] of [
    ['POST', '/Patient/p1'],
    ['PUT', '/metadata'],
    ['GET', '/$import'],
    ['POST', '/$export'],
    ['DELETE', '/_history'],
  ] as const) {
    it(`does not do ${method} ${address}`, async () => {
      const answer = await service.send(method, address);
      assertOutcome(answer, 405, 'not-supported', 'The requested operation is not supported.');
    });
  }

  it('hands exports and imports to the operations with what the path says', async () => {
    const fresh = new TestService({ flavour: 'ahds' });
    await fresh.get('/$export');
    await fresh.get('/Patient/$export');
    await fresh.get('/Group/g1/$export');
    await fresh.get('/Observation/$export');
    await fresh.post('/$import', {});
    await fresh.get('/_operations/import/7');
    await fresh.delete('/_operations/export/8');
    assert.deepEqual(fresh.operations, [
      { kind: 'startExport', type: undefined, groupId: undefined },
      { kind: 'startExport', type: 'Patient', groupId: undefined },
      { kind: 'startExport', type: 'Group', groupId: 'g1' },
      { kind: 'startExport', type: 'Observation', groupId: undefined },
      { kind: 'startImport' },
      { kind: 'jobStatus', operation: 'import', id: '7' },
      { kind: 'cancelJob', operation: 'export', id: '8' },
    ]);
  });
});
