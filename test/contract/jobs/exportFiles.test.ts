import assert from 'node:assert/strict';
import { linesOf, manifestOf, settled, startExport } from './exportCalls.ts';
import { Bench, tombstone, version } from './fixture.ts';

/** Patients p0, p1, … a second apart, and as many observations. */
function fill(bench: Bench, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const when = `2024-01-01T00:00:${String(index).padStart(2, '0')}Z`;
    bench.put(version(`p${index}`, 1, when), version(`o${index}`, 1, when, { resourceType: 'Observation' }));
  }
}

async function shapeOf(bench: Bench, query: string): Promise<readonly string[]> {
  const { output } = await manifestOf(bench, await startExport(bench, `?_container=${bench.container}${query}`));
  // The order inside a type is not defined.
  return output.map(({ type, url, count }) => `${type} ${/-(\d+-\d+)\.ndjson$/.exec(url)?.[1] ?? ''} ×${count}`).sort();
}

describe('$export, files', () => {
  it('go to {time}-{jobId}/{Type}-{workerId}-{seq}.ndjson in the container, which is created', async () => {
    const bench = await Bench.open();
    bench.clock.advance(3_723_456);
    fill(bench, 1);
    await manifestOf(bench, await startExport(bench, `?_container=${bench.container}`));
    assert.deepEqual(await bench.account.list(bench.container), [
      '20260504T110203-1/Observation-2-1.ndjson',
      '20260504T110203-1/Patient-3-1.ndjson',
    ]);
  });

  it('go to a container export-{jobId} of their own without _container', async () => {
    const bench = await Bench.open();
    await bench.account.deleteContainer('export-1');
    fill(bench, 1);
    await manifestOf(bench, await startExport(bench));
    assert.deepEqual(await bench.account.list('export-1'), ['Observation-2-1.ndjson', 'Patient-3-1.ndjson']);
  });

  it('go to the export account of the service', async () => {
    const bench = await Bench.open({ exportAccount: 'other' });
    fill(bench, 1);
    const { output } = await manifestOf(bench, await startExport(bench, `?_container=${bench.container}`));
    assert.ok(output.every(({ url }) => new URL(url).pathname.startsWith('/other/')));
  });

  it('hold LF-terminated UTF-8 lines without a byte order mark, with version and date in meta', async () => {
    const bench = await Bench.open();
    bench.put(version('p1', 3, '2024-01-01T00:00:00.120Z', { name: [{ family: 'Żółć' }] }));
    const { output } = await manifestOf(bench, await startExport(bench));
    assert.deepEqual(await linesOf(bench, output[0]?.url ?? ''), [
      '{"resourceType":"Patient","id":"p1","meta":{"versionId":"3","lastUpdated":"2024-01-01T00:00:00.12+00:00"},"active":true,"name":[{"family":"Żółć"}]}',
    ]);
  });

  it('are ranges of _maxCount rows per type on the parallel path of AHDS, Observation first', async () => {
    const bench = await Bench.open();
    fill(bench, 5);
    assert.deepEqual(await shapeOf(bench, '&_maxCount=2'), [
      'Observation 2-1 ×2',
      'Observation 3-1 ×2',
      'Observation 4-1 ×1',
      'Patient 5-1 ×2',
      'Patient 6-1 ×2',
      'Patient 7-1 ×1',
    ]);
  });

  it('count historical rows towards a range before these are left out', async () => {
    const bench = await Bench.open();
    bench.put(version('p1', 1, '2024-01-01'), version('p1', 2, '2024-01-02'), version('p2', 1, '2024-01-03'));
    assert.deepEqual(await shapeOf(bench, '&_maxCount=2'), ['Patient 2-1 ×1', 'Patient 3-1 ×1']);
  });

  for (const [name, flavour, query] of [
    ['gen1 by default', 'azureApiForFhir', ''],
    ['AHDS with _isParallel=false', 'ahds', '&_isParallel=false'],
  ] as const) {
    it(`are one per type and page on ${name}, each page with a worker of its own`, async () => {
      const bench = await Bench.open({ flavour });
      fill(bench, 5);
      assert.deepEqual(await shapeOf(bench, `&_maxCount=4${query}`), [
        'Observation 2-1 ×4',
        'Observation 3-1 ×1',
        'Patient 3-1 ×3',
        'Patient 4-1 ×2',
      ]);
    });
  }

  it('are one per worker, type and partition on gen1 with _isParallel=true', async () => {
    const bench = await Bench.open({ flavour: 'azureApiForFhir' });
    fill(bench, 9);
    const { output } = await manifestOf(bench, await startExport(bench, '?_isParallel=true&_maxCount=3'));
    const lines = await Promise.all(output.map(({ url }) => linesOf(bench, url)));
    assert.equal(new Set(lines.flat()).size, 18);
    assert.equal(lines.flat().length, 18);
    assert.ok(output.every(({ count }) => count <= 3));
    assert.equal(new Set(output.map(({ url }) => /-(\d+)-\d+\.ndjson$/.exec(url)?.[1])).size, output.length);
  });

  it('of types that were not asked for are not written', async () => {
    const bench = await Bench.open();
    fill(bench, 2);
    assert.deepEqual(await shapeOf(bench, '&_type=Patient,Basic'), ['Patient 2-1 ×2']);
  });

  it('hold stored SearchParameters as an ordinary type', async () => {
    const bench = await Bench.open();
    bench.put(version('sp', 1, '2024-01-01', { resourceType: 'SearchParameter' }));
    assert.deepEqual(await shapeOf(bench, ''), ['SearchParameter 2-1 ×1']);
  });

  it('of deletions are bundles, beside the output, where a service follows FHIR Bulk Data Access', async () => {
    const bench = await Bench.open({ deletedBundles: true });
    bench.put(version('p1', 1, '2024-01-01'), tombstone('p2', 2, '2024-01-02'));
    const { output, deleted } = await manifestOf(bench, await startExport(bench, '?includeAssociatedData=_deleted'));
    assert.deepEqual(
      output.map(({ type, count }) => [type, count]),
      [['Patient', 1]],
    );
    assert.deepEqual(
      deleted?.map(({ type, count }) => [type, count]),
      [['Bundle', 1]],
    );
    assert.deepEqual(await linesOf(bench, deleted[0]?.url ?? ''), [
      '{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/p2"}}]}',
    ]);
  });

  it('that a failed export wrote stay in storage and are listed nowhere', async () => {
    const bench = await Bench.open();
    fill(bench, 3);
    bench.addFault({ kind: 'fail', status: 500, reason: 'Unknown Error.' }, 'export');
    const answer = await settled(bench, await startExport(bench, `?_container=${bench.container}&_maxCount=1`));
    assert.equal(answer.status, 500);
    assert.ok((await bench.account.list(bench.container)).length > 0);
  });

  it('larger than a block are written in several and read whole', async () => {
    const bench = await Bench.open();
    const note = 'x'.repeat(1_000_000);
    for (let index = 0; index < 9; index += 1) bench.put(version(`p${index}`, 1, '2024-01-01', { note }));
    const { output } = await manifestOf(bench, await startExport(bench));
    const lines = await linesOf(bench, output[0]?.url ?? '');
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as { note: string }).note.length),
      Array.from({ length: 9 }, () => 1_000_000),
    );
  });
});
