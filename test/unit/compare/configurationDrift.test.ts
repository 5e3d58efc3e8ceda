import assert from 'node:assert/strict';
import { configurationDrift, configurationText } from '../../../src/compare/configurationDrift.ts';
import type { ArmResource, ConfiguredService } from '../../../src/compare/configurationSettings.ts';

const service = (name: string, resource: ArmResource): ConfiguredService => ({
  resource,
  endpoint: `https://${name}.example`,
  authority: 'https://login.example/tenant',
});
const source = (properties: object, rest: object = {}): ConfiguredService =>
  service('old', { kind: 'fhir-R4', location: 'West Europe', properties, ...rest });
const target = (properties: object, rest: object = {}): ConfiguredService =>
  service('new', { kind: 'fhir-R4', location: 'westeurope', properties, ...rest });

const stateOf = (title: string, from: ConfiguredService, to: ConfiguredService): string | undefined =>
  configurationDrift(from, to).find(({ path }) => path[0] === title)?.state;

describe('drift of configurations', () => {
  const cases: readonly (readonly [string, string, object, object, string | undefined])[] = [
    [
      'takes empty lists and no CORS for the same',
      'CORS',
      { corsConfiguration: { origins: [], maxAge: null } },
      {},
      undefined,
    ],
    [
      'tells CORS that is missing',
      'CORS',
      { corsConfiguration: { origins: ['https://a'], maxAge: 60 } },
      { corsConfiguration: { origins: [] } },
      'missing',
    ],
    [
      'does not mind the order of keys',
      'CORS',
      { corsConfiguration: { origins: ['https://a'], maxAge: 60 } },
      { corsConfiguration: { maxAge: 60, origins: ['https://a'] } },
      'copied',
    ],
    [
      'tells another account for exports',
      'Storage account for export',
      { exportConfiguration: { storageAccountName: 'a' } },
      { exportConfiguration: { storageAccountName: 'b' } },
      'different',
    ],
    [
      'takes an audience that is the own address for adapted',
      'Authentication: audience',
      { authenticationConfiguration: { audience: 'https://old.example' } },
      { authenticationConfiguration: { audience: 'https://new.example/' } },
      'adapted',
    ],
    [
      'tells a custom audience',
      'Authentication: audience',
      { authenticationConfiguration: { audience: 'api://clinic' } },
      { authenticationConfiguration: { audience: 'https://new.example' } },
      'different',
    ],
    [
      'knows what the target has no such thing as',
      'Provisioned throughput (RU/s)',
      { cosmosDbConfiguration: { offerThroughput: 1000 } },
      {},
      'notPossible',
    ],
    [
      'tells a key of the customer',
      'Customer-managed key',
      { cosmosDbConfiguration: { keyVaultKeyUri: 'https://v/k' } },
      {},
      'missing',
    ],
    [
      'takes an absent network access for an open one',
      'Public network access',
      {},
      { publicNetworkAccess: 'Enabled' },
      'copied',
    ],
  ];
  for (const [name, title, from, to, state] of cases)
    it(name, () => {
      assert.equal(stateOf(title, source(from), target(to)), state);
    });

  it('merges tags without regard to case, and takes a region for the same however it is written', () => {
    assert.equal(
      stateOf('Tags', source({}, { tags: { Team: 'x' } }), target({}, { tags: { team: 'x', more: 'y' } })),
      'copied',
    );
    assert.equal(
      stateOf('Tags', source({}, { tags: { Team: 'x' } }), target({}, { tags: { team: 'z' } })),
      'different',
    );
    assert.equal(stateOf('Location', source({}), target({})), 'copied');
    assert.equal(stateOf('Location', source({}), target({}, { location: 'northeurope' })), 'byDesign');
  });

  it('lays both out alike, without ids, states and anything that could be a secret', () => {
    const of = (name: string, state: string): string =>
      configurationText(
        service(name, {
          id: `/subscriptions/${name}`,
          etag: state,
          location: name === 'a' ? 'West Europe' : 'westeurope',
          identity: { type: 'SystemAssigned', principalId: state },
          properties: {
            provisioningState: state,
            clientSecret: state,
            ...(name === 'a'
              ? {
                  publicNetworkAccess: 'Enabled',
                  resourceVersionPolicyConfiguration: { default: 'versioned', resourceTypeOverrides: {} },
                }
              : {}),
            authenticationConfiguration: {
              audience: `https://${name}.example`,
              authority: 'https://login.example/tenant',
            },
          },
        }),
      );
    const text = of('a', 'one-value');
    assert.equal(text, of('b', 'two-value'));
    assert.doesNotMatch(text, /one-value|subscriptions/);
    assert.match(text, /"audience": "\{service\}"/);
  });
});
