import assert from 'node:assert/strict';
import { JobFaults } from '../../sandbox/jobs/jobFaults.ts';
import { manifestOf, startExport } from './exportCalls.ts';
import { Bench, ticking, until, version } from './fixture.ts';
import { errorTexts, importManifest, patient, startImport, upload } from './importCalls.ts';

/** Ten patients and as many observations. */
function fill(bench: Bench): void {
  for (let index = 0; index < 10; index += 1) {
    bench.put(version(`p${index}`, 1, '2024-01-01'));
    bench.put(version(`o${index}`, 1, '2024-01-01', { resourceType: 'Observation' }));
  }
}

describe('server jobs, faults', () => {
  it('strike as many jobs as they are told to, after those that they let through', () => {
    const faults = new JobFaults();
    faults.add({ service: 'a', operation: 'export', skip: 1, count: 2, effect: { kind: 'stuck' } });
    const struck = Array.from({ length: 5 }, () => faults.take('a', 'export')?.kind);
    assert.deepEqual(struck, [undefined, 'stuck', 'stuck', undefined, undefined]);
  });

  it('strike the service and the operation that they are for, or any service', () => {
    const faults = new JobFaults();
    faults.add({ service: 'a', operation: 'export', count: 1, effect: { kind: 'stuck' } });
    faults.add({ service: '*', operation: 'import', count: 1, effect: { kind: 'forget' } });
    assert.equal(faults.take('b', 'export'), undefined);
    assert.equal(faults.take('a', 'reindex'), undefined);
    assert.equal(faults.take('b', 'import')?.kind, 'forget');
    assert.equal(faults.take('a', 'export')?.kind, 'stuck');
  });

  it('strike one at a time and can be cleared', () => {
    const faults = new JobFaults();
    for (const kind of ['stuck', 'forget', 'missingFile'] as const) {
      faults.add({ service: '*', operation: 'export', count: 1, effect: { kind } });
    }
    assert.deepEqual([faults.take('a', 'export')?.kind, faults.take('a', 'export')?.kind], ['stuck', 'forget']);
    faults.clear();
    assert.equal(faults.take('a', 'export'), undefined);
  });

  it('forget: the status of an export becomes 404 while its files are written', async () => {
    const bench = await Bench.open();
    fill(bench);
    bench.addFault({ kind: 'forget' }, 'export');
    const status = await startExport(bench, `?_container=${bench.container}`);
    await until(async () => ((await bench.call('GET', status)).status === 404 ? true : undefined), 'it is forgotten');
    await until(
      async () => ((await bench.account.list(bench.container)).length === 2 ? true : undefined),
      'its files are there',
    );
    assert.equal(bench.service.jobs()[0]?.state, 'forgotten');
    assert.deepEqual(bench.service.operations.active('export'), []);
    assert.equal((await bench.call('DELETE', status)).status, 404);
  });

  for (const operation of ['export', 'import'] as const) {
    it(`stuck: the ${operation} never ends, but can be cancelled`, async () => {
      const bench = await Bench.open();
      bench.addFault({ kind: 'stuck' }, operation);
      const status =
        operation === 'export'
          ? await startExport(bench)
          : await startImport(bench, [{ url: await upload(bench, [patient('p')]) }]);
      bench.clock.advance(365 * 86_400_000);
      assert.equal((await bench.call('GET', status)).status, 202);
      assert.equal((await bench.call('DELETE', status)).status, 202);
      assert.equal(bench.service.jobs()[0]?.state, 'cancelled');
    });
  }

  it('missingFile: one file is neither in the manifest nor in storage', async () => {
    const bench = await Bench.open();
    fill(bench);
    bench.addFault({ kind: 'missingFile' }, 'export');
    const { output } = await manifestOf(bench, await startExport(bench, `?_container=${bench.container}&_maxCount=5`));
    assert.equal(output.length, 3);
    assert.equal((await bench.account.list(bench.container)).length, 3);
  });

  it('duplicateFile: a file is in the manifest twice', async () => {
    const bench = await Bench.open();
    fill(bench);
    bench.addFault({ kind: 'duplicateFile' }, 'export');
    const { output } = await manifestOf(bench, await startExport(bench));
    assert.equal(output.length, 3);
    assert.deepEqual(output[0], output[1]);
  });

  it('foreignUrl: the manifest holds an address on another host', async () => {
    const bench = await Bench.open();
    fill(bench);
    const url = 'https://evil.example.org/c/Patient-1-1.ndjson';
    bench.addFault({ kind: 'foreignUrl', url }, 'export');
    const { output } = await manifestOf(bench, await startExport(bench));
    assert.equal(output.filter((entry) => entry.url === url).length, 1);
    assert.equal(output.length, 3);
  });

  it('refuseLines: every n-th line goes to the error file with the text', async () => {
    const bench = await Bench.open();
    bench.addFault({ kind: 'refuseLines', every: 3, text: 'Out of luck.' }, 'import');
    const lines = Array.from({ length: 10 }, (_, index) => patient(`p${index}`));
    const url = await upload(bench, lines);
    const { output, error } = await importManifest(bench, await startImport(bench, [{ url }]));
    assert.deepEqual([output[0]?.count, error[0]?.count], [7, 3]);
    assert.deepEqual(await errorTexts(bench, error[0]?.url ?? ''), ['Out of luck.', 'Out of luck.', 'Out of luck.']);
    assert.equal(bench.service.store.size.current, 7);
  });

  it('loseLines: every n-th line is neither loaded nor refused', async () => {
    const bench = await Bench.open();
    bench.addFault({ kind: 'loseLines', every: 4 }, 'import');
    const lines = Array.from({ length: 10 }, (_, index) => patient(`p${index}`));
    const url = await upload(bench, lines);
    const { output, error } = await importManifest(bench, await startImport(bench, [{ url }]));
    assert.deepEqual([output[0]?.count, error.length], [8, 0]);
    assert.equal(bench.service.store.size.current, 8);
  });

  it('fail: an export that runs for its time fails all the same', async () => {
    const bench = await Bench.open({ exportTiming: { pickUpMs: 1_000 } });
    bench.addFault(
      { kind: 'fail', status: 403, reason: 'Unable to get an access token for storage account.' },
      'export',
    );
    const status = await startExport(bench);
    assert.equal((await bench.call('GET', status)).status, 202);
    const answer = await ticking(bench, 1_000, () =>
      until(async () => {
        const now = await bench.call('GET', status);
        return now.status === 202 ? undefined : now;
      }, 'it ends'),
    );
    assert.equal(answer.status, 403);
  });
});
