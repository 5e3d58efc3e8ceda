import assert from 'node:assert/strict';
import { HealthcareApisManagementClient } from '@azure/arm-healthcareapis';
import { ClientSecretCredential, type ClientSecretCredentialOptions } from '@azure/identity';
import type { PollingStyle } from '../../sandbox/arm/longRunning.ts';
import { admin, arm, healthcareVersion, useSandbox } from './fixture.ts';

const group = 'contoso-fhir';
const workspace = 'contoso-health';

describe('the SDK of Microsoft.HealthcareApis against the sandbox', () => {
  const sandbox = useSandbox({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir' },
      { name: 'clinical', flavour: 'ahds' },
      { name: 'archive', flavour: 'ahds', fhirVersion: '3.0.2' },
    ],
  });

  /** Nothing is taken out of the SDK's pipeline: its bearer policy runs as it does against Azure. */
  function client(apiVersion = healthcareVersion): HealthcareApisManagementClient {
    const { armEndpoint, certificateAuthority, loginEndpoint, tenantId, clientId, clientSecret } = sandbox();
    const tlsOptions = { ca: certificateAuthority };
    const options: ClientSecretCredentialOptions = {
      authorityHost: loginEndpoint,
      disableInstanceDiscovery: true,
      tlsOptions,
    };
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, options);
    const subscription = sandbox().resourceIdOf('contoso').split('/')[2] ?? '';
    return new HealthcareApisManagementClient(credential, subscription, {
      endpoint: armEndpoint,
      apiVersion,
      tlsOptions,
    });
  }

  it('lists services, workspaces and FHIR services, and reads one of each', async () => {
    const names: (string | undefined)[] = [];
    for await (const service of client().services.list()) names.push(service.name);
    for await (const one of client().workspaces.listBySubscription()) names.push(one.name);
    for await (const fhir of client().fhirServices.listByWorkspace(group, workspace)) names.push(fhir.name);
    assert.deepEqual(names, ['contoso', workspace, 'archive', 'clinical']);

    const source = await client().services.get(group, 'contoso');
    assert.equal(source.kind, 'fhir-R4');
    assert.equal(source.properties?.authenticationConfiguration?.audience, sandbox().endpointOf('contoso'));
    assert.equal(source.properties.exportConfiguration?.storageAccountName, 'contosostaging');
    const target = await client().fhirServices.get(group, workspace, 'clinical');
    assert.deepEqual(target.importConfiguration, {
      enabled: true,
      initialImportMode: false,
      integrationDataStore: 'contosostaging',
    });
    assert.equal(target.provisioningState, 'Succeeded');
    assert.equal((await client().fhirServices.get(group, workspace, 'archive')).kind, 'fhir-Stu3');
  });

  for (const style of ['azureAsyncOperation', 'location', 'resource'] as const satisfies readonly PollingStyle[]) {
    it(`makes, changes and deletes a FHIR service with the SDK's pollers, told by ${style}`, async () => {
      await admin(sandbox(), 'POST', '/operations', { style });
      const { fhirServices } = client();
      const name = `made-${style.slice(0, 6).toLowerCase()}`;
      const made = await fhirServices.beginCreateOrUpdateAndWait(
        group,
        workspace,
        name,
        { location: 'westeurope', kind: 'fhir-R4', identity: { type: 'SystemAssigned' } },
        { updateIntervalInMs: 1 },
      );
      assert.equal(made.provisioningState, 'Succeeded');
      assert.match(made.identity?.principalId ?? '', /^[0-9a-f-]{36}$/);
      assert.equal(sandbox().store(name).size.current, 0);

      const patch = { tags: { team: 'clinical' } };
      const changed = await fhirServices.beginUpdateAndWait(group, name, workspace, patch, { updateIntervalInMs: 1 });
      assert.deepEqual(changed.tags, { team: 'clinical' });

      await fhirServices.beginDeleteAndWait(group, name, workspace, { updateIntervalInMs: 1 });
      await assert.rejects(fhirServices.get(group, workspace, name), { statusCode: 404, code: 'ResourceNotFound' });
      assert.throws(() => sandbox().store(name), RangeError);
    });
  }

  it("ends the SDK's poller with the code and message of a failed operation", async () => {
    await admin(sandbox(), 'POST', '/operations', { style: 'azureAsyncOperation' });
    const failNext = { code: 'StorageAccountNotFound', message: 'The storage account was not found.' };
    await admin(sandbox(), 'POST', '/operations', { failNext });
    await assert.rejects(
      client().fhirServices.beginUpdateAndWait(group, 'clinical', workspace, { tags: {} }, { updateIntervalInMs: 1 }),
      /StorageAccountNotFound/,
    );
    assert.equal((await client().fhirServices.get(group, workspace, 'clinical')).provisioningState, 'Failed');
  });

  it('keeps settings that the SDK does not know, until the SDK writes the service back', async () => {
    const id = sandbox().resourceIdOf('clinical');
    const smartIdentityProviders = [{ authority: 'https://contoso.b2clogin.com/v2.0', applications: [] }];
    const authenticationConfiguration = { audience: sandbox().endpointOf('clinical'), smartIdentityProviders };
    await admin(sandbox(), 'POST', '/resources', {
      id,
      change: { properties: { provisioningState: 'Succeeded', authenticationConfiguration } },
    });
    const read = await client().fhirServices.get(group, workspace, 'clinical');
    await client().fhirServices.beginCreateOrUpdateAndWait(
      group,
      workspace,
      'clinical',
      { ...read, corsConfiguration: { origins: ['*'] } },
      { updateIntervalInMs: 1 },
    );
    const { json } = await arm(sandbox(), 'GET', id);
    assert.doesNotMatch(JSON.stringify(json), /smartIdentityProviders/);
    assert.match(JSON.stringify(json), /"origins":\["\*"\]/);
  });

  it('says whether a name is free', async () => {
    const check = (name: string) =>
      client().services.checkNameAvailability({ type: 'Microsoft.HealthcareApis/services', name });
    assert.equal((await check('contoso')).nameAvailable, false);
    assert.equal((await check('contoso')).reason, 'AlreadyExists');
    assert.equal((await check('-')).reason, 'Invalid');
    assert.equal((await check('new-name')).nameAvailable, true);
  });
});
