import assert from 'node:assert/strict';
import { serviceBicep } from '../../../src/compare/bicep/serviceBicep.ts';
import type { CarryPlan } from '../../../src/services/configuration/contract.ts';
import { admin, arm, follow } from '../../contract/arm/fixture.ts';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from '../compare/fixture.ts';
import { armWrites } from './fixture.ts';

const at = (json: JsonObject, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), json);

describe('Carrying configuration and permissions over', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir' },
      { name: 'clinical', flavour: 'ahds', place: { workspace: 'contoso-health' } },
      { name: 'twin', flavour: 'ahds', place: { workspace: 'contoso-health' } },
      { name: 'abroad', flavour: 'azureApiForFhir', place: { tenant: 'second' } },
    ],
    accounts: ['contosostaging'],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const get = async (name: string): Promise<JsonObject> => (await arm(world().sandbox, 'GET', idOf(name))).json;
  const plan = (source = 'contoso'): Promise<CarryPlan> =>
    world().services.carry.configuration(idOf(source), idOf('clinical'), never);
  const smart = [{ authority: 'https://login.example/t', applications: [] }];
  const policyId = '7c1f3b90-2c7e-4e58-9a44-b0c8d5e2f701';

  before(async () => {
    const { sandbox } = world();
    const change = (name: string, given: object) =>
      admin(sandbox, 'POST', '/resources', { id: idOf(name), change: given });
    await change('contoso', {
      tags: { owner: 'clinic', 'Cost Center': '7' },
      properties: {
        corsConfiguration: {
          origins: ['https://app.example'],
          headers: ['*'],
          methods: ['GET'],
          maxAge: null,
          allowCredentials: false,
        },
        acrConfiguration: { loginServers: ['contoso.azurecr.io'] },
        accessPolicies: [{ objectId: policyId }],
        authenticationConfiguration: {
          authority: 'https://login.example/other',
          audience: 'https://custom.example',
          smartProxyEnabled: true,
        },
      },
    });
    const { authenticationConfiguration } = (await get('clinical')).properties as Record<string, JsonObject>;
    await change('clinical', {
      tags: { OWNER: 'somebody', keep: 'me' },
      properties: {
        authenticationConfiguration: {
          ...authenticationConfiguration,
          audience: 'https://old.example',
          smartIdentityProviders: smart,
        },
        keyOfTheFuture: [1],
      },
    });
    await follow(sandbox, await arm(sandbox, 'PATCH', idOf('clinical'), { body: { identity: { type: 'None' } } }));
  });

  it('lists what can be carried over, what is the same and what cannot, and writes nothing', async () => {
    const { sandbox } = world();
    sandbox.resetCounters();
    const { rows } = await plan();
    assert.equal(armWrites(sandbox), 0);
    const states = Object.fromEntries(rows.map(({ id, state }) => [id, state]));
    assert.deepEqual(states, {
      location: 'same',
      fhirVersion: 'same',
      publicNetworkAccess: 'same',
      authority: 'same',
      audience: 'change',
      accessPolicies: 'notPossible',
      smartProxy: 'notPossible',
      clientRegistrations: 'notPossible',
      syncAgent: 'notPossible',
      throughput: 'notPossible',
      tags: 'change',
      versioningPolicy: 'same',
      cors: 'change',
      identity: 'change',
      exportStorage: 'same',
      containerRegistry: 'change',
    });
    const audience = rows.find(({ id }) => id === 'audience')?.change?.edits[0]?.value;
    assert.equal(audience, sandbox.endpointOf('clinical'), 'the own address of the target, never the custom one');
  });

  it('applies them in three writes, merges tags, keeps SMART identity providers and unknown keys, and undoes all', async () => {
    const { sandbox, services } = world();
    const before = await get('clinical');
    const { rows, pair } = await plan();
    const changes = rows.flatMap(({ change }) => change ?? []);
    sandbox.resetCounters();
    const report = await services.changes.apply(pair, changes, never);
    assert.ok(report.ok, JSON.stringify(report.steps.map(({ failure }) => failure)));
    assert.equal(armWrites(sandbox), 3);
    const after = await get('clinical');
    assert.deepEqual(after.tags, { OWNER: 'clinic', keep: 'me', 'Cost Center': '7' });
    assert.deepEqual(at(after, 'properties', 'authenticationConfiguration', 'smartIdentityProviders'), smart);
    assert.deepEqual(at(after, 'properties', 'keyOfTheFuture'), [1]);
    assert.deepEqual(at(after, 'properties', 'corsConfiguration', 'origins'), ['https://app.example']);
    assert.equal(at(after, 'identity', 'type'), 'SystemAssigned');
    assert.deepEqual(
      (await plan()).rows.filter(({ state }) => state === 'change'),
      [],
    );
    const undone = await services.changes.undo(await services.changes.remembered(pair), never);
    assert.ok(undone.ok, JSON.stringify(undone.steps.map(({ failure }) => failure)));
    const restored = await get('clinical');
    assert.deepEqual(restored.tags, before.tags);
    const settings = ({ properties }: JsonObject) => properties;
    assert.deepEqual(settings(restored), settings(before));
  });

  it('writes the same as Bicep, with every key that the service has', async () => {
    const { rows, resources, target } = await plan();
    const changes = rows.flatMap(({ change }) => change ?? []);
    const text = serviceBicep(target.resourceId, resources[target.resourceId.toLowerCase()] ?? {}, changes, 'Test');
    assert.match(
      text,
      /resource fhirService 'Microsoft\.HealthcareApis\/workspaces\/fhirservices@2024-03-31' = \{\n {2}parent: workspace\n {2}name: 'clinical'/,
    );
    assert.match(text, /'Cost Center': '7'/);
    assert.match(text, /smartIdentityProviders: \[/);
    assert.match(text, /keyOfTheFuture: \[/);
    assert.ok(!text.includes('provisioningState') && !text.includes('systemData') && !text.includes('principalId'));
  });

  it('carries the versioning policy of the statement of a source to the target', async () => {
    const { sandbox, services } = world();
    await admin(sandbox, 'POST', '/resources', {
      id: idOf('clinical'),
      change: {
        properties: {
          resourceVersionPolicyConfiguration: {
            default: 'no-version',
            resourceTypeOverrides: { Patient: 'no-version' },
          },
        },
      },
    });
    const { rows, pair } = await plan();
    const row = rows.find(({ id }) => id === 'versioningPolicy');
    assert.equal(row?.state, 'change');
    assert.ok(row.change !== undefined);
    assert.equal(row.change.edits.length, 2);
    assert.ok((await services.changes.apply(pair, [row.change], never)).ok);
    assert.equal((await plan()).rows.find(({ id }) => id === 'versioningPolicy')?.state, 'same');
  });

  it('translates rights to data, flags ids of another tenant, assigns the rest and takes it back', async () => {
    const { sandbox, services } = world();
    const reader = sandbox.addPrincipal([
      { role: 'FHIR Data Reader', at: 'contoso' },
      { role: 'Reader', at: 'contoso' },
    ]);
    const both = sandbox.addPrincipal([
      { role: 'FHIR Data Exporter', at: 'contoso' },
      { role: 'FHIR Data Exporter', at: 'clinical' },
    ]);
    const permissions = () => services.carry.permissions(idOf('contoso'), idOf('clinical'), never);
    const before = await permissions();
    const states = Object.fromEntries(
      before.rows.map(({ principalId, state, role }) => [`${role} ${principalId}`, state]),
    );
    assert.equal(states[`FHIR Data Reader ${reader.objectId}`], 'assign');
    assert.equal(states[`FHIR Data Exporter ${both.objectId}`], 'held');
    assert.equal(
      states[`FHIR Data Contributor ${policyId}`],
      'foreign',
      'the authority of the source is of another tenant',
    );
    assert.ok(!before.rows.some(({ role }) => role === 'Reader'));
    const words = before.clients.changes.map(({ what, from, to }) => [what, from, to]);
    assert.deepEqual(words[0], [
      'Address of the FHIR service',
      sandbox.endpointOf('contoso'),
      sandbox.endpointOf('clinical'),
    ]);
    assert.ok(before.clients.applications.includes(reader.objectId));
    const changes = before.rows.flatMap(({ change }) => change ?? []);
    assert.ok((await services.changes.apply(before.pair, changes, never)).ok);
    assert.ok((await permissions()).rows.every(({ state }) => state !== 'assign'));
    const roles = (await services.changes.remembered(before.pair)).filter(({ change }) => change.kind === 'role');
    assert.ok((await services.changes.undo(roles, never)).ok);
    assert.equal((await permissions()).rows.filter(({ state }) => state === 'assign').length, changes.length);
  });

  it('flags every id of a source in another tenant', async () => {
    const { services, sandbox } = world();
    const abroad = await services.service(idOf('abroad'), sandbox.secondTenantId, never);
    const { rows } = await services.carry.permissions(abroad, idOf('clinical'), never);
    assert.ok(rows.length > 0 && rows.every(({ state, change }) => state === 'foreign' && change === undefined));
  });

  it('refuses a target that is not of AHDS', async () => {
    await assert.rejects(
      world().services.carry.configuration(idOf('clinical'), idOf('contoso'), never),
      /nothing is written to it/,
    );
  });
});
