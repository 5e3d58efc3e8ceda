import assert from 'node:assert/strict';
import { manifestOf, settled, startExport } from './exportCalls.ts';
import { Bench, diagnosticsOf, issueCodeOf, until, version } from './fixture.ts';

/** Waits until the work of the first job has ended. */
async function worked(bench: Bench): Promise<void> {
  await until(() => (bench.service.jobs()[0]?.state === 'completed' ? true : undefined), 'the job completes');
}

describe('$export, status', () => {
  it('is 202 without a body, Retry-After or X-Progress while the job is queued', async () => {
    const bench = await Bench.open({ exportTiming: { pickUpMs: 60_000 } });
    const answer = await bench.call('GET', await startExport(bench));
    assert.equal(answer.status, 202);
    assert.equal(answer.text, '');
    assert.ok(!('Retry-After' in answer.headers) && !('X-Progress' in answer.headers));
  });

  it('ends in a manifest of this shape', async () => {
    const bench = await Bench.open();
    bench.put(version('p1', 1, '2024-01-01'), version('o1', 1, '2024-01-01', { resourceType: 'Observation' }));
    const path = `?_isParallel=true&_container=${bench.container}`;
    const status = await startExport(bench, path);
    const answer = await settled(bench, status);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['Content-Type'], 'application/json');
    const folder = `${bench.account.endpoint}/${bench.container}/20260504T100000-1`;
    assert.deepEqual(JSON.parse(answer.text), {
      transactionTime: '2026-05-04T10:00:00.0000000+00:00',
      request: `${bench.base}/$export${path}`,
      requiresAccessToken: false,
      output: [
        { type: 'Observation', url: `${folder}/Observation-2-1.ndjson`, count: 1 },
        { type: 'Patient', url: `${folder}/Patient-3-1.ndjson`, count: 1 },
      ],
      error: [],
      issues: [],
    });
  });

  it('has an empty output when there is nothing to export', async () => {
    const bench = await Bench.open();
    assert.deepEqual((await manifestOf(bench, await startExport(bench))).output, []);
  });

  it('gives the time at which the job was created, not its end, as transactionTime', async () => {
    const bench = await Bench.open({ exportTiming: { pickUpMs: 60_000 } });
    const status = await startExport(bench);
    bench.clock.advance(60_000);
    assert.equal((await manifestOf(bench, status)).transactionTime, '2026-05-04T10:00:00.0000000+00:00');
  });

  it('is held back for the settle time after the last worker', async () => {
    const bench = await Bench.open({ exportTiming: { settleMs: 15_000 } });
    const status = await startExport(bench);
    await worked(bench);
    bench.clock.advance(14_999);
    assert.equal((await bench.call('GET', status)).status, 202);
    bench.clock.advance(1);
    assert.equal((await bench.call('GET', status)).status, 200);
  });

  it('is ordered by type name', async () => {
    const bench = await Bench.open();
    for (const resourceType of ['Patient', 'Account', 'Observation', 'Basic']) {
      bench.put(version('x', 1, '2024-01-01', { resourceType }));
    }
    const { output } = await manifestOf(bench, await startExport(bench));
    assert.deepEqual(
      output.map(({ type }) => type),
      ['Account', 'Basic', 'Observation', 'Patient'],
    );
  });

  for (const id of ['77', 'nonsense']) {
    it(`is 404 for the job ${id}, which never was, and so is its cancelling`, async () => {
      const bench = await Bench.open();
      for (const method of ['GET', 'DELETE']) {
        const answer = await bench.call(method, `/_operations/export/${id}`);
        assert.equal(answer.status, 404);
        assert.equal(issueCodeOf(answer), 'not-found');
        assert.equal(diagnosticsOf(answer), `The requested job "${id}" was not found.`);
      }
    });
  }

  it('tells the failure with its own status', async () => {
    const bench = await Bench.open();
    const reason =
      'Timespan in export request contains too much data to export in a single request. Please try reducing the time range and try again.';
    bench.addFault({ kind: 'fail', status: 413, reason }, 'export');
    const answer = await settled(bench, await startExport(bench));
    assert.equal(answer.status, 413);
    assert.equal(issueCodeOf(answer), 'processing');
    assert.equal(diagnosticsOf(answer), `export operation failed for reason: ${reason}`);
  });

  it('fails with 404 for a storage account that does not exist', async () => {
    const bench = await Bench.open({ exportAccount: 'nowhere' });
    const answer = await settled(bench, await startExport(bench));
    assert.equal(answer.status, 404);
    assert.equal(diagnosticsOf(answer), 'export operation failed for reason: The storage account not found.');
  });

  it('fails with the storage service’s own status for a container name that it refuses', async () => {
    const bench = await Bench.open();
    const answer = await settled(bench, await startExport(bench, '?_container=UPPER'));
    assert.equal(answer.status, 400);
    assert.match(diagnosticsOf(answer), /^export operation failed for reason: \S/);
  });

  it('forgets a gen1 job after 30 days, never one of AHDS', async () => {
    const gen1 = await Bench.open({ flavour: 'azureApiForFhir' });
    const ahds = await Bench.open();
    const paths = [await startExport(gen1), await startExport(ahds)] as const;
    await Promise.all([manifestOf(gen1, paths[0]), manifestOf(ahds, paths[1])]);
    for (const bench of [gen1, ahds]) bench.clock.advance(30 * 86_400_000);
    assert.equal((await gen1.call('GET', paths[0])).status, 200);
    for (const bench of [gen1, ahds]) bench.clock.advance(1);
    assert.equal((await gen1.call('GET', paths[0])).status, 404);
    assert.equal((await ahds.call('GET', paths[1])).status, 200);
  });
});

describe('$export, cancel', () => {
  it('is 202 without a body, then status and repetition are 404', async () => {
    const bench = await Bench.open({ exportTiming: { fixedMs: 60_000 } });
    const status = await startExport(bench);
    const cancelled = await bench.call('DELETE', status);
    assert.deepEqual([cancelled.status, cancelled.text], [202, '']);
    assert.equal((await bench.call('GET', status)).status, 404);
    assert.equal((await bench.call('DELETE', status)).status, 404);
    assert.equal(bench.service.jobs()[0]?.state, 'cancelled');
  });

  it('is accepted for a completed job, whose manifest is then gone while its files stay', async () => {
    const bench = await Bench.open();
    bench.put(version('p1', 1, '2024-01-01'));
    const status = await startExport(bench, `?_container=${bench.container}`);
    await manifestOf(bench, status);
    assert.equal((await bench.call('DELETE', status)).status, 202);
    assert.equal((await bench.call('GET', status)).status, 404);
    assert.equal((await bench.account.list(bench.container)).length, 1);
  });
});
