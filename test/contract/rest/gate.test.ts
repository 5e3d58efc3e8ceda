import assert from 'node:assert/strict';
import { callerWith, nobody, patient, startOfTime, TestService } from './fixture.ts';

describe('gate of a deprecated Azure API for FHIR', () => {
  const deprecated = (): TestService => new TestService({ flavour: 'azureApiForFhir', deprecated: true });

  const allowed = [
    '/metadata',
    '/$export',
    '/$export?_since=2020-01-01',
    '/Patient/$export',
    '/Group/g1/$export',
    '/_operations/export/42',
  ];
  for (const address of allowed) {
    it(`lets GET ${address} pass`, async () => {
      assert.notEqual((await deprecated().get(address)).status, 410);
    });
  }

  const refused: readonly (readonly [string, string])[] = [
    ['GET', '/'],
    ['GET', '/?_summary=count'],
    ['GET', '/Patient?_summary=count'],
    ['GET', '/Patient/p1'],
    ['GET', '/_history?_summary=count'],
    ['GET', '/Patient/p1/_history/1'],
    ['GET', '/SearchParameter'],
    ['GET', '/SearchParameter/$status'],
    ['GET', '/$versions'],
    ['GET', '/Observation/$export'],
    ['GET', '/unknown/route/at/all'],
    ['POST', '/'],
    ['POST', '/$reindex'],
    ['POST', '/Patient'],
    ['PUT', '/Patient/p1'],
    ['DELETE', '/_operations/export/42'],
  ];
  for (const [method, address] of refused) {
    it(`refuses ${method} ${address}`, async () => {
      const answer = await deprecated().send(method, address);
      assert.equal(answer.status, 410);
    });
  }

  it('answers 410 word for word', async () => {
    const answer = await deprecated().get('/Patient');
    assert.equal(answer.headers['Content-Type'], 'application/fhir+json');
    assert.deepEqual(answer.body, {
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'business-rule',
          details: {
            coding: [
              {
                system: 'https://azurehealthcareapis.com/fhir/operation-outcome-code',
                code: 'service-deprecated',
                display: 'FHIR service deprecated',
              },
            ],
            text: 'This FHIR service has been deprecated.',
          },
          diagnostics: 'This FHIR service is deprecated no longer accepts normal workloads.',
        },
      ],
    });
  });

  it('stands before authentication and roles', async () => {
    for (const caller of [nobody, callerWith()]) {
      assert.equal((await deprecated().get('/Patient', { caller })).status, 410);
    }
  });

  it('still asks for a token and a role where it lets pass', async () => {
    assert.equal((await deprecated().get('/$export', { caller: nobody })).status, 401);
    assert.equal((await deprecated().get('/$export', { caller: callerWith() })).status, 403);
    assert.equal((await deprecated().get('/metadata', { caller: nobody })).status, 200);
  });

  it('is not there on an active service nor on the other flavours', async () => {
    const active = new TestService({ flavour: 'azureApiForFhir' });
    assert.equal((await active.get('/Patient?_summary=count')).status, 200);
    for (const flavour of ['ahds', 'fhirServer'] as const) {
      assert.equal((await new TestService({ flavour, deprecated: true }).get('/Patient')).status, 200);
    }
  });

  it('closes when the service is retired while it runs', async () => {
    const service = new TestService({ flavour: 'azureApiForFhir' });
    await service.have(patient('p1'));
    service.service.configure({ deprecated: true });
    assert.equal((await service.get('/Patient/p1')).status, 410);
  });
});

describe('lock of the initial import mode', () => {
  const locked = (): TestService => new TestService({ flavour: 'ahds', initialImportMode: true });

  it('refuses writes with a body that is no OperationOutcome', async () => {
    const answer = await locked().put('/Patient/p1', patient('p1'));
    assert.equal(answer.status, 423);
    assert.equal(answer.headers['Content-Type'], 'application/json; charset=utf-8');
    assert.equal(
      answer.text,
      '{"severity":"Error","code":"Locked","diagnostics":"Service is locked for initial import mode."}',
    );
  });

  it('refuses bundles, deletes, searches by POST, and GET $reindex', async () => {
    const service = locked();
    for (const [method, address] of [
      ['POST', '/'],
      ['POST', '/Patient/_search'],
      ['DELETE', '/Patient/p1'],
      ['GET', '/$reindex'],
      ['POST', '/$reindex'],
      ['DELETE', '/$bulk-delete'],
    ] as const) {
      assert.equal((await service.send(method, address)).status, 423, `${method} ${address}`);
    }
  });

  it('lets reads, imports and cancelling of operations pass', async () => {
    const service = locked();
    assert.equal((await service.get('/Patient?_summary=count')).status, 200);
    assert.equal((await service.get('/metadata')).status, 200);
    assert.equal((await service.post('/$import', { resourceType: 'Parameters' })).status, 202);
    assert.equal((await service.delete('/_operations/import/1')).status, 202);
    assert.equal((await service.delete('/_operations/reindex/1')).status, 404);
    assert.deepEqual(
      service.operations.map(({ kind }) => kind),
      ['startImport', 'cancelJob'],
    );
  });
});

describe('headers of every answer', () => {
  it('carry the id of the request and the time of the service', async () => {
    const service = new TestService({ flavour: 'ahds' });
    const answer = await service.get('/Patient/none', { headers: { 'x-request-id': 'abc' } });
    assert.equal(answer.headers['X-Request-Id'], 'abc');
    assert.equal(answer.headers.Date, new Date(startOfTime).toUTCString());
    assert.equal(answer.body.id, 'abc');
    assert.equal(answer.body.meta?.lastUpdated, '2026-05-04T12:00:00.5+00:00');
  });

  it('carry the charge of the data store on gen1 only', async () => {
    const charge = async (flavour: 'azureApiForFhir' | 'ahds'): Promise<string | undefined> =>
      (await new TestService({ flavour }).get('/Patient')).headers['x-ms-request-charge'];
    assert.ok(Number(await charge('azureApiForFhir')) > 0);
    assert.equal(await charge('ahds'), undefined);
  });
});
