import assert from 'node:assert/strict';
import { assertOutcome, patient, TestService, type Answer } from './fixture.ts';

const ahds = (): TestService => new TestService({ flavour: 'ahds' });

describe('single deletes', () => {
  it('leave a tombstone that reads as 410 with its ETag and no issues', async () => {
    const service = ahds();
    await service.have(patient('p1'));
    const deleted = await service.delete('/Patient/p1');
    assert.deepEqual([deleted.status, deleted.headers.ETag, deleted.text], [204, 'W/"2"', '']);
    for (const address of ['/Patient/p1', '/Patient/p1/_history/2']) {
      const answer = await service.get(address);
      assert.deepEqual([answer.status, answer.headers.ETag], [410, 'W/"2"']);
      assert.equal(answer.body.resourceType, 'OperationOutcome');
      assert.equal(answer.body.issue, undefined);
    }
    assert.equal((await service.get('/Patient/p1/_history/1')).status, 200);
    assert.equal((await service.get('/Patient?_summary=count')).body.total, 0);
  });

  it('answer 204 for what is not there, or not any more', async () => {
    const service = ahds();
    assert.equal((await service.delete('/Patient/none')).status, 204);
    await service.have(patient('p1'));
    await service.delete('/Patient/p1');
    assert.equal((await service.delete('/Patient/p1')).status, 204);
    assert.equal(service.service.store.versions('Patient', 'p1').length, 2);
  });

  it('can be undone by an update, with the next version', async () => {
    const service = ahds();
    await service.have(patient('p1'));
    await service.delete('/Patient/p1');
    const revived = await service.put('/Patient/p1', patient('p1'));
    assert.equal(revived.headers.ETag, 'W/"3"');
    assert.equal((await service.get('/Patient/p1')).status, 200);
  });

  for (const name of ['hardDelete', '_hardDelete']) {
    it(`remove everything with ${name}`, async () => {
      const service = ahds();
      await service.have(patient('p1'));
      await service.have(patient('p1', { active: true }));
      assert.equal((await service.delete(`/Patient/p1?${name}=true`)).status, 204);
      assert.equal((await service.get('/Patient/p1')).status, 404);
      assert.equal((await service.get('/Patient/p1/_history')).status, 404);
      assert.equal((await service.put('/Patient/p1', patient('p1'))).headers.ETag, 'W/"1"');
    });
  }

  it('purge the history and keep the current version', async () => {
    const service = ahds();
    for (const active of [true, false]) await service.have(patient('p1', { active }));
    assert.equal((await service.delete('/Patient/p1/$purge-history')).status, 204);
    assert.equal((await service.get('/Patient/p1')).headers.ETag, 'W/"2"');
    assert.equal((await service.get('/Patient/p1/_history/1')).status, 404);
    assert.equal((await service.get('/Patient/_history?_summary=count')).body.total, 1);
  });
});

describe('conditional deletes', () => {
  const withThree = async (): Promise<TestService> => {
    const service = ahds();
    for (const id of ['p1', 'p2', 'p3']) await service.have(patient(id, { gender: 'female' }));
    return service;
  };
  const notSelective =
    'Conditional operation on Patient was not attempted because search criteria was not selective enough.';

  it('refuse to run without criteria or with several matches', async () => {
    const service = await withThree();
    assertOutcome(await service.delete('/Patient'), 412, 'required', notSelective);
    assertOutcome(await service.delete('/Patient?_count=5'), 412, 'required', notSelective);
    assertOutcome(await service.delete('/Patient?gender=female'), 412, 'required', notSelective);
    assert.equal((await service.delete('/Patient?nonsense=1')).status, 400);
    assert.equal((await service.get('/Patient?_summary=count')).body.total, 3);
  });

  it('delete the one match', async () => {
    const service = await withThree();
    assert.equal((await service.delete('/Patient?_id=p2')).status, 204);
    assert.equal((await service.get('/Patient/p2')).status, 410);
    assert.equal((await service.delete('/Patient?_id=none')).status, 204);
  });

  it('delete up to _count and say how many', async () => {
    const service = await withThree();
    const answer = await service.delete('/Patient?gender=female&_count=2&_hardDelete=true');
    assert.deepEqual([answer.status, answer.headers['Items-Deleted']], [204, '2']);
    assert.equal((await service.get('/Patient/_history?_summary=count')).body.total, 1);
    for (const count of ['0', '101', 'x']) {
      assert.equal((await service.delete(`/Patient?gender=female&_count=${count}`)).status, 400, count);
    }
  });
});

describe('$bulk-delete', () => {
  const headers = { prefer: 'respond-async' };
  const counts = ({ body }: Answer): unknown =>
    body.parameter
      ?.find(({ name }) => name === 'ResourceDeletedCount')
      ?.part?.map((part) => [part.name, part.valueInteger64]);
  const withSome = async (bulkDeleteTiming = {}): Promise<TestService> => {
    const service = new TestService({ flavour: 'ahds', bulkDeleteTiming });
    for (const id of ['p1', 'p2']) await service.have(patient(id, { gender: 'female' }));
    await service.have(patient('p3', { gender: 'male' }));
    await service.have({ resourceType: 'Observation', id: 'o1', status: 'final' });
    return service;
  };
  const started = async (service: TestService, address: string): Promise<string> => {
    const answer = await service.delete(address, { headers });
    assert.equal(answer.status, 202, answer.text);
    return answer.headers['Content-Location'] ?? '';
  };

  it('runs as a job that tells its progress, then what it deleted', async () => {
    const service = await withSome({ fixedMs: 60_000 });
    const job = await started(service, '/Patient/$bulk-delete?gender=female');
    const running = await service.get(job);
    assert.deepEqual([running.status, running.headers['X-Progress']], [202, 'in progress']);
    assert.equal(running.body.parameter?.[0]?.name, 'Issues');
    assert.equal((await service.get('/Patient?_summary=count')).body.total, 3);
    service.clock.advance(60_000);
    const done = await service.get(job);
    assert.equal(done.status, 200);
    assert.deepEqual(counts(done), [['Patient', 2]]);
    assert.equal((await service.get('/Patient?_summary=count')).body.total, 1);
    assert.equal((await service.get('/Patient/p1')).status, 410);
  });

  it('takes every type but the excluded, and removes for good on demand', async () => {
    const service = await withSome();
    const job = await started(service, '/$bulk-delete?_hardDelete=true&excludedResourceTypes=Observation');
    assert.deepEqual(counts(await service.get(job)), [['Patient', 3]]);
    assert.equal((await service.get('/Patient/p1')).status, 404);
    assert.equal((await service.get('/Observation/o1')).status, 200);
  });

  it('removes tombstones by their date alone', async () => {
    const service = await withSome();
    await service.delete('/Patient/p1');
    const refused = await service.delete('/$bulk-delete-soft-deleted?gender=female', { headers });
    assertOutcome(refused, 400, 'invalid', 'The "gender" parameter is not supported.');
    await started(service, '/$bulk-delete-soft-deleted?_lastUpdated=gt2020-01-01');
    assert.equal((await service.get('/Patient/p1')).status, 404);
    assert.equal((await service.get('/Patient/p2')).status, 200);
  });

  it('refuses bad parameters and a missing Prefer header', async () => {
    const service = await withSome();
    assert.equal((await service.delete('/Patient/$bulk-delete?nonsense=1', { headers })).status, 400);
    assertOutcome(await service.delete('/Patient/$bulk-delete'), 400, 'invalid', 'Missing required header; Prefer');
  });

  it('can be cancelled until it is done', async () => {
    const service = await withSome({ fixedMs: 60_000 });
    const job = await started(service, '/Patient/$bulk-delete');
    assert.equal((await service.delete(job)).status, 202);
    assert.equal((await service.get(job)).status, 200);
    service.clock.advance(60_000);
    assert.equal((await service.get('/Patient?_summary=count')).body.total, 3);
    const other = await started(service, '/Patient/$bulk-delete');
    service.clock.advance(60_000);
    const text = 'Bulk delete operation has already completed';
    assertOutcome(await service.delete(other), 409, 'processing', text);
    assertOutcome(
      await service.get('/_operations/bulk-delete/99'),
      404,
      'not-found',
      'The requested job "99" was not found.',
    );
  });
});
