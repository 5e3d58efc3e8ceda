import assert from 'node:assert/strict';
import { clientSecretTokens } from '../../../src/azure/identityTokens.ts';
import { cacheTokens } from '../../../src/azure/tokenCache.ts';
import { silentLog } from '../../../src/http/log.ts';
import { createServices } from '../../../src/services/services.ts';
import type { Preparation } from '../../../src/services/prepare/contract.ts';
import { admin, arm, follow } from '../../contract/arm/fixture.ts';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from '../compare/fixture.ts';
import { armWrites, planOf, rowOf } from './fixture.ts';

const at = (json: JsonObject, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), json);

describe('Preparing a migration', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', exportEnabled: false },
      { name: 'clinical', flavour: 'ahds', importEnabled: false, place: { workspace: 'contoso-health' } },
      { name: 'ready', flavour: 'azureApiForFhir' },
      { name: 'waiting', flavour: 'ahds', place: { workspace: 'contoso-health' } },
    ],
    accounts: ['contosostaging'],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const get = async (name: string): Promise<JsonObject> => (await arm(world().sandbox, 'GET', idOf(name))).json;
  const prepare = (source: string, target: string): Promise<Preparation> =>
    world().services.prepare(planOf(world().sandbox, source, target), never);
  const providers = {
    authority: 'https://login.example/t',
    applications: [{ clientId: 'a', audience: 'b', allowedDataActions: ['Read'] }],
  };

  before(async () => {
    const { sandbox } = world();
    await follow(sandbox, await arm(sandbox, 'PATCH', idOf('clinical'), { body: { identity: { type: 'None' } } }));
    const { authenticationConfiguration } = (await get('clinical')).properties as Record<string, JsonObject>;
    await admin(sandbox, 'POST', '/resources', {
      id: idOf('clinical'),
      change: {
        properties: {
          authenticationConfiguration: { ...authenticationConfiguration, smartIdentityProviders: [providers] },
          keyOfTheFuture: { deep: [1, { er: true }] },
        },
      },
    });
  });

  it('lists what is set and what is not, with the exact change, and writes nothing', async () => {
    const { sandbox } = world();
    sandbox.resetCounters();
    const preparation = await prepare('contoso', 'clinical');
    assert.equal(armWrites(sandbox), 0);
    const states = Object.fromEntries(preparation.rows.map(({ id, state }) => [id, state]));
    assert.deepEqual(states, {
      'source.identity': 'ready',
      'target.identity': 'change',
      'staging.sourceRole': 'ready',
      'staging.targetRole': 'change',
      'source.exportStorage': 'change',
      'target.import': 'change',
      'staging.container': 'change',
      'staging.network': 'ready',
      'you.export': 'ready',
      'you.import': 'ready',
      'target.events': 'ready',
      'staging.eventGrid': 'ready',
      'network.privateLink': 'ready',
    });
    const importing = rowOf(preparation, 'target.import');
    assert.equal(importing.current, 'off');
    assert.equal(importing.wanted, 'on, incremental, from contosostaging');
    assert.match(
      importing.commands.join(),
      /^az resource update --ids \/subscriptions\/\S+\/fhirservices\/clinical --api-version 2024-03-31 --set properties\.importConfiguration\.enabled=true properties\.importConfiguration\.integrationDataStore=contosostaging$/,
    );
  });

  it('applies everything in the right order, keeps what it does not know, and leaves a pair that is ready', async () => {
    const { sandbox, services } = world();
    const preparation = await prepare('contoso', 'clinical');
    const changes = preparation.rows.flatMap((row) => row.changes).reverse();
    const report = await services.changes.apply(preparation.pair, changes, never);
    assert.ok(report.ok, JSON.stringify(report.steps.map(({ outcome, failure }) => [outcome, failure])));
    assert.deepEqual(
      report.steps.map(({ change }) => change.id),
      ['target.identity', 'staging.targetRole', 'staging.container', 'target.import', 'source.exportStorage'],
    );
    assert.deepEqual(
      report.steps.flatMap(({ notes }) => notes).filter((note) => note.includes('different')),
      [],
    );
    const target = await get('clinical');
    assert.deepEqual(at(target, 'properties', 'authenticationConfiguration', 'smartIdentityProviders'), [providers]);
    assert.deepEqual(at(target, 'properties', 'keyOfTheFuture'), { deep: [1, { er: true }] });
    const again = await prepare('contoso', 'clinical');
    assert.deepEqual([...new Set(again.rows.map(({ state }) => state))], ['ready']);
    const role = rowOf(again, 'staging.targetRole');
    assert.equal(role.current, 'held on the account');
    const preflight = await services.preflight(planOf(sandbox, 'contoso', 'clinical'), never);
    assert.deepEqual(
      preflight.checks.filter(({ outcome }) => outcome === 'failure'),
      [],
    );
  });

  it('remembers what it changed and puts it back, each value as it was', async () => {
    const { services } = world();
    const pair = (await prepare('contoso', 'clinical')).pair;
    const open = await services.changes.remembered(pair);
    assert.deepEqual(
      open.map(({ change }) => change.id),
      ['source.exportStorage', 'target.import', 'staging.targetRole', 'target.identity'],
    );
    const report = await services.changes.undo(open, never);
    assert.ok(report.ok, JSON.stringify(report.steps.map(({ failure }) => failure)));
    assert.deepEqual(await services.changes.remembered(pair), []);
    const target = await get('clinical');
    assert.equal(at(target, 'properties', 'importConfiguration', 'enabled'), false);
    assert.equal(at(target, 'identity', 'type'), 'None');
    assert.deepEqual(at(target, 'properties', 'authenticationConfiguration', 'smartIdentityProviders'), [providers]);
    const after = await prepare('contoso', 'clinical');
    const changeable = after.rows.filter(({ state }) => state === 'change').map(({ id }) => id);
    assert.deepEqual(changeable, ['target.identity', 'staging.targetRole', 'source.exportStorage', 'target.import']);
  });

  it('finds a pair that is ready, ready', async () => {
    const { rows } = await prepare('ready', 'waiting');
    assert.deepEqual(
      rows.filter(({ state }) => state !== 'ready'),
      [],
    );
  });

  it('adds rules of the firewall to those that are there, by a PATCH of the account', async () => {
    const { sandbox, services } = world();
    const other = {
      tenantId: sandbox.tenantId,
      resourceId: '/subscriptions/s/resourceGroups/g/providers/Some.Thing/else/x',
    };
    const networkAcls = {
      bypass: 'None',
      defaultAction: 'Deny',
      ipRules: [],
      virtualNetworkRules: [],
      resourceAccessRules: [other],
    };
    await admin(sandbox, 'POST', '/resources', { id: idOf('contosostaging'), change: { properties: { networkAcls } } });
    const preparation = await prepare('ready', 'waiting');
    const row = rowOf(preparation, 'staging.network');
    assert.equal(row.current, 'no rule for ready and waiting');
    const report = await services.changes.apply(preparation.pair, row.changes, never);
    assert.ok(report.ok, JSON.stringify(report.steps));
    const rules = at(
      await accountJson('contosostaging'),
      'properties',
      'networkAcls',
      'resourceAccessRules',
    ) as JsonObject[];
    assert.deepEqual(
      rules.map(({ resourceId }) => resourceId),
      [other.resourceId, idOf('ready'), idOf('waiting').replace(/\/fhirservices\/.*$/, ''), idOf('waiting')],
    );
    await services.changes.undo(await services.changes.remembered(preparation.pair), never);
    assert.deepEqual(at(await accountJson('contosostaging'), 'properties', 'networkAcls', 'resourceAccessRules'), [
      other,
    ]);
    await admin(sandbox, 'POST', '/resources', {
      id: idOf('contosostaging'),
      change: { properties: { networkAcls: { ...networkAcls, defaultAction: 'Allow', resourceAccessRules: [] } } },
    });
  });
  const accountJson = async (name: string): Promise<JsonObject> =>
    (await arm(world().sandbox, 'GET', idOf(name), { apiVersion: '2023-01-01' })).json;

  it('shows subscriptions that would fire, a lock, and what the account may not do, with the command for somebody else', async () => {
    const { sandbox } = world();
    const subscription = `${idOf('contosostaging')}/providers/Microsoft.EventGrid/eventSubscriptions/indexer`;
    await arm(sandbox, 'PUT', subscription, {
      apiVersion: '2022-06-15',
      body: { properties: { filter: { subjectBeginsWith: '' } } },
    });
    const lock = `${idOf('contoso')}/providers/Microsoft.Authorization/locks/frozen`;
    await arm(sandbox, 'PUT', lock, { apiVersion: '2020-05-01', body: { properties: { level: 'ReadOnly' } } });
    const preparation = await prepare('contoso', 'clinical');
    const events = rowOf(preparation, 'staging.eventGrid');
    assert.equal(events.state, 'advice');
    assert.match(
      events.commands.join(),
      /event-subscription update --name indexer .* StringNotBeginsWith \/blobServices\/default\/containers\/migration\//,
    );
    assert.match(rowOf(preparation, 'source.exportStorage').blocked ?? '', /lock 'frozen'/);
    await arm(sandbox, 'DELETE', lock, { apiVersion: '2020-05-01' });
    await arm(sandbox, 'DELETE', subscription, { apiVersion: '2022-06-15' });
  });

  it('shows somebody who may only read what is to be set, why not by them, and the commands', async () => {
    const { sandbox, cloud, httpClient } = world();
    const subscription = idOf('contoso').split('/').slice(0, 3).join('/');
    const reader = sandbox.addPrincipal([{ role: 'Reader', at: subscription }]);
    const principal = { tenantId: sandbox.tenantId, clientId: reader.clientId, secret: reader.clientSecret };
    const services = createServices({
      cloud,
      tokens: cacheTokens(clientSecretTokens(cloud, principal, httpClient)),
      journalFolder: '/nowhere',
      log: { ...silentLog, error: () => undefined },
      userAgent: 'tests',
    });
    sandbox.resetCounters();
    const preparation = await services.prepare(planOf(sandbox, 'contoso', 'clinical'), never);
    const open = preparation.rows.filter(({ state }) => state === 'change');
    assert.deepEqual(
      open.map(({ id }) => id),
      [
        ...['target.identity', 'staging.targetRole', 'source.exportStorage', 'target.import'],
        ...['you.export', 'you.import'],
      ],
    );
    for (const { id, blocked, commands } of open) {
      assert.match(blocked ?? '', /^Your account may not do this: it needs Microsoft\./, id);
      assert.ok(commands.length > 0 && commands.every((line) => line.startsWith('az ')), id);
    }
    const you = rowOf(preparation, 'you.export').commands.join();
    assert.ok(you.includes(`--assignee-object-id ${reader.objectId}`), 'for exactly this account');
    assert.equal(armWrites(sandbox), 0);
    await services.dispose();
  });
});
