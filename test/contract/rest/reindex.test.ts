import assert from 'node:assert/strict';
import type { JobTiming } from '../../sandbox/contract.ts';
import { assertOutcome, base, idsOf, patient, TestService, type Answer, type Body } from './fixture.ts';

const eyes: Body = {
  resourceType: 'SearchParameter',
  id: 'eyes',
  url: 'https://example.org/fhir/SearchParameter/eyes',
  name: 'eyes',
  status: 'active',
  description: 'A test',
  code: 'eyes',
  base: ['Patient'],
  type: 'string',
  expression: "Patient.extension.where(url='x').value",
};
const parameters = { resourceType: 'Parameters' };

/** Ten patients with a parameter that waits for its reindex. */
async function waiting(reindexTiming: JobTiming): Promise<TestService> {
  const service = new TestService({ flavour: 'ahds', reindexTiming });
  for (let number = 0; number < 10; number += 1) await service.have(patient(`p${number}`));
  await service.have(eyes);
  return service;
}

function value({ body }: Answer, name: string): unknown {
  const found = body.parameter?.find((parameter) => parameter.name === name);
  return found?.valueString ?? found?.valueDecimal ?? found?.valueDateTime;
}

describe('$reindex', () => {
  it('starts as a queued job', async () => {
    const service = await waiting({ pickUpMs: 60_000 });
    const answer = await service.post('/$reindex', parameters);
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['Content-Location'], `${base}/_operations/reindex/1`);
    assert.equal(answer.headers.ETag, 'W/"1"');
    assert.ok(answer.headers['Last-Modified']);
    assert.equal(answer.body.id, '1');
    assert.deepEqual(answer.body.parameter, [
      { name: 'id', valueString: '1' },
      { name: 'lastModified', valueDateTime: '2026-05-04T12:00:11.5+00:00' },
      { name: 'queuedTime', valueDateTime: '2026-05-04T12:00:11.5+00:00' },
      { name: 'totalResourcesToReindex', valueDecimal: 0 },
      { name: 'resourcesSuccessfullyReindexed', valueDecimal: 0 },
      { name: 'progress', valueDecimal: 0 },
      { name: 'status', valueString: 'Queued' },
      { name: 'resources', valueString: 'Patient' },
      { name: 'searchParams', valueString: eyes.url },
      { name: 'maximumNumberOfResourcesPerQuery', valueDecimal: 10_000 },
      { name: 'maximumNumberOfResourcesPerWrite', valueDecimal: 1_000 },
    ]);
  });

  it('goes on by the clock and ends', async () => {
    const service = await waiting({ pickUpMs: 10_000, resourcesPerSecond: 1 });
    const { headers } = await service.post('/$reindex', parameters);
    const job = headers['Content-Location'] ?? '';
    service.clock.advance(14_000);
    const running = await service.get(job);
    assert.equal(running.status, 200);
    assert.equal(value(running, 'status'), 'Running');
    assert.equal(value(running, 'progress'), 40);
    assert.equal(value(running, 'totalResourcesToReindex'), 10);
    assert.equal(value(running, 'resourceReindexProgressByResource (resource count)'), 'Patient: 10\n');
    assert.equal(value(await service.get('/$reindex'), 'status'), 'Running');
    service.clock.advance(6_000);
    const done = await service.get(job);
    assert.equal(value(done, 'status'), 'Completed');
    assert.equal(value(done, 'progress'), 100);
    assert.equal(value(done, 'endTime'), '2026-05-04T12:00:31.5+00:00');
    const text = 'Get list of Reindex jobs not yet implemented.';
    assertOutcome(await service.get('/$reindex'), 405, 'not-supported', text);
  });

  it('runs one job at a time and gives that one to everybody', async () => {
    const service = await waiting({ fixedMs: 60_000 });
    const first = await service.post('/$reindex', parameters);
    const second = await service.post('/$reindex', parameters);
    assert.deepEqual([second.status, second.body.id], [201, first.body.id]);
    service.clock.advance(60_000);
    const third = await service.post('/$reindex', parameters);
    assert.notEqual(third.body.id, first.body.id);
  });

  it('keeps search parameters from being changed meanwhile', async () => {
    const service = await waiting({ fixedMs: 60_000 });
    await service.post('/$reindex', parameters);
    const text =
      'Changes to search parameters are not allowed while a reindex job is in progress. Wait for the reindex job with Id: 1 to finish, or cancel it.';
    const other = { ...eyes, id: 'other', code: 'other', url: 'https://example.org/other' };
    const status = {
      ...parameters,
      parameter: [
        {
          name: 'x',
          part: [
            { name: 'url', valueUrl: eyes.url },
            { name: 'status', valueString: 'Disabled' },
          ],
        },
      ],
    };
    assertOutcome(await service.post('/SearchParameter', other), 409, 'conflict', text);
    assertOutcome(await service.put('/SearchParameter/eyes', eyes), 409, 'conflict', text);
    assertOutcome(await service.delete('/SearchParameter/eyes'), 409, 'conflict', text);
    assertOutcome(await service.put('/SearchParameter/$status', status), 409, 'conflict', text);
    const entry = [{ request: { method: 'POST', url: 'SearchParameter' }, resource: other }];
    const bundle = await service.post('/', { resourceType: 'Bundle', type: 'transaction', entry });
    assert.equal(bundle.status, 409);
    const bulk = await service.delete('/SearchParameter/$bulk-delete', { headers: { prefer: 'respond-async' } });
    assert.equal((await service.get(bulk.headers['Content-Location'] ?? '')).status, 409);
    assert.equal((await service.put('/Patient/p1', patient('p1', { active: true }))).status, 200, 'others go on');
  });

  it('can be cancelled, and then leaves the parameter waiting', async () => {
    const service = await waiting({ fixedMs: 60_000 });
    const job = (await service.post('/$reindex', parameters)).headers['Content-Location'] ?? '';
    const cancelled = await service.delete(job);
    assert.deepEqual([cancelled.status, value(cancelled, 'status')], [202, 'Canceled']);
    service.clock.advance(60_000);
    assert.equal(value(await service.get(job), 'status'), 'Canceled');
    const text = 'Reindex job id 1 is in state Canceled and cannot be cancelled.';
    assertOutcome(await service.delete(job), 400, 'invalid', text);
    const headers = { prefer: 'handling=strict' };
    assert.equal((await service.get('/Patient?eyes=x', { headers })).status, 400);
  });

  it('can fail, be forgotten or never end', async () => {
    const service = await waiting({ fixedMs: 1_000 });
    service.jobFaults.push({ kind: 'fail', status: 500, reason: 'No space.' }, { kind: 'forget' }, { kind: 'stuck' });
    const run = async (): Promise<Answer> => {
      const { headers } = await service.post('/$reindex', parameters);
      service.clock.advance(1_000_000);
      return service.get(headers['Content-Location'] ?? '');
    };
    const failed = await run();
    assert.deepEqual(
      [failed.status, value(failed, 'status'), value(failed, 'failureDetails')],
      [200, 'Failed', 'No space.'],
    );
    assert.equal((await run()).status, 404);
    assert.equal(value(await run(), 'status'), 'Running');
  });

  it('knows its jobs from their workers and from nothing', async () => {
    const service = await waiting({ fixedMs: 60_000 });
    await service.post('/$reindex', parameters);
    const worker = "Found job id '2', but it is a child job and not the primary reindex job.";
    assertOutcome(await service.get('/_operations/reindex/2'), 404, 'not-found', worker);
    const none = 'The requested job "77" was not found.';
    assertOutcome(await service.get('/_operations/reindex/77'), 404, 'not-found', none);
  });

  it('checks its parameters', async () => {
    const service = await waiting({ fixedMs: 60_000 });
    const start = (name: string, valueInteger: unknown, headers = {}): Promise<Answer> =>
      service.post('/$reindex', { ...parameters, parameter: [{ name, valueInteger }] }, { headers });
    const range = "Please specify different value within a range '1' - '10000'.";
    const outside = `Reindex operation parameter 'maximumNumberOfResourcesPerQuery' was out of the range of valid values. ${range}`;
    assertOutcome(await start('maximumNumberOfResourcesPerQuery', 10_001), 400, 'invalid', outside);
    assert.equal((await start('maximumNumberOfResourcesPerWrite', 'x')).status, 400);
    assert.equal((await start('x', 1, { prefer: 'respond-async' })).status, 400);
    assert.equal((await service.post('/$reindex', patient('p1'))).status, 400);
    const taken = await start('MAXIMUMNUMBEROFRESOURCESPERQUERY', 50, { prefer: 'respond-sync' });
    assert.equal(value(taken, 'maximumNumberOfResourcesPerQuery'), 50);
  });

  it('of a single resource answers at once', async () => {
    const service = await waiting({});
    assert.equal((await service.get('/Patient/p1/$reindex')).body.resourceType, 'Parameters');
    assert.equal((await service.post('/Patient/p1/$reindex', parameters)).status, 200);
    assert.equal((await service.get('/Patient/none/$reindex')).status, 404);
  });

  it('brings 100 parameters into force in one run', async () => {
    const service = await waiting({});
    for (let number = 0; number < 100; number += 1) {
      const id = `many-${number}`;
      const expression = `Patient.extension.where(url='x${number}').value`;
      await service.have({ ...eyes, id, code: id, url: `https://example.org/${id}`, expression });
    }
    await service.post('/$reindex', parameters);
    await service.have(patient('p1', { extension: [{ url: 'x99', valueString: 'found' }] }));
    const headers = { prefer: 'handling=strict' };
    assert.deepEqual(idsOf(await service.get('/Patient?many-99=found', { headers })), ['p1']);
  });

  it('is listed among the jobs of the service', async () => {
    const service = await waiting({ fixedMs: 60_000 });
    await service.post('/$reindex', parameters);
    assert.deepEqual(service.service.jobs(), [{ id: '1', operation: 'reindex', state: 'Running' }]);
    assert.equal(service.service.context.reindexRunning(), true);
  });
});

describe('SearchParameter/$status', () => {
  const change = (url: string | undefined, status: string | undefined): object => ({
    ...parameters,
    parameter: [
      {
        name: 'searchParameterStatus',
        part: [
          { name: 'url', valueUrl: url },
          { name: 'status', valueString: status },
        ],
      },
    ],
  });
  const statusOf = async (service: TestService, url: string): Promise<unknown> => {
    const { body } = await service.get(`/SearchParameter/$status?url=${encodeURIComponent(url)}`);
    return body.parameter?.[0]?.part?.find(({ name }) => name === 'status')?.valueString;
  };
  const birthdate = 'http://hl7.org/fhir/SearchParameter/individual-birthdate';

  it('is not there on gen1', async () => {
    const text = 'The requested "search-parameter-status" operation is not enabled';
    const gen1 = new TestService({ flavour: 'azureApiForFhir' });
    assertOutcome(await gen1.get('/SearchParameter/$status'), 400, 'invalid', text);
  });

  it('lists all parameters or some of them', async () => {
    const service = await waiting({});
    const all = (await service.get('/SearchParameter/$status')).body.parameter ?? [];
    assert.ok(all.length > 1_370, `${all.length}`);
    assert.deepEqual((await service.get(`/SearchParameter/$status?url=${eyes.url as string}`)).body, {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'searchParameterStatus',
          part: [
            { name: 'url', valueUrl: eyes.url },
            { name: 'status', valueString: 'Supported' },
          ],
        },
      ],
    });
    const some = (await service.get('/SearchParameter/$status?code=birthdate,eyes&resourcetype=Patient')).body
      .parameter;
    assert.equal(some?.length, 2);
  });

  it('refuses other filters and finds nothing for unknown codes', async () => {
    const service = await waiting({});
    const only = 'Only Code, ResourceType, and Url are supported as query parameters for $status';
    assertOutcome(await service.get('/SearchParameter/$status?name=x'), 400, 'invalid', only);
    const none = 'Search Parameter Status was not found.';
    assertOutcome(await service.get('/SearchParameter/$status?code=nonsense'), 404, 'not-found', none);
  });

  it('turns parameters off and on again, each with the next reindex', async () => {
    const service = await waiting({});
    const headers = { prefer: 'handling=strict' };
    const off = await service.put('/SearchParameter/$status', change(birthdate, 'Disabled'));
    assert.deepEqual([off.status, off.body.type], [200, 'batch-response']);
    assert.equal(await statusOf(service, birthdate), 'PendingDisable');
    await service.post('/$reindex', parameters);
    assert.equal(await statusOf(service, birthdate), 'Disabled');
    assert.equal((await service.get('/Patient?birthdate=1970', { headers })).status, 400);
    assert.equal((await service.get('/metadata')).text.includes(`"definition":"${birthdate}"`), false);
    await service.put('/SearchParameter/$status', change(birthdate, 'Supported'));
    await service.post('/$reindex', parameters);
    assert.equal(await statusOf(service, birthdate), 'Enabled');
    assert.equal((await service.get('/Patient?birthdate=1970', { headers })).status, 200);
  });

  it('tells what it refused', async () => {
    const service = await waiting({});
    const unknown = await service.put('/SearchParameter/$status', change('https://example.org/none', 'Disabled'));
    assert.equal(unknown.body.entry?.[0]?.resource?.id, 'FailedSearchParameterUpdates');
    const wrong = await service.put('/SearchParameter/$status', change(birthdate, 'Enabled'));
    assert.equal(wrong.body.entry?.[0]?.resource?.id, 'FailedSearchParameterUpdates');
    for (const body of [
      parameters,
      change(undefined, 'Disabled'),
      change(birthdate, undefined),
      change(birthdate, 'nonsense'),
    ]) {
      assert.equal((await service.put('/SearchParameter/$status', body)).status, 400);
    }
  });
});
