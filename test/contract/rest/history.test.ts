import assert from 'node:assert/strict';
import { assertOutcome, base, linkOf, patient, TestService, type Answer, type Body } from './fixture.ts';

/** p1 in two versions, p2 deleted, o1: five versions a second apart from 12:00:00.5 on. */
async function withFiveVersions(flavour: 'ahds' | 'azureApiForFhir' = 'ahds'): Promise<TestService> {
  const service = new TestService({ flavour });
  await service.have(patient('p1'));
  await service.have(patient('p2'));
  await service.have(patient('p1', { active: true }));
  await service.have({ resourceType: 'Observation', id: 'o1' });
  await service.delete('/Patient/p2');
  return service;
}

function versionsIn(...answers: readonly Answer[]): readonly string[] {
  return answers.flatMap(({ body }) =>
    (body.entry ?? []).map(({ resource, response }) => `${resource?.id ?? ''}/${response?.etag ?? ''}`),
  );
}

describe('history', () => {
  it('lists versions of the service, a type and a resource, newest first', async () => {
    const service = await withFiveVersions();
    const all = ['p2/W/"2"', 'o1/W/"1"', 'p1/W/"2"', 'p2/W/"1"', 'p1/W/"1"'];
    assert.deepEqual(versionsIn(await service.get('/_history')), all);
    assert.deepEqual(
      versionsIn(await service.get('/Patient/_history')),
      all.filter((one) => !one.startsWith('o')),
    );
    assert.deepEqual(versionsIn(await service.get('/Patient/p1/_history')), ['p1/W/"2"', 'p1/W/"1"']);
    assert.deepEqual(versionsIn(await service.get('/_history?_sort=_lastUpdated')), all.toReversed());
  });

  it('tells how each version came', async () => {
    const service = await withFiveVersions();
    const { body } = await service.get('/Patient/p1/_history');
    assert.equal(body.type, 'history');
    assert.deepEqual(body.entry?.[0], {
      fullUrl: `${base}/Patient/p1/_history/2`,
      resource: {
        resourceType: 'Patient',
        id: 'p1',
        meta: { versionId: '2', lastUpdated: '2026-05-04T12:00:02.5+00:00' },
        active: true,
      },
      request: { method: 'PUT', url: 'Patient/p1' },
      response: { status: '200 OK', etag: 'W/"2"', lastModified: '2026-05-04T12:00:02.5+00:00' },
    });
    assert.equal(body.entry[1]?.response?.status, '201 Created');
    const deleted = (await service.get('/Patient/p2/_history')).body.entry?.[0];
    assert.deepEqual(deleted?.request, { method: 'DELETE', url: 'Patient/p2' });
    assert.equal(deleted.response?.status, '204 NoContent');
    const { id } = (await service.post('/Patient', patient('x'))).body;
    const created = (await service.get(`/Patient/${id ?? ''}/_history`)).body.entry?.[0];
    assert.deepEqual(
      [created?.request, created?.response?.status],
      [{ method: 'POST', url: 'Patient/' }, '201 Created'],
    );
  });

  it('may leave the version out of a tombstone', async () => {
    const gen1 = await withFiveVersions('azureApiForFhir');
    const entry = (await gen1.get('/Patient/p2/_history')).body.entry?.[0];
    assert.equal(entry?.resource?.meta?.versionId, undefined);
    assert.equal(entry?.response?.etag, 'W/"2"');
  });

  it('counts every version, tombstones included', async () => {
    const service = await withFiveVersions();
    for (const [address, total] of [
      ['/_history?_summary=count', 5],
      ['/_history?_count=0', 5],
      ['/Patient/_history?_summary=count', 4],
      ['/Patient/p2/_history?_summary=count', 2],
      ['/Patient/_history?_summary=count&_since=2026-05-04T12:00:01.5Z', 3],
    ] as const) {
      const { body } = await service.get(address);
      assert.deepEqual([body.total, body.entry], [total, undefined], address);
    }
  });

  it('takes _since as inclusive and _before as exclusive', async () => {
    const service = await withFiveVersions();
    const between = '/_history?_since=2026-05-04T12:00:01.5Z&_before=2026-05-04T12:00:02.5Z';
    assert.deepEqual(versionsIn(await service.get(between)), ['p2/W/"1"']);
  });

  it('does not read _type at system level', async () => {
    const service = await withFiveVersions();
    assert.equal((await service.get('/_history?_type=Observation&_summary=count')).body.total, 5);
  });

  it('refuses what it cannot do', async () => {
    const service = await withFiveVersions();
    const future = 'Parameter _before cannot a be a value in the future.';
    assertOutcome(await service.get('/_history?_before=2030-01-01'), 403, 'invalid', future);
    assert.equal((await service.get('/_history?_at=2020-01-01&_since=2020-01-01')).status, 403);
    assert.equal((await service.get('/_history?_at=2020-01-01&_before=2020-01-01')).status, 403);
    assert.equal((await service.get('/_history?_sort=name')).status, 403);
    assert.equal((await service.get('/_history?_since=yesterday')).status, 400);
    assert.equal((await service.get('/_history?_since=2026-05-04T12:00:00+00:00')).status, 400, 'a bare plus');
    assert.equal((await service.get('/_history?_count=x')).status, 400);
    const at = await service.get('/_history?_at=2020-01-01&_count=1');
    assert.equal(linkOf(at, 'self'), `${base}/_history?_count=1`);
  });

  it('is empty for a resource outside the interval, and 404 for one that never was', async () => {
    const service = await withFiveVersions();
    const empty = await service.get('/Patient/p1/_history?_since=2026-05-04T13:00:00Z');
    assert.deepEqual([empty.status, empty.body.entry], [200, undefined]);
    const text = "Resource type 'Patient' with id 'none' couldn't be found.";
    assertOutcome(await service.get('/Patient/none/_history'), 404, 'not-found', text);
  });

  for (const order of ['', '&_sort=_lastUpdated']) {
    it(`pages through everything once ${order}`, async () => {
      const service = await withFiveVersions();
      // Versions written at the same instant must neither be lost nor repeated at the edge of a page.
      for (let number = 0; number < 9; number += 1) {
        const resource: Body = { resourceType: number % 2 ? 'Basic' : 'Flag', id: `b${number}` };
        await service.put(`/${resource.resourceType ?? ''}/b${number}`, resource);
      }
      const whole = versionsIn(await service.get(`/_history?_count=100${order}`));
      assert.equal(whole.length, 14);
      for (const count of [1, 2, 3, 7, 13, 14]) {
        const pages = await service.pages(`/_history?_count=${count}${order}`);
        assert.deepEqual(versionsIn(...pages), whole);
      }
    });
  }

  it('refuses a continuation that it did not give', async () => {
    const text = 'The continuation token is invalid.';
    assertOutcome(await (await withFiveVersions()).get('/_history?ct=bm9uc2Vuc2U='), 400, 'invalid', text);
  });
});
