import assert from 'node:assert/strict';
import { assertOutcome, base, idsOf, issuesIn, linkOf, patient, TestService } from './fixture.ts';

/** Three patients and two observations, a second apart from 12:00:00.5 on; p3 is deleted in the end. */
async function withFive(flavour: 'ahds' | 'azureApiForFhir' = 'ahds'): Promise<TestService> {
  const service = new TestService({ flavour });
  await service.have(patient('p1', { birthDate: '1970-05-01', name: [{ family: 'Ab' }] }));
  await service.have(patient('p2', { birthDate: '1960-01-01', name: [{ family: 'Cd' }] }));
  await service.have(patient('p3'));
  await service.have({ resourceType: 'Observation', id: 'o1', status: 'final' });
  await service.have({ resourceType: 'Observation', id: 'o2', status: 'amended' });
  await service.delete('/Patient/p3');
  return service;
}

describe('counts', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['/?_summary=count', 4],
    ['/Patient?_summary=count', 2],
    ['/Patient?_count=0', 2],
    ['/?_type=Patient&_summary=count', 2],
    ['/?_type=Patient,Observation&_summary=count', 4],
    ['/?_summary=count&_lastUpdated=ge2026-05-04T12:00:01.5Z&_lastUpdated=lt2026-05-04T12:00:04.5Z', 2],
    ['/Encounter?_summary=count', 0],
    ['/Patient?_id=p1,p3&_summary=count', 1],
  ];
  for (const [address, total] of cases) {
    it(`GET ${address} is ${total}`, async () => {
      const { status, body } = await (await withFive()).get(address);
      assert.deepEqual([status, body.type, body.total, body.entry], [200, 'searchset', total, undefined]);
    });
  }

  it('name the search in the self link', async () => {
    const answer = await (await withFive()).get('/?_summary=count&_lastUpdated=ge2020-01-01');
    assert.equal(linkOf(answer, 'self'), `${base}/?_summary=count&_lastUpdated=ge2020-01-01`);
  });
});

describe('_lastUpdated', () => {
  // p1 12:00:00.5, p2 12:00:01.5; o1 12:00:03.5, o2 12:00:04.5
  const cases: readonly (readonly [string, string])[] = [
    ['ge2026-05-04T12:00:01.5Z', 'p2 o1 o2'],
    ['gt2026-05-04T12:00:01.500Z', 'o1 o2'],
    ['lt2026-05-04T12:00:01.500Z', 'p1'],
    ['le2026-05-04T12:00:01.500Z', 'p1 p2'],
    ['eq2026-05-04T12:00:01.500Z', 'p2'],
    ['2026-05-04T12:00:01Z', 'p2'],
    ['ne2026-05-04T12:00:01Z', 'p1 o1 o2'],
    ['sa2026-05-04T12:00:01Z', 'o1 o2'],
    ['eb2026-05-04T12:00:01.500Z', 'p1'],
    ['ap2026-05-04', 'p1 p2 o1 o2'],
    ['gt2026-05-04T12:00Z', ''],
    ['lt2026', ''],
    ['ge2026-05-04T14:00:01.5%2B02:00', 'p2 o1 o2'],
  ];
  for (const [value, ids] of cases) {
    it(value, async () => {
      const answer = await (await withFive()).get(`/?_sort=_lastUpdated&_lastUpdated=${value}`);
      assert.equal(idsOf(answer).join(' '), ids);
    });
  }

  it('is refused when it cannot be read', async () => {
    for (const value of ['yesterday', 'ge', 'ge2026-13-01', '2026-05-04T12:00:00+02:00']) {
      assert.equal((await (await withFive()).get(`/?_lastUpdated=${value}`)).status, 400, value);
    }
  });
});

describe('search results', () => {
  it('hold current, undeleted resources only, each with its address', async () => {
    const service = await withFive();
    await service.have(patient('p1', { active: true }));
    const { body } = await service.get('/Patient?_id=p1');
    assert.deepEqual(body.entry, [
      {
        fullUrl: `${base}/Patient/p1`,
        resource: {
          resourceType: 'Patient',
          id: 'p1',
          meta: { versionId: '2', lastUpdated: '2026-05-04T12:00:05.5+00:00' },
          active: true,
        },
        search: { mode: 'match' },
      },
    ]);
    assert.equal(body.total, undefined);
  });

  it('come ten at a time, or as asked for, at most 1000', async () => {
    const service = new TestService({ flavour: 'ahds' });
    for (let number = 0; number < 1_005; number += 1)
      await service.put(`/Basic/b${number}`, { resourceType: 'Basic', id: `b${number}` });
    assert.equal(idsOf(await service.get('/Basic')).length, 10);
    assert.equal(idsOf(await service.get('/Basic?_count=25')).length, 25);
    const capped = await service.get('/Basic?_count=1500');
    assert.equal(idsOf(capped).length, 1_000);
    const [issue] = issuesIn(capped);
    assert.deepEqual([issue?.severity, issue?.code], ['information', 'informational']);
    assert.equal(
      issue?.diagnostics,
      "The '_count' parameter exceeds limit configured for server. Current limit is 1000 while `_count` parameter set to 1500.",
    );
    assert.equal(idsOf(...(await service.pages('/Basic?_count=1000'))).length, 1_005);
  });

  it('are totalled on demand, on the first page only', async () => {
    const service = await withFive();
    const [first, second] = await service.pages('/?_total=accurate&_count=3');
    assert.equal(first?.body.total, 4);
    assert.equal(second?.body.total, undefined);
    const next = linkOf(first, 'next');
    assert.match(next ?? '', /ct=/);
    assert.doesNotMatch(next ?? '', /_total/);
    assert.equal((await service.get('/?_total=none')).body.total, undefined);
    assert.equal((await service.get('/?_total=estimate')).status, 403);
    assert.equal((await service.get('/?_total=roughly')).status, 400);
  });

  it('can be cut to elements', async () => {
    const service = await withFive();
    const resource = (await service.get('/Patient?_id=p1&_elements=id,meta')).body.entry?.[0]?.resource;
    assert.deepEqual(Object.keys(resource ?? {}), ['resourceType', 'id', 'meta']);
    assert.equal(resource?.meta?.versionId, '1');
    assert.equal(resource.meta.tag?.length, 1, 'marked as cut');
    const named = (await service.get('/Patient?_id=p1&_elements=name')).body.entry?.[0]?.resource;
    assert.deepEqual(Object.keys(named ?? {}), ['resourceType', 'id', 'meta', 'name']);
    for (const summary of ['true', 'count', 'text', 'data']) {
      assert.equal((await service.get(`/Patient?_elements=id&_summary=${summary}`)).status, 400);
    }
    assert.equal((await service.get('/Patient?_elements=id&_summary=false')).status, 200);
    assert.equal((await service.get('/Patient?_elements=')).status, 400);
    assert.equal((await service.get('/Patient?_summary=nonsense')).status, 400);
  });

  it('keep tags of their own beside the mark of a cut one', async () => {
    const service = new TestService({ flavour: 'ahds' });
    await service.have(patient('p1', { meta: { tag: [{ code: 'own' }] } }));
    const resource = (await service.get('/Patient?_elements=id,meta')).body.entry?.[0]?.resource;
    assert.deepEqual(resource?.meta?.tag?.[0], { code: 'own' });
    assert.equal(resource.meta.tag.length, 2);
  });

  it('can be asked for by POST', async () => {
    const service = await withFive();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    assert.deepEqual(idsOf(await service.post('/Patient/_search', '_id=p2', { headers })), ['p2']);
    assert.deepEqual(idsOf(await service.post('/_search?_type=Patient', '_id=p2', { headers })), ['p2']);
    assert.equal((await service.post('/Patient/_search', {})).status, 400);
  });
});

describe('parameters that a service does not know', () => {
  const text = "The search parameter 'nonsense' is not supported for resource type 'Patient'.";

  it('are ignored with a warning and left out of the self link', async () => {
    const answer = await (await withFive()).get('/Patient?nonsense=1&_count=5');
    assert.equal(answer.status, 200);
    assert.deepEqual(idsOf(answer), ['p1', 'p2']);
    assert.deepEqual(issuesIn(answer), [{ severity: 'warning', code: 'not-supported', diagnostics: text }]);
    assert.equal(linkOf(answer, 'self'), `${base}/Patient?_count=5`);
  });

  it('are refused under strict handling', async () => {
    const service = await withFive();
    const headers = { prefer: 'handling=strict' };
    assertOutcome(await service.get('/Patient?nonsense=1', { headers }), 400, 'invalid', text);
    assert.equal((await service.get('/Patient?_id=p1', { headers })).status, 200);
    assert.equal((await service.get('/Patient?nonsense=1', { headers: { prefer: 'handling=lenient' } })).status, 200);
  });

  it('may be empty values and parameters of one type only', async () => {
    const service = await withFive();
    const headers = { prefer: 'handling=strict' };
    assert.equal((await service.get('/Patient?name=', { headers })).status, 400);
    const system = await service.get('/?birthdate=1970', { headers });
    const ofAll = "The search parameter 'birthdate' is not supported for resource type 'DomainResource'.";
    assertOutcome(system, 400, 'invalid', ofAll);
  });

  it('are modifiers too', async () => {
    const answer = await (await withFive()).get('/Patient?name:sounds=x');
    assertOutcome(answer, 403, 'invalid', "Modifier 'sounds' is not supported for search parameter 'name'.");
  });
});

describe('_type', () => {
  it('drops unknown types with a warning', async () => {
    const answer = await (await withFive()).get('/?_type=Patient,Nonsense');
    assert.deepEqual(idsOf(answer), ['p1', 'p2']);
    assert.match(issuesIn(answer)[0]?.diagnostics ?? '', /unknown resource\(s\): 'Nonsense'/);
    assert.equal(linkOf(answer, 'self'), `${base}/?_type=Patient,Nonsense`);
  });

  it('finds nothing when every type is unknown, and must not be empty', async () => {
    const service = await withFive();
    assert.deepEqual(idsOf(await service.get('/?_type=Nonsense,patient')), []);
    assert.equal((await service.get('/?_type=')).status, 400);
  });

  it('allows parameters that the types share', async () => {
    const service = await withFive();
    assert.deepEqual(idsOf(await service.get('/?_type=Patient,Observation&_id=p1,o1')), ['o1', 'p1']);
    const answer = await service.get('/?_type=Encounter,Procedure&subject=Patient/123');
    assertOutcome(answer, 400, 'invalid', "Search parameter 'subject' is not common for 'Encounter' and 'Procedure'.");
  });
});

describe('_sort', () => {
  it('orders by date of change on both generations', async () => {
    for (const flavour of ['ahds', 'azureApiForFhir'] as const) {
      const service = await withFive(flavour);
      assert.deepEqual(idsOf(await service.get('/?_sort=_lastUpdated')), ['p1', 'p2', 'o1', 'o2']);
      assert.deepEqual(idsOf(await service.get('/?_sort=-_lastUpdated')), ['o2', 'o1', 'p2', 'p1']);
      assert.deepEqual(idsOf(await service.get('/?_sort=_lastUpdated&_count=1')), ['p1']);
    }
  });

  it('orders by dates and texts on gen2, by a few parameters on gen1', async () => {
    const service = await withFive();
    const gen1 = await withFive('azureApiForFhir');
    assert.deepEqual(idsOf(await service.get('/Patient?_sort=birthdate')), ['p2', 'p1']);
    assert.deepEqual(idsOf(await gen1.get('/Patient?_sort=birthdate')), ['p2', 'p1']);
    assert.deepEqual(idsOf(await service.get('/Patient?_sort=-family')), ['p2', 'p1']);
    const headers = { prefer: 'handling=strict' };
    assert.equal((await gen1.get('/Patient?_sort=family', { headers })).status, 400);
    assert.equal((await service.get('/Patient?_sort=gender', { headers })).status, 400);
    assert.equal((await service.get('/Patient?_sort=nonsense', { headers })).status, 400);
    assert.deepEqual(idsOf(...(await service.pages('/Patient?_sort=birthdate&_count=1'))), ['p2', 'p1']);
  });

  it('takes one key, or type and date on gen2', async () => {
    const headers = { prefer: 'handling=strict' };
    const gen1 = await withFive('azureApiForFhir');
    const multiple = 'Multiple sort parameters are currently not supported. Only a single sort parameter is supported.';
    assertOutcome(await gen1.get('/?_sort=_type,_lastUpdated', { headers }), 400, 'invalid', multiple);
    const service = await withFive();
    assert.deepEqual(idsOf(await service.get('/?_sort=_type,_lastUpdated', { headers })), ['o1', 'o2', 'p1', 'p2']);
  });
});
