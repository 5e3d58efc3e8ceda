import assert from 'node:assert/strict';
import { assertOutcome, base, callerWith, patient, TestService, type Answer, type Body, type Call } from './fixture.ts';

type Request = readonly [method: string, url: string, resource?: Body, more?: Record<string, unknown>];

function bundle(type: string, ...requests: readonly Request[]): object {
  const entry = requests.map(([method, url, resource, more]) => ({ request: { method, url, ...more }, resource }));
  return { resourceType: 'Bundle', type, entry };
}

async function send(service: TestService, body: unknown, call?: Call): Promise<Answer> {
  return service.post('/', body, call);
}

const statuses = ({ body }: Answer): readonly unknown[] => (body.entry ?? []).map(({ response }) => response?.status);
const ahds = (): TestService => new TestService({ flavour: 'ahds' });

describe('batches', () => {
  for (const flavour of ['ahds', 'azureApiForFhir'] as const) {
    it(`answer each entry on its own (${flavour})`, async () => {
      const service = new TestService({ flavour });
      await service.have(patient('p1'));
      const answer = await send(
        service,
        bundle(
          'batch',
          ['GET', 'Patient/p1'],
          ['PUT', 'Patient/p2', patient('p2')],
          ['POST', 'Patient', patient('x')],
          ['GET', 'Patient/none'],
          ['DELETE', 'Patient/p9'],
          ['GET', 'Patient?_summary=count'],
          ['GET', 'Nonsense/1'],
        ),
      );
      assert.equal(answer.status, 200);
      assert.equal(answer.body.type, 'batch-response');
      assert.deepEqual(statuses(answer), ['200', '201', '201', '404', '204', '200', '404']);
      const [read, put, , missing, , count] = answer.body.entry ?? [];
      assert.equal(read?.resource?.id, 'p1');
      assert.equal(put?.response?.etag, 'W/"1"');
      assert.equal(put.response.location, `${base}/Patient/p2/_history/1`);
      assert.equal(missing?.response?.outcome?.issue?.[0]?.code, 'not-found');
      assert.equal(missing.resource, undefined);
      // Reads come after the writes, whatever their place.
      assert.equal(count?.resource?.total, 3);
    });
  }

  it('make no new version the second time', async () => {
    const service = ahds();
    const body = bundle('batch', ['PUT', 'Patient/p1', patient('p1')], ['PUT', 'Patient/p2', patient('p2')]);
    assert.deepEqual(statuses(await send(service, body)), ['201', '201']);
    assert.deepEqual(statuses(await send(service, body)), ['200', '200']);
    assert.equal(service.service.store.size.versions, 2);
  });

  it('honour If-Match and If-None-Exist of an entry', async () => {
    const service = ahds();
    await service.have(patient('p1', { identifier: [{ value: 'a' }] }));
    const answer = await send(
      service,
      bundle(
        'batch',
        ['PUT', 'Patient/p1', patient('p1', { active: true }), { ifMatch: 'W/"5"' }],
        ['POST', 'Patient', patient('x'), { ifNoneExist: 'identifier=a' }],
      ),
    );
    assert.deepEqual(statuses(answer), ['412', '200']);
  });

  it('check the role of the caller for each entry', async () => {
    const service = ahds();
    await service.have(patient('p1'));
    const body = bundle('batch', ['GET', 'Patient/p1'], ['PUT', 'Patient/p2', patient('p2')]);
    const caller = callerWith('FHIR Data Reader');
    assert.deepEqual(statuses(await send(service, body, { caller })), ['200', '403']);
    assert.equal((await send(service, body, { caller: callerWith() })).status, 403);
  });

  it('tell of entries without a request', async () => {
    const answer = await send(ahds(), { resourceType: 'Bundle', type: 'batch', entry: [{}] });
    assert.deepEqual(statuses(answer), ['400']);
  });
});

describe('bundles that are refused', () => {
  it('have more than 500 entries', async () => {
    const service = ahds();
    const many = (count: number): object =>
      bundle('batch', ...Array.from({ length: count }, (_, index): Request => ['GET', `Patient/p${index}`]));
    const text = 'The number of entries in the bundle exceeded the configured limit of 500.';
    assertOutcome(await send(service, many(501)), 400, 'invalid', text);
    assert.equal((await send(service, many(500))).status, 200);
  });

  it('are of another type, of none, or no bundle', async () => {
    const service = ahds();
    const collection = "Bundles of type 'Collection' are not supported for this operation.";
    assertOutcome(await send(service, bundle('collection')), 405, 'forbidden', collection);
    const none = 'Bundle type is not present. Possible values are: transaction or batch';
    assertOutcome(await send(service, { resourceType: 'Bundle' }), 400, 'invalid', none);
    const wrong = 'Only a bundle can be submitted for batch or transaction processing.';
    assertOutcome(await send(service, patient('p1')), 400, 'invalid', wrong);
  });

  it('are transactions on gen1', async () => {
    const service = new TestService({ flavour: 'azureApiForFhir' });
    const text = "Bundles of type 'Transaction' are not supported for this operation.";
    assertOutcome(await send(service, bundle('transaction')), 405, 'forbidden', text);
  });
});

describe('transactions', () => {
  it('write everything and answer in the order of the entries', async () => {
    const service = ahds();
    const answer = await send(
      service,
      bundle(
        'transaction',
        ['GET', 'Patient/p1'],
        ['PUT', 'Patient/p1', patient('p1')],
        ['POST', 'Patient', patient('x')],
      ),
    );
    assert.equal(answer.body.type, 'transaction-response');
    assert.deepEqual(statuses(answer), ['200', '201', '201']);
  });

  it('write nothing when one entry fails, and answer with its status', async () => {
    const service = ahds();
    await service.have(patient('p1', { active: true }));
    await service.have(patient('p3'));
    const before = { ...service.service.store.size };
    const answer = await send(
      service,
      bundle(
        'transaction',
        ['DELETE', 'Patient/p3'],
        ['POST', 'Patient', patient('x')],
        ['PUT', 'Patient/p1', patient('p1', { active: false })],
        ['PUT', 'Patient/p2', patient('p2'), { ifMatch: 'W/"1"' }],
      ),
    );
    assert.equal(answer.status, 404);
    assert.equal(
      answer.body.issue?.[0]?.diagnostics,
      "Transaction failed on 'PUT' for the requested url '/Patient/p2'.",
    );
    assert.deepEqual({ ...service.service.store.size }, before);
    assert.equal((await service.get('/Patient/p1')).body.active, true);
    assert.equal((await service.get('/Patient/p3')).status, 200);
  });

  it('resolve references between their entries', async () => {
    const service = ahds();
    const urn = 'urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9';
    const observation = { resourceType: 'Observation', status: 'final', subject: { reference: urn } };
    const answer = await send(service, {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { fullUrl: urn, request: { method: 'POST', url: 'Patient' }, resource: patient('x') },
        { request: { method: 'POST', url: 'Observation' }, resource: observation },
      ],
    });
    const [created, referring] = answer.body.entry ?? [];
    assert.deepEqual(referring?.resource?.subject, { reference: `Patient/${created?.resource?.id ?? ''}` });
  });

  it('refuse to write one resource twice', async () => {
    const body = bundle('transaction', ['PUT', 'Patient/p1', patient('p1')], ['DELETE', 'Patient/p1']);
    const text = "Bundle contains multiple entries that refers to the same resource 'Patient/p1'.";
    assertOutcome(await send(ahds(), body), 400, 'invalid', text);
  });
});
