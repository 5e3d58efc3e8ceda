import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chinaCloud, publicCloud, usGovernmentCloud } from '../../../src/azure/clouds.ts';
import { ahdsEndpoint, azureApiForFhirEndpoint, blobEndpoint } from '../../../src/azure/endpoints.ts';
import { readHealthcareRow } from '../../../src/azure/healthcareRow.ts';
import { parseCloud } from '../../../src/azure/parseCloud.ts';
import { parseResourceId } from '../../../src/azure/resourceId.ts';
import { FailureError } from '../../../src/failure/failure.ts';

const custom = { name: 'custom', resourceManager: 'https://arm.local:8443/arm/', loginHost: 'https://login.local' };

describe('A cloud', () => {
  it('is known by its name', () => {
    assert.equal(parseCloud('public'), publicCloud);
    assert.equal(parseCloud('usGovernment'), usGovernmentCloud);
    assert.equal(parseCloud('china'), chinaCloud);
  });

  it('is made of explicit endpoints', () => {
    assert.deepEqual(
      parseCloud({
        ...custom,
        ahds: 'https://{workspace}-{fhir}.fhir.local/',
        certificateAuthority: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
      }),
      {
        name: 'custom',
        resourceManager: 'https://arm.local:8443/arm',
        resourceManagerAudience: 'https://arm.local:8443/arm',
        loginHost: 'https://login.local',
        storageAudience: 'https://storage.azure.com',
        azureApiForFhir: '',
        ahds: 'https://{workspace}-{fhir}.fhir.local',
        blob: '',
        portal: 'https://portal.azure.com',
        certificateAuthority: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n',
      },
    );
  });

  for (const [field, value] of [
    ['resourceManager', 'http://arm.local'],
    ['resourceManager', 'https://user:pass@arm.local'],
    ['resourceManager', undefined],
    ['loginHost', 'login.local'],
    ['loginHost', 'https://login.local?x=1'],
    ['ahds', 'https://{workspace}.fhir.local'],
    ['ahds', 'https://{workspace}-{fhir}-{other}.local'],
    ['azureApiForFhir', 'https://static.local'],
    ['azureApiForFhir', 'http://{name}.local'],
    ['blob', 'https://{account}.local?x'],
    ['certificateAuthority', 'not a certificate'],
    ['typo', 'x'],
  ] as const)
    it(`is refused with ${field} ${String(value)}, naming it`, () => {
      assert.throws(
        () => parseCloud({ ...custom, [field]: value }),
        (error) => FailureError.is(error, 'invalidInput') && error.message.includes(field),
      );
    });

  it('is not guessed', () => {
    for (const input of [undefined, null, 'germany', 5, [], {}, { name: 'public' }])
      assert.throws(() => parseCloud(input), { name: 'FailureError' });
  });

  it('gives addresses from its templates, in lower case', () => {
    assert.equal(azureApiForFhirEndpoint(publicCloud, 'Contoso'), 'https://contoso.azurehealthcareapis.com');
    assert.equal(ahdsEndpoint(publicCloud, 'WS', 'fhir'), 'https://ws-fhir.fhir.azurehealthcareapis.com');
    assert.equal(ahdsEndpoint(usGovernmentCloud, 'ws', 'fhir'), 'https://ws-fhir.fhir.azurehealthcareapis.us');
    assert.equal(blobEndpoint(chinaCloud, 'acct'), 'https://acct.blob.core.chinacloudapi.cn');
  });

  it('explains that addresses in China are not known', () => {
    assert.throws(() => ahdsEndpoint(chinaCloud, 'ws', 'fhir'), /China are not documented/);
    assert.throws(() => azureApiForFhirEndpoint(parseCloud(custom), 'a'), /no address template/);
  });

  it('lets no name change the host', () => {
    for (const name of [
      '',
      'a.b',
      'evil.example/',
      'a/b',
      'a@b',
      'a#',
      'a?',
      '-a',
      'a-',
      'a b',
      'ä',
      '{fhir}',
      'x'.repeat(64),
    ])
      assert.throws(() => azureApiForFhirEndpoint(publicCloud, name), { name: 'FailureError' });
    fc.assert(
      fc.property(fc.string(), fc.string(), (workspace, fhir) => {
        let address: string;
        try {
          address = ahdsEndpoint(publicCloud, workspace, fhir);
        } catch {
          return;
        }
        assert.match(new URL(address).host, /^[a-z0-9-]+\.fhir\.azurehealthcareapis\.com$/);
      }),
    );
  });
});

describe('A resource id', () => {
  it('is taken apart in any case', () => {
    assert.deepEqual(
      parseResourceId(
        '/SUBSCRIPTIONS/Sub/resourcegroups/RG/Providers/Microsoft.HealthcareApis/Workspaces/WS/fhirservices/F/',
      ),
      {
        subscriptionId: 'Sub',
        resourceGroup: 'RG',
        type: 'microsoft.healthcareapis/workspaces/fhirservices',
        names: ['WS', 'F'],
      },
    );
    assert.equal(parseResourceId('/subscriptions/s/providers/Microsoft.X/y/z')?.resourceGroup, undefined);
  });

  for (const id of [
    '',
    '/',
    'subscriptions/s/providers/a/b/c',
    '/subscriptions/s',
    '/subscriptions/s/resourceGroups/g',
    '/subscriptions/s/providers/a/b',
    '/subscriptions/s/providers/a/b/../c',
    '/subscriptions/s/providers/a/b/c?x=1',
    '/subscriptions/s/providers/a/b/c d',
    '/tenants/s/providers/a/b/c',
    `/subscriptions/${'s'.repeat(3_000)}/providers/a/b/c`,
  ])
    it(`is not ${JSON.stringify(id.slice(0, 60))}`, () => assert.equal(parseResourceId(id), undefined));
});

describe('A service in the words of ARM', () => {
  const id =
    '/subscriptions/Sub-1/resourceGroups/testRG/providers/Microsoft.HealthcareApis/workspaces/ws1/fhirservices/fhir1';
  const row = {
    id,
    name: 'ws1/fhir1',
    type: 'microsoft.healthcareapis/workspaces/fhirservices',
    kind: 'fhir-R4',
    location: 'West US 2',
    tags: { team: 'a' },
    identity: { type: 'SystemAssigned,UserAssigned', principalId: 'p-1' },
    properties: {
      provisioningState: 'Succeeded',
      eventState: 'Disabled',
      publicNetworkAccess: 'Disabled',
      authenticationConfiguration: { authority: 'x', audience: 'https://aud', smartProxyEnabled: true },
      exportConfiguration: { storageAccountName: 'export1' },
      importConfiguration: { enabled: true, initialImportMode: false, integrationDataStore: 'import1' },
    },
  };

  it('is read with all its settings, names taken from the id', () => {
    assert.deepEqual(readHealthcareRow(publicCloud, row, 't1'), {
      service: {
        id: id.toLowerCase(),
        kind: 'ahds',
        name: 'fhir1',
        endpoint: 'https://ws1-fhir1.fhir.azurehealthcareapis.com',
        resourceId: id,
        tenantId: 't1',
        subscriptionId: 'sub-1',
        resourceGroup: 'testRG',
        workspace: 'ws1',
        location: 'westus2',
        fhirVersion: '4.0',
        provisioningState: 'Succeeded',
        audience: 'https://aud',
        exportStorageAccount: 'export1',
        importMode: 'incremental',
        importStorageAccount: 'import1',
        identity: 'both',
        principalId: 'p-1',
        publicNetworkAccess: false,
        tags: { team: 'a' },
      },
      eventState: 'Disabled',
      partial: false,
    });
  });

  it('says when it is only a part', () => {
    const bare = readHealthcareRow(publicCloud, { id }, 't1');
    assert.deepEqual([bare?.partial, bare?.service.importMode, bare?.service.identity], [true, undefined, 'none']);
    const off = readHealthcareRow(
      publicCloud,
      { ...row, properties: { ...row.properties, importConfiguration: undefined } },
      't1',
    );
    assert.equal(off?.service.importMode, 'off');
    const initial = { ...row.properties, importConfiguration: { enabled: true, initialImportMode: true } };
    assert.equal(readHealthcareRow(publicCloud, { ...row, properties: initial }, 't1')?.service.importMode, 'initial');
  });

  it('survives settings of unexpected types', () => {
    for (const odd of [5, 'x', null, [], true])
      for (const field of ['kind', 'location', 'tags', 'identity', 'properties'])
        assert.equal(readHealthcareRow(publicCloud, { ...row, [field]: odd }, 't1')?.service.name, 'fhir1');
  });

  it('is of a type that is migrated, or nothing', () => {
    assert.equal(readHealthcareRow(publicCloud, { id: id.replace('fhirservices', 'dicomservices') }, 't1'), undefined);
    assert.equal(readHealthcareRow(publicCloud, { id: id.replace('/fhirservices/fhir1', '') }, 't1'), undefined);
    assert.equal(
      readHealthcareRow(publicCloud, { id: id.replace('workspaces/ws1/fhirservices', 'services') }, 't1')?.service.kind,
      'azureApiForFhir',
    );
  });

  it('is refused without an id', () => {
    for (const odd of [{}, null, 'x', { id: 5 }, { id: '/x' }, { id: 'x'.repeat(5_000) }])
      assert.throws(() => readHealthcareRow(publicCloud, odd, 't1'), { name: 'FailureError' });
  });
});
