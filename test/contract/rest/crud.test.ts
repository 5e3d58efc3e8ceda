import assert from 'node:assert/strict';
import { assertOutcome, base, patient, startOfTime, TestService } from './fixture.ts';

const ahds = (): TestService => new TestService({ flavour: 'ahds' });

describe('create, read, update', () => {
  it('creates under a new id whatever the body says', async () => {
    const service = ahds();
    const answer = await service.post('/Patient', patient('mine', { active: true }));
    assert.equal(answer.status, 201);
    const { id = '' } = answer.body;
    assert.notEqual(id, 'mine');
    assert.equal(answer.headers.Location, `${base}/Patient/${id}/_history/1`);
    assert.equal(answer.headers.ETag, 'W/"1"');
    assert.equal(answer.headers['Last-Modified'], new Date(startOfTime).toUTCString());
    assert.deepEqual(answer.body.meta, { versionId: '1', lastUpdated: '2026-05-04T12:00:00.5+00:00' });
    assert.deepEqual((await service.get(`/Patient/${id}`)).body, answer.body);
  });

  it('creates by update under the given id, then counts versions up', async () => {
    const service = ahds();
    const created = await service.put('/Patient/p1', patient('p1'));
    assert.equal(created.status, 201);
    assert.equal(created.headers.Location, `${base}/Patient/p1/_history/1`);
    service.clock.advance(60_000);
    const updated = await service.put('/Patient/p1', patient('p1', { active: true }));
    assert.equal(updated.status, 200);
    assert.equal(updated.headers.ETag, 'W/"2"');
    assert.equal(updated.body.meta?.lastUpdated, '2026-05-04T12:01:00.5+00:00');
    assert.equal((await service.get('/Patient/p1')).body.active, true);
  });

  it('makes no new version for the same content', async () => {
    const service = ahds();
    await service.have(patient('p1', { active: true }));
    const again = await service.put('/Patient/p1', patient('p1', { active: true }));
    assert.equal(again.status, 200);
    assert.equal(again.headers.ETag, 'W/"1"');
    assert.equal(service.service.store.size.versions, 1);
  });

  it('keeps versions of one resource apart in time even when the clock stands', async () => {
    const service = ahds();
    for (const active of [true, false, true]) await service.put('/Patient/p1', patient('p1', { active }));
    const times = service.service.store.versions('Patient', 'p1').map(({ lastUpdated }) => lastUpdated);
    assert.deepEqual(times, [startOfTime, startOfTime + 1, startOfTime + 2]);
  });

  it('reads a version by its number', async () => {
    const service = ahds();
    await service.have(patient('p1', { active: false }));
    await service.have(patient('p1', { active: true }));
    const first = await service.get('/Patient/p1/_history/1');
    assert.equal(first.status, 200);
    assert.equal(first.body.active, false);
    assert.equal(first.headers.ETag, 'W/"1"');
    assertOutcome(
      await service.get('/Patient/p1/_history/9'),
      404,
      'not-found',
      "Resource type 'Patient' with id 'p1' and version '9' couldn't be found.",
    );
  });

  it('answers 404 for what never was', async () => {
    const text = "Resource type 'Patient' with id 'none' couldn't be found.";
    assertOutcome(await ahds().get('/Patient/none'), 404, 'not-found', text);
  });

  it('honours If-Match', async () => {
    const service = ahds();
    await service.have(patient('p1'));
    const update = (ifMatch: string, id = 'p1'): ReturnType<TestService['put']> =>
      service.put(`/Patient/${id}`, patient(id, { active: true }), { headers: { 'if-match': ifMatch } });
    assertOutcome(await update('W/"7"'), 412, 'required', "The supplied version '7' did not match.");
    assert.equal((await update('1')).status, 400);
    assert.equal((await update('W/"1"', 'none')).status, 404);
    assert.equal((await update('W/"1"')).headers.ETag, 'W/"2"');
  });

  it('keeps numbers and text exactly', async () => {
    const service = ahds();
    const text =
      '{"resourceType":"Observation","id":"o1","valueQuantity":{"value":0.10,"code":"1e3"},"component":[{"valueQuantity":{"value":12345678901234567.890}},{"valueQuantity":{"value":1.5E2}}],"note":[{"text":"\\u2028 😀 0.10"}]}';
    const headers = { 'content-type': 'application/fhir+json' };
    await service.put('/Observation/o1', text, { headers });
    const stored = (await service.get('/Observation/o1')).text;
    for (const number of ['"value":0.10', '"value":12345678901234567.890', '"value":1.5E2', '😀 0.10']) {
      assert.ok(stored.includes(number), stored);
    }
  });

  it('keeps profiles and tags in meta, and takes version and date from nobody', async () => {
    const service = ahds();
    const meta = { versionId: '99', lastUpdated: '1999-01-01T00:00:00Z', tag: [{ code: 't' }], profile: ['http://p'] };
    const { body } = await service.put('/Patient/p1', patient('p1', { meta }));
    assert.deepEqual(body.meta, {
      versionId: '1',
      lastUpdated: '2026-05-04T12:00:00.5+00:00',
      tag: [{ code: 't' }],
      profile: ['http://p'],
    });
  });
});

describe('refused writes', () => {
  const refusals: readonly (readonly [string, string, unknown, number, string])[] = [
    ['PUT', '/Patient/p1', patient('p2'), 400, 'Id in the URL must match id in the resource.'],
    ['PUT', '/Patient/p1', { resourceType: 'Patient' }, 400, 'Id must be specified in the resource.'],
    [
      'PUT',
      '/Patient/p1',
      { resourceType: 'Observation', id: 'p1' },
      400,
      'Resource type in the URL must match resourceType in the resource.',
    ],
    ['PUT', '/AuditEvent/a1', { resourceType: 'AuditEvent', id: 'a1' }, 405, 'The requested action is not allowed.'],
    ['DELETE', '/AuditEvent/a1', undefined, 405, 'The requested action is not allowed.'],
  ];
  for (const [method, address, body, status, diagnostics] of refusals) {
    it(`${method} ${address}: ${diagnostics}`, async () => {
      const answer = await ahds().send(method, address, { body });
      assert.equal(answer.status, status);
      assert.equal(answer.body.issue?.[0]?.diagnostics, diagnostics);
    });
  }

  it('answers 400 for text that is not a resource', async () => {
    const headers = { 'content-type': 'application/fhir+json' };
    for (const body of ['', 'no json', '[]', '{}', '{"resourceType":5}']) {
      assert.equal((await ahds().post('/Patient', body, { headers })).status, 400, body);
    }
  });

  it('answers 400 for ids that no resource may have', async () => {
    for (const id of ['a_b', 'ü', 'x'.repeat(65)]) {
      assert.equal((await ahds().put(`/Patient/${encodeURIComponent(id)}`, patient(id))).status, 400, id);
    }
  });

  it('asks for JSON in both directions', async () => {
    const service = ahds();
    const xml = { 'content-type': 'application/fhir+xml' };
    assert.equal((await service.post('/Patient', '<Patient/>', { headers: xml })).status, 415);
    assert.equal((await service.post('/Patient', 'x')).status, 400);
    assert.equal((await service.get('/Patient', { headers: { accept: 'application/fhir+xml' } })).status, 406);
    assert.equal((await service.get('/Patient?_format=xml')).status, 406);
    assert.equal((await service.get('/Patient?_pretty=maybe')).status, 400);
    for (const accept of ['*/*', 'application/json', 'application/fhir+json;q=0.9, text/html']) {
      assert.equal((await service.get('/Patient', { headers: { accept } })).status, 200, accept);
    }
  });

  it('keeps documents of gen1 under 2 MB', async () => {
    const large = { resourceType: 'Binary', id: 'b1', data: 'A'.repeat(2_200_000) };
    const gen1 = await new TestService({ flavour: 'azureApiForFhir' }).put('/Binary/b1', large);
    assertOutcome(gen1, 413, 'invalid', "The requested resource exceeded the backing database's size limit.");
    assert.equal((await ahds().put('/Binary/b1', large)).status, 201);
  });
});

describe('conditional writes', () => {
  const identified = (value: string): Record<string, unknown> => ({ identifier: [{ system: 's', value }] });

  it('creates only when nothing matches If-None-Exist', async () => {
    const service = ahds();
    const headers = { 'if-none-exist': 'identifier=s|1' };
    const first = await service.post('/Patient', patient('x', identified('1')), { headers });
    const second = await service.post('/Patient', patient('x', identified('1')), { headers });
    assert.deepEqual([first.status, second.status], [201, 200]);
    assert.equal(second.body.id, first.body.id);
    await service.post('/Patient', patient('x', identified('1')));
    assert.equal((await service.post('/Patient', patient('x'), { headers })).status, 412);
  });

  it('updates the one match, creates without a match, refuses several', async () => {
    const service = ahds();
    await service.have(patient('p1', identified('1')));
    const matched = await service.put('/Patient?identifier=s|1', {
      resourceType: 'Patient',
      ...identified('1'),
      active: true,
    });
    assert.deepEqual([matched.status, matched.body.id, matched.headers.ETag], [200, 'p1', 'W/"2"']);
    const created = await service.put('/Patient?identifier=s|2', { resourceType: 'Patient', ...identified('2') });
    assert.equal(created.status, 201);
    await service.have(patient('p3', identified('1')));
    assertOutcome(
      await service.put('/Patient?identifier=s|1', { resourceType: 'Patient' }),
      412,
      'required',
      'Conditional operation on Patient was not attempted because search criteria was not selective enough.',
    );
  });
});
