import assert from 'node:assert/strict';
import type { StagedFile } from '../../../src/azure/staging.ts';
import { cancelOperation } from '../../../src/fhir/cancelOperation.ts';
import { copySearchParameters } from '../../../src/fhir/copySearchParameters.ts';
import { count } from '../../../src/fhir/count.ts';
import { earliest } from '../../../src/fhir/earliest.ts';
import { exportStatus } from '../../../src/fhir/exportStatus.ts';
import { heldVersions } from '../../../src/fhir/heldVersions.ts';
import { importStatus } from '../../../src/fhir/importStatus.ts';
import { readMetadata } from '../../../src/fhir/metadata.ts';
import { checkOperationAccess } from '../../../src/fhir/operationAccess.ts';
import { operationUrl } from '../../../src/fhir/operationUrl.ts';
import { reindexIsActive, reindexStatus, startReindex } from '../../../src/fhir/reindex.ts';
import { searchPages } from '../../../src/fhir/searchPages.ts';
import { readSearchParameters } from '../../../src/fhir/searchParameters.ts';
import { searchParameterStatus } from '../../../src/fhir/searchParameterStatus.ts';
import { serverTime } from '../../../src/fhir/serverTime.ts';
import { startExport } from '../../../src/fhir/startExport.ts';
import { startImport } from '../../../src/fhir/startImport.ts';
import { failureOf } from '../../unit/http/fakeHttp.ts';
import { collect, never, until, useClients } from './fixture.ts';

describe('The clients against a sandbox', function () {
  this.timeout(120_000);
  const clients = useClients({
    services: [
      {
        name: 'contoso',
        flavour: 'azureApiForFhir',
        data: [{ kind: 'patients', count: 10 }, { kind: 'customDefinitions' }],
      },
      { name: 'retired', flavour: 'azureApiForFhir', deprecated: true, data: [{ kind: 'patients', count: 2 }] },
      { name: 'clinical', flavour: 'ahds' },
      { name: 'locked', flavour: 'ahds', initialImportMode: true },
    ],
    clockFactor: 1_000,
  });

  it('read metadata and clock without a token', async () => {
    const { fhir, sandbox } = clients();
    const gen1 = await readMetadata(fhir('contoso', 'azureApiForFhir'), never);
    assert.deepEqual([gen1.capabilities.fhirVersion, gen1.capabilities.transaction], ['4.0.1', false]);
    assert.equal((await readMetadata(fhir('clinical'), never)).capabilities.transaction, true);
    const before = sandbox.clock.now();
    const at = await serverTime(fhir('clinical'), never);
    assert.ok(at >= before - 1_000 && at <= sandbox.clock.now());
  });

  it('count the same current resources as they page through', async () => {
    const { fhir } = clients();
    const source = fhir('contoso', 'azureApiForFhir');
    const search = {
      path: '/Patient',
      query: [['_count', '3']],
      template: '/Patient',
      attempted: { tried: 'Reading' },
    } as const;
    let paged = 0;
    for await (const page of searchPages(source, search, never)) paged += page.length;
    assert.equal(await count(source, { of: 'current', type: 'Patient' }, never), paged);
    assert.ok(paged > 3);
    const versions = await count(source, { of: 'versions' }, never);
    assert.ok(versions >= (await count(source, { of: 'current' }, never)));
    const first = await earliest(source, 'versions', never);
    const till = await serverTime(source, never);
    assert.ok(first !== undefined && first < till);
    assert.equal(await count(source, { of: 'versions', since: first, till }, never), versions);
    assert.equal(await count(source, { of: 'versions', till: first }, never), 0);
  });

  it('count history also where the end lies in the future', async () => {
    const source = clients().fhir('contoso', 'azureApiForFhir');
    const till = (await serverTime(source, never)) + 86_400_000_000;
    assert.equal(
      await count(source, { of: 'versions', since: 0, till }, never),
      await count(source, { of: 'versions' }, never),
    );
  });

  it('export, list, import, look at refused lines and at what is held', async () => {
    const { fhir, staging } = clients();
    const source = fhir('contoso', 'azureApiForFhir');
    const target = fhir('clinical');
    const place = staging('migration');
    await place.createContainer(never);
    await place.createContainer(never, 'migration-errors');
    assert.equal(await place.containerState(never), 'present');
    assert.equal(await place.containerState(never, 'elsewhere'), 'absent');
    const till = await serverTime(source, never);
    const request = { till, container: 'migration', history: true, softDeleted: true, parallel: false };
    const started = await startExport(source, request, never);
    assert.equal(operationUrl(source, 'export', started.jobId), started.statusUrl);
    const ended = await until(
      () => exportStatus(source, started.statusUrl, never),
      ({ state }) => state !== 'running',
    );
    assert.equal(ended.state, 'completed');
    const { manifest } = ended;
    for (const { url } of manifest.output) place.checkAddress(url);

    const [folder] = await place.exportFolders(till - 600_000_000, never);
    assert.equal(folder?.jobId, started.jobId);
    assert.ok(folder.createdAt <= manifest.transactionTime);
    const staged: StagedFile[] = [];
    for await (const page of place.files(folder.folder, never)) staged.push(...page);
    assert.deepEqual(staged.map(({ url }) => url).sort(), manifest.output.map(({ url }) => url).sort());
    assert.ok(staged.every(({ etag, bytes }) => bytes > 0 && !etag.includes('"')));

    const parameters = await place.searchParameters(manifest.output, never);
    const onSource = await readSearchParameters(source, never);
    assert.ok(parameters.length > 0);
    assert.deepEqual(parameters.map(({ url }) => url).sort(), onSource.map(({ url }) => url).sort());

    const etags = new Map(staged.map(({ url, etag }) => [url, etag]));
    const files = manifest.output
      .filter(({ type }) => type !== 'SearchParameter')
      .map(({ type, url }) => ({ type, url, etag: etags.get(url) ?? '' }));
    const importing = { files, errorContainer: 'migration-errors', allowNegativeVersions: true };
    const first = await startImport(target, importing, never);
    assert.equal((await startImport(target, importing, never)).jobId, first.jobId);
    const done = await until(
      () => importStatus(target, first.statusUrl, never),
      ({ state }) => state !== 'running',
    );
    assert.equal(done.state, 'completed');
    const lines = manifest.output
      .filter(({ type }) => type !== 'SearchParameter')
      .reduce((sum, one) => sum + one.count, 0);
    const accounted = [...done.result.output, ...done.result.error].reduce((sum, one) => sum + one.count, 0);
    assert.equal(accounted, lines);
    assert.equal(
      await count(target, { of: 'current', type: 'Patient' }, never),
      await count(source, { of: 'current', type: 'Patient' }, never),
    );
  });

  it('map refused lines to the versions in the input', async () => {
    const { fhir, staging, sandbox } = clients();
    const target = fhir('clinical');
    const place = staging('migration');
    const [folder] = await place.exportFolders(0, never);
    const staged: StagedFile[] = [];
    for await (const page of place.files(folder?.folder ?? '', never))
      staged.push(...page.filter(({ path }) => path.includes('/Patient-')));
    sandbox.addJobFault({
      service: 'clinical',
      operation: 'import',
      count: 1,
      effect: { kind: 'refuseLines', every: 3, text: 'The line was refused.' },
    });
    const files = staged.map(({ url, etag }) => ({ type: 'Patient', url, etag }));
    const request = {
      files,
      errorContainer: 'migration-errors',
      allowNegativeVersions: true,
      processingUnitBytesToRead: 3_000,
    };
    const started = await startImport(target, request, never);
    const ended = await until(
      () => importStatus(target, started.statusUrl, never),
      ({ state }) => state !== 'running',
    );
    assert.equal(ended.state, 'completed');
    assert.ok(ended.result.error.length > 0);
    for (const error of ended.result.error) {
      const refused = await collect(place.refusedLines(error, never));
      assert.equal(refused.length, error.count);
      for (const line of refused) {
        assert.ok(line.id !== undefined && line.versionId !== undefined, JSON.stringify(line));
        const held = await heldVersions(target, line.type ?? '', line.id, never);
        assert.ok(
          held.some(({ versionId, lastUpdated }) => versionId === line.versionId && lastUpdated === line.lastUpdated),
        );
      }
    }
  });

  it('copy search parameters once, and reindex', async () => {
    const { fhir } = clients();
    const target = fhir('clinical');
    const parameters = await readSearchParameters(fhir('contoso', 'azureApiForFhir'), never);
    const copied = await copySearchParameters(target, parameters, never);
    assert.deepEqual(new Set(copied.map(({ outcome }) => outcome)), new Set(['created']), JSON.stringify(copied));
    const again = await copySearchParameters(target, parameters, never);
    assert.deepEqual(new Set(again.map(({ outcome }) => outcome)), new Set(['alreadyThere']));
    const started = await startReindex(target, never);
    await until(
      () => reindexStatus(target, started.statusUrl, never),
      ({ state }) => state !== 'running',
    );
    assert.equal(await reindexIsActive(target, never), false);
    const states = await searchParameterStatus(target, never);
    for (const { url } of parameters) assert.equal(states?.get(url), 'Enabled');
    assert.equal(await searchParameterStatus(fhir('contoso', 'azureApiForFhir'), never), undefined);
  });

  it('cancel an export, which is gone then', async () => {
    const { fhir } = clients();
    const source = fhir('contoso', 'azureApiForFhir');
    const request = {
      till: await serverTime(source, never),
      container: 'migration',
      history: false,
      softDeleted: false,
      parallel: false,
    };
    const started = await startExport(source, request, never);
    await cancelOperation(source, 'export', started.statusUrl, never);
    assert.equal((await exportStatus(source, started.statusUrl, never)).state, 'gone');
    await cancelOperation(source, 'export', started.statusUrl, never);
  });

  it('tell what a retired source still answers', async () => {
    const source = clients().fhir('retired', 'azureApiForFhir');
    assert.equal((await failureOf(count(source, { of: 'current' }, never))).kind, 'retired');
    assert.equal((await failureOf(readSearchParameters(source, never))).kind, 'retired');
    const request = {
      till: await serverTime(source, never),
      container: 'retired',
      history: true,
      softDeleted: true,
      parallel: true,
    };
    const started = await startExport(source, request, never);
    const ended = await until(
      () => exportStatus(source, started.statusUrl, never),
      ({ state }) => state !== 'running',
    );
    assert.equal(ended.state, 'completed');
    await checkOperationAccess(source, 'export', never);
    assert.equal((await failureOf(cancelOperation(source, 'export', started.statusUrl, never))).kind, 'retired');
  });

  it('tell a locked target', async () => {
    const target = clients().fhir('locked');
    assert.equal((await failureOf(reindexIsActive(target, never))).kind, 'locked');
    const sp = {
      url: 'http://example.org/sp',
      resource: { resourceType: 'SearchParameter', id: 'x', url: 'http://example.org/sp' },
    };
    const [copy] = await copySearchParameters(target, [sp], never);
    assert.equal(copy?.failure?.kind, 'locked');
  });

  it('go on after a lost reply, a dropped connection, a truncated body and an expired token', async () => {
    const { fhir, sandbox } = clients();
    const target = fhir('clinical');
    const expected = await count(target, { of: 'current' }, never);
    for (const effect of [
      { kind: 'drop' },
      { kind: 'truncate' },
      { kind: 'lostReply' },
      { kind: 'status', status: 503, headers: { 'retry-after': '0' } },
    ] as const) {
      sandbox.addFault({ service: 'clinical', path: '_summary=count', count: 1, effect });
      assert.equal(await count(target, { of: 'current' }, never), expected, effect.kind);
    }
    sandbox.expireTokens();
    assert.equal(await count(target, { of: 'current' }, never), expected);
  });

  it('follow no redirect and read no endless body', async () => {
    const { fhir, sandbox } = clients();
    const target = fhir('clinical');
    sandbox.addFault({
      service: 'clinical',
      path: '_summary=count',
      count: 1,
      effect: { kind: 'redirect', location: 'https://127.0.0.1:1/' },
    });
    assert.match((await failureOf(count(target, { of: 'current' }, never))).message, /127\.0\.0\.1:1/);
    sandbox.addFault({
      service: 'clinical',
      path: '_summary=count',
      count: 1,
      effect: { kind: 'hugeBody', bytes: 10_000_000_000 },
    });
    assert.equal((await failureOf(count(target, { of: 'current' }, never))).kind, 'unexpectedAnswer');
  });
});
