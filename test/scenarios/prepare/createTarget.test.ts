import assert from 'node:assert/strict';
import { FailureError } from '../../../src/failure/failure.ts';
import type { TargetPlace } from '../../../src/compare/bicep/targetProposal.ts';
import { placeIn } from '../../../src/compare/bicep/targetBicep.ts';
import { admin, arm } from '../../contract/arm/fixture.ts';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { never } from '../clients/fixture.ts';
import { useServices } from '../compare/fixture.ts';
import { armWrites, planOf } from './fixture.ts';

const at = (json: JsonObject, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), json);

describe('Creating a target', function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir' },
      { name: 'clinical', flavour: 'ahds', place: { workspace: 'contoso-health' } },
    ],
    accounts: ['contosostaging'],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const place = (given: Partial<TargetPlace> = {}): TargetPlace => {
    const [, , subscriptionId = '', , resourceGroup = ''] = idOf('contoso').split('/');
    return {
      ...{ subscriptionId, resourceGroup, tenantId: world().sandbox.tenantId, location: 'westeurope' },
      ...{ workspace: 'made', inWorkspace: false, name: 'fresh' },
      ...given,
    };
  };
  const workspaceOf = (name: string): string => idOf('clinical').replace(/\/workspaces\/.*$/, `/workspaces/${name}`);

  before(async () => {
    await admin(world().sandbox, 'POST', '/resources', {
      id: idOf('contoso'),
      change: {
        tags: { owner: "the 'clinic'" },
        properties: {
          corsConfiguration: { origins: ['https://app.example'], headers: ['*'], methods: ['GET'], maxAge: null },
        },
      },
    });
  });

  it('proposes the configuration of the source, makes nothing, and checks the names', async () => {
    const { services, sandbox } = world();
    sandbox.resetCounters();
    const { bicep, notCarried } = await services.targets.propose(idOf('contoso'), place(), never);
    assert.equal(armWrites(sandbox), 0);
    assert.ok(notCarried.some(({ title }) => title === 'Provisioned throughput (RU/s)'));
    assert.match(bicep, /\/\/ {2}- Provisioned throughput/);
    assert.deepEqual(placeIn(bicep), {
      subscriptionId: place().subscriptionId,
      resourceGroup: place().resourceGroup,
      tenantId: place().tenantId,
    });
    const states = async (text: string) =>
      (await services.targets.checkNames(text, place(), never)).map(({ of, name, check }) => [of, name, check.state]);
    assert.deepEqual(await states(bicep), [
      ['workspace', 'made', 'available'],
      ['FHIR service', 'fresh', 'available'],
    ]);
    assert.deepEqual(await states(bicep.replace("'fresh'", "'clinical'").replace("'made'", "'x'")), [
      ['workspace', 'x', 'invalid'],
      ['FHIR service', 'clinical', 'taken'],
    ]);
  });

  it('deploys what was edited, telling how far it is, and the target is then ready to be prepared', async () => {
    const { services, sandbox } = world();
    const { bicep } = await services.targets.propose(idOf('contoso'), place(), never);
    const seen = new Set<string>();
    const edited = bicep.replace("owner: 'the \\'clinic\\''", "owner: 'the ${toLower('CLINIC')}'");
    assert.notEqual(edited, bicep);
    await services.targets.deploy(edited, place(), never, (resources) => {
      for (const { name, state } of resources) seen.add(`${name} ${state}`);
    });
    assert.ok(seen.has('made Running') || seen.has('made Succeeded'), [...seen].join());
    const { json } = await arm(sandbox, 'GET', `${workspaceOf('made')}/fhirservices/fresh`);
    assert.equal(at(json, 'properties', 'provisioningState'), 'Succeeded');
    assert.deepEqual(json.tags, { owner: 'the clinic' });
    assert.deepEqual(at(json, 'properties', 'corsConfiguration', 'origins'), ['https://app.example']);
    assert.equal(at(json, 'properties', 'authenticationConfiguration', 'audience'), sandbox.endpointOf('fresh'));
    assert.equal(at(json, 'properties', 'importConfiguration', 'initialImportMode'), false);
    const { rows } = await services.prepare(planOf(sandbox, 'contoso', 'fresh'), never);
    const left = rows.filter(({ state }) => state === 'change').map(({ id }) => id);
    assert.deepEqual(left, ['staging.targetRole', 'staging.container']);
  });

  it('adds a service to a workspace that is there', async () => {
    const { services, sandbox } = world();
    const given = place({ workspace: 'contoso-health', inWorkspace: true, name: 'second' });
    const { bicep } = await services.targets.propose(idOf('contoso'), given, never);
    await services.targets.deploy(bicep, given, never, () => undefined);
    assert.equal((await arm(sandbox, 'GET', `${workspaceOf('contoso-health')}/fhirservices/second`)).status, 200);
  });

  it("tells the provider's own errors and what was made before", async () => {
    const { services } = world();
    const { bicep } = await services.targets.propose(
      idOf('contoso'),
      place({ workspace: 'other', name: 'clinical' }),
      never,
    );
    await assert.rejects(
      services.targets.deploy(bicep, place(), never, () => undefined),
      (error) => {
        assert.ok(FailureError.is(error, 'rejected'));
        assert.match(error.failure.message, /Made before: other/);
        assert.match((error.failure.diagnostics ?? []).join('\n'), /The service name 'clinical' is already in use/);
        return true;
      },
    );
  });

  it('cancels the deployment when it is stopped', async () => {
    const { services, sandbox } = world();
    const { bicep } = await services.targets.propose(
      idOf('contoso'),
      place({ workspace: 'never', name: 'stopped' }),
      never,
    );
    await admin(sandbox, 'POST', '/operations', { polls: 1_000 });
    const abort = new AbortController();
    const running = services.targets.deploy(bicep, place(), abort.signal, () => abort.abort());
    await assert.rejects(running, (error) => {
      assert.ok(FailureError.is(error, 'cancelled'));
      assert.match(error.message, /was cancelled\. What was made until then stays/);
      return true;
    });
    await admin(sandbox, 'POST', '/operations', { polls: 2 });
    assert.equal((await arm(sandbox, 'GET', `${workspaceOf('never')}/fhirservices/stopped`)).status, 404);
  });

  it('names the line that it does not understand, and sends nothing', async () => {
    const { services, sandbox } = world();
    const { bicep } = await services.targets.propose(idOf('contoso'), place(), never);
    sandbox.resetCounters();
    await assert.rejects(
      services.targets.deploy(`${bicep}\nmodule m 'x.bicep' = {}`, place(), never, () => undefined),
      /Line \d+ of the Bicep file|Bicep compiler/,
    );
    assert.equal(armWrites(sandbox), 0);
  });
});
