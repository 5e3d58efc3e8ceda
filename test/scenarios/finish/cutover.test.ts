import assert from 'node:assert/strict';
import { stepIds, gateIds, type GateId, type StepId } from '../../../src/engine/cutover.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import type { CutoverPage } from '../../../src/cutover/walk.ts';
import type { MigrationHandle, Services } from '../../../src/services/contract.ts';
import { demoSource, demoTarget } from '../../demo/world.ts';
import { arm } from '../../contract/arm/fixture.ts';
import type { StoredVersion } from '../../sandbox/contract.ts';
import { never } from '../clients/fixture.ts';
import { openWorld, until, type World } from '../migration/world.ts';

const isConflict = (error: unknown): boolean => FailureError.is(error, 'conflict');

describe('A cutover', function () {
  this.timeout(60_000);
  let world: World;
  let services: Services;
  let migration: MigrationHandle;
  before(async () => {
    world = await openWorld();
    services = world.services();
    await subscribe(world);
    const { rows, pair } = await services.prepare(world.plan(), never);
    const changes = rows.find(({ id }) => id === 'target.events')?.changes ?? [];
    const { steps } = await services.changes.apply(pair, changes, never);
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      ['done'],
    );
    await settled(world);
    migration = await services.startMigration(world.plan());
    await migration.stopped();
  });
  after(() => world[Symbol.asyncDispose]());

  const look = (): Promise<CutoverPage> => services.cutover.look(migration.id, never);
  const stateOf = (page: CutoverPage, id: GateId | StepId) =>
    [...page.gates, ...page.steps].find((record) => record.id === id)?.state;
  const waive = (gate: GateId | StepId) =>
    services.cutover.decide(migration.id, { gate, decision: 'waived', because: 'Seen and agreed.' });
  const confirm = (gate: GateId | StepId) =>
    services.cutover.decide(migration.id, { gate, decision: 'confirmed', because: 'Asked them.' });
  const finished = () =>
    until(
      migration,
      ({ finish, phase }) =>
        finish !== undefined && finish.state !== 'draining' && finish.state !== 'proving' && phase !== 'finishing',
    );
  /** A write as an application makes it, with the service's own time. */
  const write = (name: string, id: string, change: Partial<StoredVersion> = {}): void =>
    world.sandbox.store(name).put({
      type: 'Patient',
      id,
      versionId: '1',
      lastUpdated: Math.floor(world.sandbox.clock.now()),
      deleted: false,
      method: 'PUT',
      json: JSON.stringify({ resourceType: 'Patient', id, active: true }),
      ...change,
    });

  it('shows every gate with evidence and date, and begins with none of them open or unknown', async () => {
    const page = await look();
    assert.deepEqual(
      page.gates.map(({ id }) => id),
      gateIds,
    );
    assert.deepEqual(
      page.steps.map(({ id }) => id),
      stepIds,
    );
    for (const { evidence, at } of [...page.gates, ...page.steps]) assert.ok(evidence !== '' && at > 0);
    assert.deepEqual(
      (['copyLag', 'verification', 'applications', 'eventsOff', 'staging'] as const).map((id) => stateOf(page, id)),
      ['passed', 'open', 'open', 'passed', 'passed'],
    );
    assert.equal(page.next, 'hold');
    await assert.rejects(services.cutover.begin(migration.id, Date.now(), never), isConflict);
    assert.equal(migration.overview().finish, undefined);
  });

  it('clears gates by a verification, by a reindex, and by what only a person can know', async () => {
    const { source, target } = migration.overview().plan;
    await services.verify({ depth: 'range', source, target, migration: migration.id }, never);
    await services.searchParameters.reindex(target.resourceId ?? '', () => undefined, {}, never);
    await confirm('applications');
    const page = await look();
    for (const id of ['verification', 'searchParameters', 'applications'] as const)
      assert.equal(stateOf(page, id), 'passed', id);
    assert.equal(stateOf(page, 'configuration'), 'open');
    assert.equal(page.next, 'hold');
  });

  it('takes a waiver only with a reason, and shows it beside what was seen', async () => {
    const noReason = { gate: 'configuration', decision: 'waived' } as const;
    await assert.rejects(services.cutover.decide(migration.id, noReason), (error) =>
      FailureError.is(error, 'invalidInput'),
    );
    await assert.rejects(services.cutover.eventsOn(migration.id, never), isConflict);
    await waive('configuration');
    const configuration = (await look()).gates.find(({ id }) => id === 'configuration');
    assert.equal(configuration?.state, 'waived');
    assert.match(configuration.evidence, /Different on the target: .*Waived: Seen and agreed\./);
  });

  it('holds both in sync at the brink, for as long as wanted', async () => {
    write(demoSource, 'held');
    await services.cutover.hold(migration.id);
    await until(migration, ({ phase, sync }) => phase === 'syncing' && sync?.lagMs !== undefined);
    assert.equal(migration.drivenHere, true);
    await services.cutover.hold(migration.id);
    assert.equal(migration.overview().phase, 'syncing');
    const page = await look();
    assert.equal(page.next, 'begin', JSON.stringify(page.gates));
  });

  it('tells that the source was written to after its writers were said to be stopped, and goes on in sync', async () => {
    const frozenAt = Date.now();
    const proved = until(migration, ({ finish }) => finish?.state === 'written');
    const begun = services.cutover.begin(migration.id, frozenAt, never);
    // What is written before the last window is opened belongs to it.
    await until(migration, ({ finish }) => finish?.newestBefore !== undefined);
    write(demoSource, 'tooLate', { lastUpdated: Math.ceil(world.sandbox.clock.now()) + 500 });
    await Promise.all([begun, proved]);
    assert.equal((await look()).next, 'again');
    await assert.rejects(services.cutover.signOff(migration.id, 'me', undefined, never), isConflict);
  });

  it('proves the freeze, takes the last window and a verification, and ends in a signed record', async () => {
    await services.cutover.begin(migration.id, Date.now(), never);
    await finished();
    await migration.stopped();
    assert.equal(migration.overview().finish?.state, 'frozen');
    assert.equal((await look()).next, 'verify');
    const { source, target } = migration.overview().plan;
    const verified = await services.verify({ depth: 'range', source, target, migration: migration.id }, never);
    assert.equal(verified.outcome, 'equal');
    assert.equal((await look()).next, 'events');
    assert.equal((await look()).removedSubscriptions, 1);
    assert.equal((await services.cutover.eventsOn(migration.id, never)).ok, true);
    const switched = await look();
    assert.match(switched.steps.find(({ id }) => id === 'eventsOn')?.evidence ?? '', /being switched/);
    await settled(world);
    assert.equal((await look()).next, 'endpoints');
    assert.deepEqual(await subscriptionsOf(world), [subscription]);
    await assert.rejects(services.cutover.signOff(migration.id, 'Night shift', undefined, never), isConflict);
    await confirm('endpoints');
    const page = await services.cutover.signOff(migration.id, 'Night shift', 'All agreed.', never);
    assert.equal(page.next, 'done');
    const { signedOff } = migration.overview().cutover ?? {};
    assert.deepEqual([signedOff?.by, signedOff?.gates.length, signedOff?.steps.length], ['Night shift', 8, 5]);
    assert.match((await services.report(migration.id)).markdown, /Signed off by: Night shift/);
    // Changes of the source must not come into what applications write to the target by now.
    await assert.rejects(services.cutover.hold(migration.id), isConflict);
    await assert.rejects(services.cutover.begin(migration.id, Date.now(), never), isConflict);
  });

  it('lists exactly what was written on the target since, and brings it back with bundles', async () => {
    world.sandbox.clock.advance(60_000);
    const [old] = [...world.sandbox.store(demoTarget).currents('Patient')].filter(({ deleted }) => !deleted);
    assert.ok(old !== undefined);
    write(demoTarget, 'fresh', {
      json: '{"resourceType":"Patient","id":"fresh","multipleBirthInteger":1,"extension":[{"url":"u","valueDecimal":1.00}]}',
    });
    write(demoTarget, old.id, {
      versionId: String(Number(old.versionId) + 1),
      deleted: true,
      method: 'DELETE',
      json: JSON.stringify({ resourceType: 'Patient', id: old.id }),
    });
    const listed = await services.cutover.writtenSince(migration.id, undefined, never);
    assert.deepEqual(listed.types, { Patient: { written: 1, deleted: 1 } });
    assert.deepEqual([listed.resources, listed.bundles], [2, 0]);
    const bundles: string[] = [];
    await services.cutover.writtenSince(migration.id, (_, text) => Promise.resolve(void bundles.push(text)), never);
    assert.equal(bundles.length, 1);
    assert.match(bundles[0] ?? '', /"valueDecimal": 1\.00/);
    const answer = await send(world, bundles[0] ?? '');
    assert.deepEqual(answer, ['201', '204']);
    assert.equal(world.sandbox.store(demoSource).current('Patient', old.id)?.deleted, true);
    assert.match(world.sandbox.store(demoSource).current('Patient', 'fresh')?.json ?? '', /1\.00/);
  });

  it('remembers that applications went back, and forgets what was signed', async () => {
    await services.cutover.goBack(migration.id, 'The ward could not print.');
    assert.equal(migration.overview().cutover?.signedOff, undefined);
    assert.equal((await look()).next, 'hold');
    assert.match((await services.report(migration.id)).markdown, /go back to the source: The ward could not print/);
  });
});

const subscription = {
  destination: { endpointType: 'EventHub', properties: { resourceId: '/subscriptions/s/hub' } },
  filter: { includedEventTypes: ['Microsoft.HealthcareApis.FhirResourceCreated'], subjectBeginsWith: '' },
  labels: ['orders'],
};
const listOf = ({ sandbox }: World): string =>
  `${sandbox.resourceIdOf(demoTarget).replace(/\/fhirservices\/.*$/i, '')}/providers/Microsoft.EventGrid/eventSubscriptions`;

/** An event subscription of the target's workspace, as a team has it before the migration; returns when events are on. */
async function subscribe(world: World): Promise<void> {
  const { sandbox } = world;
  const options = { apiVersion: '2022-06-15', body: { properties: subscription } };
  assert.equal((await arm(sandbox, 'PUT', `${listOf(world)}/orders`, options)).status, 201);
  await settled(world);
}

/** Returns when nothing is being switched any more: it moves on with every look. */
async function settled({ sandbox }: World): Promise<void> {
  const target = async (): Promise<string> => (await arm(sandbox, 'GET', sandbox.resourceIdOf(demoTarget))).text;
  for (let looks = 0; looks < 5 && (await target()).includes('"eventState":"Updating"'); looks += 1);
}

/** What the subscriptions of the workspace are, without what Azure alone says of them. */
async function subscriptionsOf(world: World): Promise<readonly unknown[]> {
  const { text } = await arm(world.sandbox, 'GET', listOf(world), { apiVersion: '2022-06-15' });
  const { value } = JSON.parse(text) as { readonly value: readonly { readonly properties: object }[] };
  return value.map(({ properties }) =>
    Object.fromEntries(Object.entries(properties).filter(([key]) => key !== 'topic' && key !== 'provisioningState')),
  );
}

/** Posts a bundle to the source as an application would; its answers by status, sorted. */
async function send({ sandbox }: World, bundle: string): Promise<readonly string[]> {
  const { request, Agent } = await import('node:https');
  const endpoint = sandbox.endpointOf(demoSource);
  const token = await sandbox.token(endpoint);
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(
      endpoint,
      {
        method: 'POST',
        agent: new Agent({ ca: sandbox.certificateAuthority }),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      },
      (answer) => {
        let body = '';
        answer.on('data', (chunk) => (body += String(chunk)));
        answer.on('end', () => resolve(body));
      },
    );
    sent.on('error', reject);
    sent.end(bundle);
  });
  const { entry } = JSON.parse(text) as {
    readonly entry: readonly { readonly response: { readonly status: string } }[];
  };
  return entry.map(({ response }) => response.status.slice(0, 3)).sort();
}
