import assert from 'node:assert/strict';
import { exportHeaders } from './exportCalls.ts';
import { Bench, diagnosticsOf } from './fixture.ts';
import { importBody, imported, importHeaders, patient, startImport, upload } from './importCalls.ts';

const deleted = [{ url: 'http://azurehealthcareapis.com/data-extensions/deleted-state', valueString: 'soft-deleted' }];
const meta = (versionId: string, year: number): object => ({ versionId, lastUpdated: `${year}-01-01T00:00:00Z` });

describe('imported resources, through the REST interface', () => {
  it('are read with the version and the date that they came with', async () => {
    const bench = await Bench.open();
    await imported(bench, [patient('p', meta('7', 2001))]);
    const answer = await bench.call('GET', '/Patient/p');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.ETag, 'W/"7"');
    assert.deepEqual((JSON.parse(answer.text) as { meta: object }).meta, {
      versionId: '7',
      lastUpdated: '2001-01-01T00:00:00+00:00',
    });
  });

  it('are found by searches at once', async () => {
    const bench = await Bench.open();
    const people = ['1980-01-01', '2010-01-01'].map((birthDate, index) => patient(`p${index}`, {}, { birthDate }));
    await imported(bench, people);
    const answer = await bench.call('GET', '/Patient?birthdate=lt2000&_summary=count');
    assert.equal((JSON.parse(answer.text) as { total: number }).total, 1);
  });

  it('are gone with a tombstone as the highest version, and their history is kept', async () => {
    const bench = await Bench.open();
    const tombstone = { resourceType: 'Patient', id: 'p', meta: { ...meta('2', 2002), extension: deleted } };
    await imported(bench, [tombstone, patient('p', meta('1', 2001))]);
    assert.equal((await bench.call('GET', '/Patient/p')).status, 410);
    assert.equal((await bench.call('GET', '/Patient/p/_history/1')).status, 200);
    const history = await bench.call('GET', '/Patient/p/_history');
    const { entry } = JSON.parse(history.text) as { entry: { request: { method: string } }[] };
    assert.deepEqual(
      entry.map(({ request }) => request.method),
      ['DELETE', 'PUT'],
    );
  });

  it('are history only with negative versions', async () => {
    const bench = await Bench.open();
    await imported(bench, [patient('p', meta('4', 2001))]);
    await imported(bench, [patient('p', meta('-100', 2002))], { allowNegativeVersions: true });
    assert.equal((await bench.call('GET', '/Patient/p')).headers.ETag, 'W/"4"');
    assert.equal((await bench.call('GET', '/Patient/p/_history/-100')).status, 200);
  });
});

describe('roles', () => {
  const call = async (bench: Bench, method: string, path: string, role: string): Promise<number> => {
    const body = importBody([{ url: await upload(bench, [patient('p')]) }]);
    const headers = method === 'POST' ? importHeaders : exportHeaders;
    const answer = await bench.call(method, path, { headers, roles: [role], ...(method === 'POST' ? { body } : {}) });
    if (answer.status === 403) assert.equal(diagnosticsOf(answer), 'Authorization failed.');
    return answer.status;
  };

  for (const [role, exporting, importing] of [
    ['FHIR Data Contributor', 202, 202],
    ['FHIR Data Exporter', 202, 403],
    ['FHIR Data Importer', 403, 202],
    ['FHIR Data Reader', 403, 403],
    ['FHIR Data Writer', 403, 403],
  ] as const) {
    it(`${role}: export ${exporting}, import ${importing}, and no job where it is 403`, async () => {
      const bench = await Bench.open();
      assert.equal(await call(bench, 'GET', '/$export', role), exporting);
      assert.equal(await call(bench, 'POST', '/$import', role), importing);
      const allowed = [exporting, importing].filter((status) => status === 202);
      assert.equal(bench.service.jobs().length, allowed.length);
    });
  }

  it('hold for the status and the cancelling too', async () => {
    const bench = await Bench.open({ importTiming: { fixedMs: 1_000 } });
    const status = await startImport(bench, [{ url: await upload(bench, [patient('p')]) }]);
    for (const method of ['GET', 'DELETE']) {
      assert.equal((await bench.call(method, status, { roles: ['FHIR Data Reader'] })).status, 403);
    }
  });
});
