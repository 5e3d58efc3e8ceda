import assert from 'node:assert/strict';
import { setImmediate as pendingWork } from 'node:timers/promises';
import { Bench, diagnosticsOf, issueCodeOf, ticking, until } from './fixture.ts';
import { importManifest, type ImportManifest, patient, settledImport, startImport, upload } from './importCalls.ts';

const type = 'Patient';

describe('$import, status', () => {
  it('is 202 without a body while the files are not split yet', async () => {
    const bench = await Bench.open({ importTiming: { pickUpMs: 60_000 } });
    const status = await startImport(bench, [{ url: await upload(bench, [patient('p1')]) }]);
    const answer = await bench.call('GET', status);
    assert.deepEqual([answer.status, answer.text], [202, '']);
    assert.ok(!('Retry-After' in answer.headers));
  });

  it('is 202 with the manifest of the finished units while workers run', async () => {
    const bench = await Bench.open({ importTiming: { fixedMs: 1_000 } });
    const inputs = [
      { url: await upload(bench, [patient('p1')]), type },
      { url: await upload(bench, [patient('p2')]), type },
    ];
    const status = await startImport(bench, inputs);
    const loaded = (): boolean => bench.service.store.size.current === 2;
    await until(() => (loaded() ? true : undefined), 'both files are loaded');
    bench.clock.advance(500);
    const partial = await until(async () => {
      const answer = await bench.call('GET', status);
      const manifest = answer.text === '' ? undefined : (JSON.parse(answer.text) as ImportManifest);
      return answer.status === 202 && manifest?.output.length === 1 ? manifest : undefined;
    }, 'one of two units is reported');
    assert.deepEqual(
      partial.output.map(({ count }) => count),
      [1],
    );
    bench.clock.advance(500);
    assert.equal((await importManifest(bench, status)).output.length, 2);
  });

  it('ends in a manifest of this shape', async () => {
    const bench = await Bench.open();
    const good = await upload(bench, [patient('p1'), patient('p2')]);
    const bad = await upload(bench, [patient('p3'), patient('bad/id')]);
    const status = await startImport(bench, [
      { url: good, type },
      { url: bad, type },
    ]);
    const answer = await settledImport(bench, status);
    assert.equal(answer.headers['Content-Type'], 'application/json');
    const { error, output, ...rest } = JSON.parse(answer.text) as ImportManifest;
    assert.deepEqual(rest, {
      transactionTime: '2026-05-04T10:00:00.0000000+00:00',
      request: `${bench.base}/$import`,
    });
    assert.deepEqual(
      new Set(output),
      new Set([
        { type, count: 2, inputUrl: good },
        { type, count: 1, inputUrl: bad },
      ]),
    );
    assert.equal(error.length, 1);
    assert.deepEqual({ ...error[0], url: undefined }, { type, count: 1, inputUrl: bad, url: undefined });
    assert.match(error[0]?.url ?? '', /\/staging\/fhirlogs\/Patient1_[23]\.ndjson$/);
  });

  it('gives null as the type of an input without one', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('p1')]);
    const { output } = await importManifest(bench, await startImport(bench, [{ url }]));
    assert.deepEqual(output, [{ type: null, count: 1, inputUrl: url }]);
  });

  it('lists work units with _details and files without', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('p1')]);
    const status = await startImport(bench, [{ url }], { processingUnitBytesToRead: 10 });
    const { output } = await importManifest(bench, status);
    assert.deepEqual(output, [{ type: null, count: 1, inputUrl: url }]);
    const detailed = await bench.call('GET', `${status}?_details=true`);
    const units = (JSON.parse(detailed.text) as ImportManifest).output;
    assert.equal(units.length, Math.ceil(`${JSON.stringify(patient('p1'))}\n`.length / 10));
    assert.equal(
      units.reduce((sum, { count }) => sum + count, 0),
      1,
    );
  });

  it('is one unit for a file below the default of 10,000,000 bytes, and with 0', async () => {
    const bench = await Bench.open();
    for (const settings of [{}, { processingUnitBytesToRead: 0 }]) {
      const url = await upload(bench, [patient('p1')]);
      const status = await startImport(bench, [{ url }], settings);
      await importManifest(bench, status);
      const detailed = await bench.call('GET', `${status}?_details=true`);
      assert.equal((JSON.parse(detailed.text) as ImportManifest).output.length, 1);
    }
  });

  it('lists an error entry per work unit with failures', async () => {
    const bench = await Bench.open();
    const url = await upload(
      bench,
      Array.from({ length: 4 }, (_, index) => patient(`bad id ${index}`)),
    );
    const status = await startImport(bench, [{ url, type }], { processingUnitBytesToRead: 100 });
    const { error, output } = await importManifest(bench, status);
    assert.ok(error.length > 1);
    assert.equal(
      error.reduce((sum, { count }) => sum + count, 0),
      4,
    );
    assert.equal(new Set(error.map((entry) => entry.url)).size, error.length);
    assert.deepEqual(output, [{ type, count: 0, inputUrl: url }]);
  });

  it('is held back by ten times the query behind it, and by 60 s once that took over 6 s', async () => {
    for (const [queryMs, heldMs] of [
      [500, 5_000],
      [6_000, 60_000],
      [6_001, 60_000],
    ] as const) {
      const bench = await Bench.open();
      const status = await startImport(bench, [{ url: await upload(bench, [patient('p1')]) }]);
      await importManifest(bench, status);
      bench.service.configure({ importStatusQueryMs: queryMs });
      let answered = false;
      const answer = bench.call('GET', status).then((value) => {
        answered = true;
        return value;
      });
      await pendingWork();
      bench.clock.advance(heldMs - 1);
      await pendingWork();
      assert.equal(answered, false);
      bench.clock.advance(1);
      assert.equal((await answer).status, 200);
    }
  });

  it('is 404 for a job that never was', async () => {
    const bench = await Bench.open();
    for (const method of ['GET', 'DELETE']) {
      const answer = await bench.call(method, '/_operations/import/77');
      assert.equal(answer.status, 404);
      assert.equal(issueCodeOf(answer), 'not-found');
      assert.equal(diagnosticsOf(answer), 'The requested import job "77" was not found.');
    }
  });
});

describe('$import, failures of the whole job', () => {
  it('400 for an ETag that does not match, and none for one that does', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('p1')]);
    const failed = await settledImport(bench, await startImport(bench, [{ url, etag: '"0x0"' }]));
    assert.equal(failed.status, 400);
    assert.equal(issueCodeOf(failed), 'processing');
    assert.equal(diagnosticsOf(failed), `import operation failed for reason: Input file Etag not match. ${url}`);
    const place = bench.account.locate(url);
    assert.ok(place);
    const { etag } = await bench.account.properties(place.container, place.blob);
    // The text is the one without the quotes of the header.
    const bare = etag.replaceAll('"', '');
    const matching = await settledImport(bench, await startImport(bench, [{ url, etag: bare }]));
    assert.equal(matching.status, 200, matching.text);
    assert.equal((await settledImport(bench, await startImport(bench, [{ url, etag }]))).status, 400);
  });

  it('the storage service’s 404 for a file that is missing, with nothing loaded', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('p1')]);
    const failed = await settledImport(bench, await startImport(bench, [{ url }, { url: `${url}x` }]));
    assert.equal(failed.status, 404);
    assert.equal(diagnosticsOf(failed), 'import operation failed for reason: The specified blob does not exist.');
    assert.equal(bench.service.store.size.current, 0);
  });

  it('the storage service’s 404 for a container that is missing', async () => {
    const bench = await Bench.open();
    const url = `${bench.account.endpoint}/no-such-container/a.ndjson`;
    const failed = await settledImport(bench, await startImport(bench, [{ url }]));
    assert.equal(failed.status, 404);
    assert.equal(diagnosticsOf(failed), 'import operation failed for reason: The specified container does not exist.');
  });

  it('400 for a file that goes away after the split', async () => {
    const bench = await Bench.open({ importTiming: { resourcesPerSecond: 1 } });
    const gone = await upload(bench, [patient('p1')]);
    const lines = Array.from({ length: 60 }, (_, index) => patient(`q${index}`));
    // The units of the other file fill all workers, which wait for their throughput.
    const inputs = [{ url: await upload(bench, lines) }, { url: gone }];
    const status = await startImport(bench, inputs, { processingUnitBytesToRead: 50 });
    await until(async () => ((await bench.call('GET', status)).text === '' ? undefined : true), 'the files are split');
    const place = bench.account.locate(gone);
    assert.ok(place);
    await bench.account.delete(place.container, place.blob);
    const failed = await ticking(bench, 10_000, () => settledImport(bench, status));
    assert.equal(failed.status, 400);
    assert.equal(
      diagnosticsOf(failed),
      `import operation failed for reason: Input file deleted, renamed, or moved during job. Import processing operation failed. ErrorFile: ${gone}`,
    );
  });

  for (const [name, text] of [
    ['ab', 'The error container name must be between 3 and 63 characters long.'],
    [
      'Bad_Name',
      "Error container name contains invalid characters. Only lowercase letters, numbers, and hyphens are allowed. The name must begin and end with a letter or a number. The name can't contain two consecutive hyphens.",
    ],
  ] as const) {
    it(`400 for the error container ${name}`, async () => {
      const bench = await Bench.open();
      const url = await upload(bench, [patient('p1')]);
      const failed = await settledImport(bench, await startImport(bench, [{ url }], { errorContainerName: name }));
      assert.equal(failed.status, 400);
      assert.equal(diagnosticsOf(failed), `import operation failed for reason: ${text} ErrorFile: ${url}`);
    });
  }

  it('names the input file of the worker that failed, and keeps what was loaded before', async () => {
    const bench = await Bench.open();
    const url = await upload(
      bench,
      Array.from({ length: 20 }, (_, index) => patient(`p${index}`)),
    );
    bench.addFault({ kind: 'fail', status: 400, reason: 'No more.' }, 'import');
    const failed = await settledImport(bench, await startImport(bench, [{ url }], { processingUnitBytesToRead: 200 }));
    assert.equal(failed.status, 400);
    assert.equal(diagnosticsOf(failed), `import operation failed for reason: No more. ErrorFile: ${url}`);
    const { current } = bench.service.store.size;
    assert.ok(current > 0 && current < 20, `${current} of 20 loaded`);
  });

  it('hides the reason of a 500', async () => {
    const bench = await Bench.open();
    const url = await upload(bench, [patient('p1')]);
    bench.addFault({ kind: 'fail', status: 500, reason: 'Secret of the database.' }, 'import');
    const failed = await settledImport(bench, await startImport(bench, [{ url }]));
    assert.equal(failed.status, 500);
    assert.equal(diagnosticsOf(failed), `import operation failed for reason: InternalServerError ErrorFile: ${url}`);
  });

  it('400 for more than 80,000 resources of one type with equal lastUpdated', async () => {
    const bench = await Bench.open();
    const meta = { lastUpdated: '2024-01-01T00:00:00Z' };
    const lines = Array.from({ length: 80_001 }, (_, index) => patient(`p${index}`, meta));
    const failed = await settledImport(bench, await startImport(bench, [{ url: await upload(bench, lines) }]));
    assert.equal(failed.status, 400);
    assert.match(
      diagnosticsOf(failed),
      /Unable to generate internal IDs\. If the lastUpdated meta element is provided as input, reduce the number of resources with the same up to millisecond lastUpdated below 10,000\./,
    );
  });
});

describe('$import, cancel', () => {
  it('is 202, repeated 202, then the status is 400; loaded lines stay', async () => {
    const bench = await Bench.open({ importTiming: { fixedMs: 60_000 } });
    const status = await startImport(bench, [{ url: await upload(bench, [patient('p1')]) }]);
    await until(() => bench.service.store.current('Patient', 'p1'), 'the line is loaded');
    for (let time = 0; time < 2; time += 1) {
      const answer = await bench.call('DELETE', status);
      assert.deepEqual([answer.status, answer.text], [202, '']);
    }
    const answer = await bench.call('GET', status);
    assert.equal(answer.status, 400);
    assert.equal(diagnosticsOf(answer), 'User requested cancellation of operation.');
    assert.ok(bench.service.store.current('Patient', 'p1'));
    assert.equal(bench.service.jobs()[0]?.state, 'cancelled');
  });

  it('is 409, repeated 409, for a completed job, whose status is still 200', async () => {
    const bench = await Bench.open();
    const status = await startImport(bench, [{ url: await upload(bench, [patient('p1')]) }]);
    await importManifest(bench, status);
    for (let time = 0; time < 2; time += 1) {
      const answer = await bench.call('DELETE', status);
      assert.equal(answer.status, 409);
      assert.equal(diagnosticsOf(answer), 'Import operation has already completed');
    }
    assert.equal((await bench.call('GET', status)).status, 200);
  });

  it('is 409 for a failed job', async () => {
    const bench = await Bench.open();
    const status = await startImport(bench, [{ url: `${bench.account.endpoint}/nothing/here` }]);
    assert.equal((await settledImport(bench, status)).status, 404);
    assert.equal((await bench.call('DELETE', status)).status, 409);
  });
});
