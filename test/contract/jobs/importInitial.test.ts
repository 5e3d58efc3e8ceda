import assert from 'node:assert/strict';
import { Bench, version } from './fixture.ts';
import { imported, patient } from './importCalls.ts';

const initial = { mode: 'InitialLoad' };
const when = '2026-05-04T10:00:00.000Z';

describe('$import, initial load', () => {
  it('drops version and date: version 1, time of the import', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    const meta = { versionId: '7', lastUpdated: '2001-01-01T00:00:00Z' };
    assert.equal((await imported(bench, [patient('p', meta)], initial)).loaded, 1);
    assert.deepEqual(bench.stored('Patient', 'p'), [`1: ${when}`]);
  });

  it('keeps one line per id; the others are duplicates', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    const lines = ['2001', '2002'].map((year) => patient('p', { lastUpdated: `${year}-01-01T00:00:00Z` }));
    const { loaded, errors } = await imported(bench, lines, initial);
    assert.equal(loaded, 1);
    assert.deepEqual(errors, ['Failed to import duplicate resource, resource id: p, line: 2']);
  });

  it('takes an id that is in the database already for a duplicate', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    bench.put(version('p', 3, '2001-01-01'));
    const { loaded, errors } = await imported(bench, [patient('p')], initial);
    assert.equal(loaded, 0);
    assert.deepEqual(errors, ['Failed to import duplicate resource, resource id: p, line: 1']);
    assert.deepEqual(bench.stored('Patient', 'p'), ['3: 2001-01-01']);
  });

  it('refuses conditional references', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    const content = { generalPractitioner: [{ reference: 'Practitioner?identifier=1' }] };
    const { errors } = await imported(bench, [patient('p', {}, content)], initial);
    assert.deepEqual(errors, ['Conditional reference is not supported for $import in InitialLoad.']);
  });

  it('does not mind dates in the future', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    const meta = { lastUpdated: '2999-01-01T00:00:00Z' };
    assert.equal((await imported(bench, [patient('p', meta)], initial)).loaded, 1);
  });

  it('answers $import, its status and its cancelling with 423 to none, and everything else that writes with 423', async () => {
    const bench = await Bench.open({ initialImportMode: true });
    assert.equal((await imported(bench, [patient('p')], initial)).loaded, 1);
    assert.equal((await bench.call('DELETE', '/_operations/import/1')).status, 409);
    const refused = await bench.call('PUT', '/Patient/p', { body: patient('p') });
    assert.equal(refused.status, 423);
    assert.deepEqual(JSON.parse(refused.text), {
      severity: 'Error',
      code: 'Locked',
      diagnostics: 'Service is locked for initial import mode.',
    });
  });
});
