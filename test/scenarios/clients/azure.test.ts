import assert from 'node:assert/strict';
import { createArmClient } from '../../../src/azure/armClient.ts';
import { discover } from '../../../src/azure/discover.ts';
import type { DiscoveredService, DiscoveryEvent } from '../../../src/azure/discovered.ts';
import { readPermissions, readRoleAssignments, roleDefinitionIds } from '../../../src/azure/roleAssignments.ts';
import { readServiceDetails } from '../../../src/azure/serviceDetails.ts';
import { findStorageAccount, readStorageAccount } from '../../../src/azure/storageAccount.ts';
import type { FhirServiceSpec } from '../../sandbox/contract.ts';
import { failureOf } from '../../unit/http/fakeHttp.ts';
import { type Clients, collect, never, useClients } from './fixture.ts';

const services: readonly FhirServiceSpec[] = [
  { name: 'contoso', flavour: 'azureApiForFhir' },
  { name: 'clinical', flavour: 'ahds', place: { workspace: 'contoso-health' } },
  { name: 'recovery', flavour: 'ahds', place: { subscription: 2, workspace: 'contoso-recovery' } },
  { name: 'guest', flavour: 'ahds', place: { tenant: 'second', workspace: 'guests' } },
];

const armOptions = ({ cloud, tokens, httpClient }: Clients) => ({ cloud, tokens, httpClient, userAgent: 'tests' });
const servicesIn = (events: readonly DiscoveryEvent[]): readonly DiscoveredService[] => [
  ...new Map(
    events.flatMap((event) => (event.type === 'services' ? event.services.map((one) => [one.id, one] as const) : [])),
  ).values(),
];
const problemsIn = (events: readonly DiscoveryEvent[]) => events.filter((event) => event.type === 'problem');

describe('Discovery against a sandbox', function () {
  this.timeout(60_000);
  const clients = useClients({ services, subscriptions: 2 });

  it('finds every service in every tenant, with address and settings', async () => {
    const { sandbox } = clients();
    const events = await collect(discover(armOptions(clients()), {}, never));
    assert.deepEqual(problemsIn(events), []);
    const found = servicesIn(events);
    assert.deepEqual(
      found.map(({ name, kind, endpoint }) => [name, kind, endpoint]).sort(),
      services.map(({ name, flavour }) => [name, flavour, sandbox.endpointOf(name)]).sort(),
    );
    for (const service of found) {
      assert.equal(service.resourceId?.toLowerCase(), sandbox.resourceIdOf(service.name).toLowerCase());
      assert.equal(service.tenantId, service.name === 'guest' ? sandbox.secondTenantId : sandbox.tenantId);
      assert.equal(service.provisioningState, 'Succeeded');
      assert.equal(service.exportStorageAccount, 'contosostaging');
      assert.equal(service.importMode, service.kind === 'ahds' ? 'incremental' : 'off');
    }
    assert.deepEqual(events.at(-1)?.type, 'done');
  });

  it('keeps to the tenants and subscriptions that were chosen', async () => {
    const { sandbox } = clients();
    const guests = await collect(discover(armOptions(clients()), { tenantIds: [sandbox.secondTenantId] }, never));
    assert.deepEqual(
      servicesIn(guests).map(({ name }) => name),
      ['guest'],
    );
    const [subscriptionId = ''] = servicesIn(await collect(discover(armOptions(clients()), {}, never)))
      .filter(({ name }) => name === 'recovery')
      .map((one) => one.subscriptionId ?? '');
    const chosen = await collect(
      discover(armOptions(clients()), { subscriptionIds: [subscriptionId.toUpperCase()] }, never),
    );
    assert.deepEqual(
      servicesIn(chosen).map(({ name }) => name),
      ['recovery'],
    );
  });

  it('finds the same by lists where Resource Graph is refused', async () => {
    const { sandbox } = clients();
    sandbox.addFault({
      service: 'arm',
      method: 'POST',
      path: 'ResourceGraph',
      count: 1_000,
      effect: { kind: 'status', status: 403, body: '{"error":{"code":"AuthorizationFailed","message":"no"}}' },
    });
    const events = await collect(discover(armOptions(clients()), {}, never));
    sandbox.clearFaults();
    assert.deepEqual(problemsIn(events), []);
    assert.deepEqual(
      servicesIn(events)
        .map(({ name }) => name)
        .sort(),
      services.map(({ name }) => name).sort(),
    );
  });

  it('shows what it can when a tenant fails', async () => {
    const { sandbox } = clients();
    sandbox.addFault({
      service: 'arm',
      path: '^/subscriptions\\?',
      count: 1,
      effect: { kind: 'status', status: 403, body: '{}' },
    });
    const events = await collect(discover(armOptions(clients()), {}, never));
    sandbox.clearFaults();
    assert.equal(problemsIn(events).length, 1);
    assert.ok(servicesIn(events).length > 0);
  });

  it('goes on after throttling', async () => {
    const { sandbox } = clients();
    sandbox.addFault({
      service: 'arm',
      path: '.',
      count: 2,
      effect: { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    });
    const events = await collect(discover(armOptions(clients()), {}, never));
    assert.deepEqual(problemsIn(events), []);
    assert.equal(servicesIn(events).length, services.length);
  });

  it('reads details, accounts, roles and permissions', async () => {
    const { sandbox } = clients();
    const arm = createArmClient(armOptions(clients()));
    const { service, eventState } = await readServiceDetails(
      arm,
      sandbox.resourceIdOf('clinical').toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
      sandbox.tenantId,
      never,
    );
    assert.equal(service.kind, 'ahds');
    assert.ok(eventState !== undefined && service.principalId !== undefined);
    const byName = await findStorageAccount(arm, 'contosostaging', undefined, never);
    assert.equal(byName.blobEndpoint, sandbox.blobEndpoint('contosostaging'));
    assert.deepEqual(
      await readStorageAccount(arm, sandbox.resourceIdOf('contosostaging'), sandbox.tenantId, never),
      byName,
    );
    assert.equal((await failureOf(findStorageAccount(arm, 'nosuchaccount', sandbox.tenantId, never))).kind, 'notFound');
    const roles = await readRoleAssignments(arm, byName.resourceId, service.principalId, sandbox.tenantId, never);
    assert.ok(roles.some(({ roleDefinitionId }) => roleDefinitionId === roleDefinitionIds.storageBlobDataContributor));
    assert.ok((await readPermissions(arm, byName.resourceId, sandbox.tenantId, never)).length > 0);
  });

  it('says what is wrong with an id', async () => {
    const arm = createArmClient(armOptions(clients()));
    const { sandbox } = clients();
    assert.equal(
      (await failureOf(readServiceDetails(arm, sandbox.resourceIdOf('contosostaging'), undefined, never))).kind,
      'invalidInput',
    );
    assert.equal(
      (await failureOf(readServiceDetails(arm, `${sandbox.resourceIdOf('contoso')}x`, sandbox.tenantId, never))).kind,
      'notFound',
    );
  });
});

describe('Discovery over 200 subscriptions', function () {
  this.timeout(60_000);
  const clients = useClients({ services: services.slice(0, 3), subscriptions: 200, forbiddenSubscriptions: [7] });

  it('asks at most 5 times before the first services show, and no more for each subscription', async () => {
    const { sandbox } = clients();
    const requests = () =>
      Object.entries(sandbox.counters()).reduce(
        (sum, [kind, number]) => (kind.startsWith('ARM') ? sum + number : sum),
        0,
      );
    sandbox.resetCounters();
    let beforeFirst: number | undefined;
    const names: string[] = [];
    for await (const event of discover(armOptions(clients()), {}, never)) {
      if (event.type !== 'services') continue;
      beforeFirst ??= requests();
      names.push(...event.services.map(({ name }) => name));
    }
    assert.ok(
      beforeFirst !== undefined && beforeFirst > 0 && beforeFirst <= 5,
      `${beforeFirst} requests: ${JSON.stringify(sandbox.counters())}`,
    );
    assert.ok(requests() <= 10, JSON.stringify(sandbox.counters()));
    assert.deepEqual(new Set(names), new Set(['contoso', 'clinical', 'recovery']));
  });
});
