import assert from 'node:assert/strict';
import { hasFailed } from '../../../src/compare/comparison.ts';
import type { ReindexProgress } from '../../../src/services/searchParameters/watchReindex.ts';
import { failureOf } from '../../unit/http/fakeHttp.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from './fixture.ts';

const urlOf = (id: string): string => `https://example.org/fhir/SearchParameter/${id}`;

describe('Search parameters carried over', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', data: [{ kind: 'customDefinitions' }] },
      { name: 'clinical', flavour: 'ahds', data: [{ kind: 'patients', count: 3 }] },
      { name: 'other', flavour: 'ahds', place: { workspace: 'other' }, data: [{ kind: 'customDefinitions' }] },
      { name: 'halfway', flavour: 'ahds', place: { workspace: 'halfway' } },
      { name: 'busy', flavour: 'ahds', place: { workspace: 'busy' }, reindexTiming: { pickUpMs: 3_600_000 } },
    ],
    clockFactor: 50,
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const verdicts = async (target: string): Promise<readonly string[]> => {
    const compared = await world().services.compare(idOf('contoso'), idOf(target), ['searchParameters'], never);
    const [result] = compared.aspects;
    return result === undefined || hasFailed(result) ? ['failed'] : result.entries.map(({ state }) => state);
  };

  it('copies them all, tells each, and is not ready before the reindex', async () => {
    const { searchParameters } = world().services;
    const copied = await searchParameters.copy(idOf('contoso'), idOf('clinical'), {}, never);
    assert.deepEqual(
      copied.map(({ outcome }) => outcome),
      Array.from({ length: 5 }, () => 'created'),
    );
    assert.deepEqual(new Set(await verdicts('clinical')), new Set(['different']));
    const ready = await searchParameters.ready(idOf('clinical'), never);
    assert.deepEqual(
      ready.map((one) => [one.ready, one.status]),
      ready.map(() => [false, 'Supported']),
    );
    const again = await searchParameters.copy(idOf('contoso'), idOf('clinical'), {}, never);
    assert.ok(again.every(({ outcome }) => outcome === 'alreadyThere'));
  });

  it('tells what a stop left, each as not seen to be written, and copies the rest later', async () => {
    const { searchParameters } = world().services;
    const stop = new AbortController();
    const told: string[] = [];
    const copied = await searchParameters.copy(
      idOf('contoso'),
      idOf('halfway'),
      {},
      stop.signal,
      (one, done, total) => {
        told.push(`${one.outcome} ${done}/${total}`);
        if (done === 2) stop.abort();
      },
    );
    assert.deepEqual(told, ['created 1/5', 'created 2/5']);
    assert.deepEqual(
      copied.map(({ outcome, failure }) => failure?.kind ?? outcome),
      ['created', 'created', 'cancelled', 'cancelled', 'cancelled'],
    );
    assert.equal(new Set(copied.map(({ url }) => url)).size, 5);
    const rest = await searchParameters.copy(idOf('contoso'), idOf('halfway'), {}, never);
    assert.deepEqual(rest.map(({ outcome }) => outcome).sort(), [
      ...['alreadyThere', 'alreadyThere'],
      ...['created', 'created', 'created'],
    ]);
  });

  it('follows a reindex to its end; then status and a strict search agree that they are ready', async () => {
    const { searchParameters } = world().services;
    const seen: ReindexProgress[] = [];
    await searchParameters.reindex(idOf('clinical'), (progress) => seen.push(progress), {}, never);
    assert.equal(seen[0]?.joined, false);
    const ready = await searchParameters.ready(idOf('clinical'), never);
    assert.deepEqual([ready.length, ready.filter((one) => !one.ready)], [5, []]);
    assert.deepEqual(new Set(await verdicts('clinical')), new Set(['copied']));
  });

  it('is not ready when the status says so but a strict search is refused', async () => {
    const { services, sandbox } = world();
    sandbox.addFault({
      service: 'clinical',
      method: 'GET',
      path: 'eye-colour',
      count: 1,
      effect: { kind: 'status', status: 400, body: '{"resourceType":"OperationOutcome"}' },
    });
    const ready = await services.searchParameters.ready(idOf('clinical'), never);
    sandbox.clearFaults();
    assert.deepEqual(
      ready.filter((one) => !one.ready).map(({ url, status, failure }) => [url, status, failure?.status]),
      [[urlOf('patient-eye-colour'), 'Enabled', 400]],
    );
  });

  it('shows what was added on the source since as drift, and copies it as a delta', async () => {
    const { services, sandbox } = world();
    const url = urlOf('patient-eye-colour');
    const only = await services.searchParameters.copy(idOf('contoso'), idOf('busy'), { only: [url] }, never);
    assert.deepEqual(only, [{ url, outcome: 'created' }]);
    const store = sandbox.store('contoso');
    const held = store.current('SearchParameter', 'patient-home-city') ?? assert.fail();
    const json = held.json.replaceAll('home-city', 'work-city').replace("use='home'", "use='work'");
    const before = await verdicts('clinical');
    store.put({ ...held, id: 'patient-work-city', json });
    assert.deepEqual((await verdicts('clinical')).filter((state) => state === 'missing').length, 1);
    const delta = await services.searchParameters.copy(
      idOf('contoso'),
      idOf('clinical'),
      { only: [urlOf('patient-work-city')] },
      never,
    );
    assert.deepEqual(delta, [{ url: urlOf('patient-work-city'), outcome: 'created' }]);
    assert.deepEqual([before.includes('missing'), (await verdicts('clinical')).includes('missing')], [false, false]);
    store.purge('SearchParameter', 'patient-work-city');
    const failure = await failureOf(
      services.searchParameters.copy(idOf('contoso'), idOf('busy'), { only: [urlOf('unheard-of')] }, never),
    );
    assert.equal(failure.kind, 'invalidInput');
  });

  it('joins a reindex of somebody else only when told to, refuses writes while it runs, and cancels it', async () => {
    const { searchParameters } = world().services;
    const jobs = new Set<string>();
    for (const joined of [false, true]) {
      const watching = new AbortController();
      const failure = await failureOf(
        searchParameters.reindex(
          idOf('busy'),
          (progress) => {
            assert.equal(progress.joined, joined);
            jobs.add(progress.jobId);
            watching.abort();
          },
          { join: joined },
          watching.signal,
        ),
      );
      assert.equal(failure.kind, 'cancelled');
    }
    assert.equal(jobs.size, 1);
    const refused = await searchParameters.copy(idOf('contoso'), idOf('busy'), {}, never);
    assert.ok(refused.some(({ outcome, failure }) => outcome === 'failed' && failure?.status === 409));
    const [job = ''] = jobs;
    const foreign = await failureOf(searchParameters.reindex(idOf('busy'), () => undefined, {}, never));
    assert.deepEqual([foreign.kind, foreign.code], ['conflict', 'REINDEX_OF_ANOTHER']);
    const other = await failureOf(searchParameters.cancelReindex(idOf('busy'), '4711', never));
    assert.deepEqual([other.kind, other.message.includes(job)], ['conflict', true]);
    assert.equal(await searchParameters.cancelReindex(idOf('busy'), job, never), true);
    assert.equal(await searchParameters.cancelReindex(idOf('busy'), job, never), false);
    const after = await searchParameters.copy(idOf('contoso'), idOf('busy'), {}, never);
    assert.ok(after.every(({ outcome }) => outcome !== 'failed'));
  });

  it('overwrites another definition only where that was allowed', async () => {
    const { services, sandbox } = world();
    const url = urlOf('patient-home-city');
    const held = sandbox.store('other').current('SearchParameter', 'patient-home-city') ?? assert.fail();
    const versionId = String(Number(held.versionId) + 1);
    const json = held.json.replace("use='home'", "use='work'");
    assert.notEqual(json, held.json);
    sandbox.store('other').put({ ...held, versionId, json });
    const kept = await services.searchParameters.copy(idOf('contoso'), idOf('other'), {}, never);
    assert.deepEqual(
      kept.filter(({ outcome }) => outcome !== 'alreadyThere').map((one) => [one.url, one.outcome, one.failure?.kind]),
      [[url, 'failed', 'conflict']],
    );
    const overwritten = await services.searchParameters.copy(
      idOf('contoso'),
      idOf('other'),
      { overwrite: [url] },
      never,
    );
    assert.deepEqual(
      overwritten.filter(({ outcome }) => outcome !== 'alreadyThere'),
      [{ url, outcome: 'replaced' }],
    );
  });

  it('tells a reindex that fails with the words of the server', async () => {
    const { services, sandbox } = world();
    sandbox.addJobFault({
      service: 'clinical',
      operation: 'reindex',
      count: 1,
      effect: { kind: 'fail', status: 500, reason: 'The index is broken.' },
    });
    await services.searchParameters.copy(idOf('other'), idOf('clinical'), {}, never);
    const failure = await failureOf(services.searchParameters.reindex(idOf('clinical'), () => undefined, {}, never));
    assert.deepEqual([failure.kind, failure.diagnostics], ['rejected', ['The index is broken.']]);
  });
});
