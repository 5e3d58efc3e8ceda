import assert from 'node:assert/strict';
import fc from 'fast-check';
import { armTemplate } from '../../../src/compare/bicep/armTemplate.ts';
import { valueIn } from '../../../src/compare/bicep/bicepExpressions.ts';
import { BicepError } from '../../../src/compare/bicep/bicepTokens.ts';
import { bicepValue } from '../../../src/compare/bicep/bicepValue.ts';
import { placeIn, targetBicep } from '../../../src/compare/bicep/targetBicep.ts';
import { type ProposalInput, targetProposal } from '../../../src/compare/bicep/targetProposal.ts';

const place = {
  ...{ subscriptionId: '0000-1', tenantId: 't-1', resourceGroup: 'group', location: 'westeurope' },
  ...{ workspace: 'health', inWorkspace: false, name: 'clinical' },
};
const addressTemplate = 'https://{workspace}-{fhir}.fhir.azurehealthcareapis.com';
const input = (resource: Record<string, unknown>, given: Partial<ProposalInput> = {}): ProposalInput => ({
  sourceName: 'contoso',
  source: { resource, endpoint: 'https://contoso.azurehealthcareapis.com', authority: undefined },
  ...{ fhirVersion: '4.0.1', versioning: {}, place, addressTemplate, loginHost: 'https://login.microsoftonline.com/' },
  ...given,
});
const source = {
  kind: 'fhir',
  tags: { owner: "it's ${me}", 'Cost Center': '7' },
  properties: {
    accessPolicies: [{ objectId: 'a' }],
    authenticationConfiguration: { audience: 'https://custom', smartProxyEnabled: true },
    corsConfiguration: {
      origins: ['https://app'],
      headers: [],
      methods: ['GET'],
      maxAge: null,
      allowCredentials: false,
    },
    cosmosDbConfiguration: { offerThroughput: 4000 },
    exportConfiguration: { storageAccountName: 'staging' },
    acrConfiguration: { loginServers: [] },
    privateEndpointConnections: [{}],
  },
};
const bicepOf = (given: ProposalInput): string =>
  targetBicep('contoso', given.place, targetProposal(given), addressTemplate);

describe('a proposed target', () => {
  it('has the configuration of the source as it is on the target, and lists what stays behind', () => {
    const proposal = targetProposal(input(source));
    assert.equal(proposal.kind, 'fhir-R4');
    assert.deepEqual(proposal.properties, {
      authenticationConfiguration: {
        authority: 'https://login.microsoftonline.com/t-1',
        audience: 'https://health-clinical.fhir.azurehealthcareapis.com',
        smartProxyEnabled: false,
      },
      corsConfiguration: { origins: ['https://app'], headers: [], methods: ['GET'], allowCredentials: false },
    });
    assert.equal(proposal.stagingAccount, 'staging');
    assert.deepEqual(
      proposal.notCarried.map(({ title }) => title),
      [
        'Private Link',
        'Authentication: allowed object ids (local RBAC)',
        'SMART on FHIR proxy',
        'Provisioned throughput (RU/s)',
        'Client registrations',
        'Custom audience',
        'Role assignments',
        'Search parameters, profiles and terminology',
      ],
    );
  });

  it('keeps the version of FHIR and the policy of versions that the statement tells', () => {
    const versioning = { Patient: 'no-version', Observation: 'no-version', Group: 'versioned' };
    const proposal = targetProposal(input(source, { fhirVersion: '3.0.2', versioning }));
    assert.equal(proposal.kind, 'fhir-Stu3');
    assert.deepEqual(proposal.properties.resourceVersionPolicyConfiguration, {
      default: 'no-version',
      resourceTypeOverrides: { Group: 'versioned' },
    });
    assert.ok(
      targetProposal(input(source, { versioning: undefined })).notCarried.some(
        ({ source: seen }) => seen === 'unknown',
      ),
    );
  });

  it('is a Bicep file whose template has the same in it, names as parameters', () => {
    const text = bicepOf(input(source));
    assert.deepEqual(placeIn(text), { subscriptionId: '0000-1', resourceGroup: 'group', tenantId: 't-1' });
    const { parameters, resources } = armTemplate(text);
    assert.deepEqual(parameters.stagingAccountName, { type: 'string', defaultValue: 'staging' });
    const [workspace, service] = resources;
    assert.deepEqual(workspace, {
      ...{ type: 'Microsoft.HealthcareApis/workspaces', apiVersion: '2024-03-31' },
      ...{ name: "[parameters('workspaceName')]", location: "[parameters('location')]", properties: {} },
    });
    assert.ok(service !== undefined);
    assert.equal(service.name, "[format('{0}/{1}', parameters('workspaceName'), parameters('fhirServiceName'))]");
    assert.deepEqual(service.dependsOn, [
      "[resourceId('Microsoft.HealthcareApis/workspaces', parameters('workspaceName'))]",
    ]);
    assert.deepEqual(service.tags, source.tags);
    const properties = service.properties as Record<string, Record<string, unknown>>;
    assert.equal(
      properties.authenticationConfiguration?.audience,
      "[format('https://{0}-{1}.fhir.azurehealthcareapis.com', parameters('workspaceName'), parameters('fhirServiceName'))]",
    );
    assert.deepEqual(properties.importConfiguration, {
      ...{ enabled: true, initialImportMode: false, integrationDataStore: "[parameters('stagingAccountName')]" },
    });
    const inside = armTemplate(bicepOf(input(source, { place: { ...place, inWorkspace: true } })));
    assert.deepEqual(
      inside.resources.map(({ type, dependsOn }) => [type, dependsOn]),
      [['Microsoft.HealthcareApis/workspaces/fhirservices', undefined]],
    );
  });
});

describe('the part of Bicep that is deployed from here', () => {
  const names = { parameters: new Set(['p']), variables: new Set(['v']), resources: new Set<string>() };
  const plain = (value: unknown): unknown => {
    const read = valueIn(bicepValue(value), names);
    const back = (one: typeof read): unknown => {
      switch (one.kind) {
        case 'literal':
          return one.value;
        case 'array':
          return one.items.map(back);
        case 'object':
          return Object.fromEntries(one.entries.map(([key, item]) => [key, back(item)]));
        default:
          throw new Error(one.kind);
      }
    };
    return back(read);
  };

  it('reads back what is written', () => {
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(fc.property(tree, (value) => assert.deepEqual(plain(value), value)));
  });

  it('takes edits: variables, calls, texts with names, comments, decorators, lists on one line', () => {
    const { resources, variables } = armTemplate(`
      targetScope = 'resourceGroup'
      @description('a (b)')
      @allowed([ 'x', 'y' ])
      param p string = 'x' // why
      /* more
         lines */
      var v = toLower('\${p}-{it}')
      resource w 'A.B/c@2024-01-01' = { name: v, location: resourceGroup().location, tags: { a: '[b]', 'c d': -1 }, list: [1, 'two'] }
      output o string = w.id
    `);
    assert.deepEqual(variables, { v: "[toLower(format('{0}-{{it}}', parameters('p')))]" });
    assert.deepEqual(resources, [
      {
        ...{
          type: 'A.B/c',
          apiVersion: '2024-01-01',
          name: "[variables('v')]",
          location: '[resourceGroup().location]',
        },
        ...{ tags: { a: '[[b]', 'c d': -1 }, list: [1, 'two'] },
      },
    ]);
  });

  for (const [what, text, line] of [
    ['a module', "param a string\nmodule m 'x.bicep' = {}", 2],
    ['a condition', "\n\nresource r 'A/b@1' = if (true) {}", 3],
    ['a loop', "resource r 'A/b@1' = {\n  list: [for i in x: i]\n}", 2],
    ['a name that is not there', 'var a = nothing', 1],
    ['an operator', 'var a = 1\nvar b = 2 + 2', 2],
    ['an open text', "var a = 'x", 1],
    ['an open object', "resource r 'A/b@1' = {\n", 2],
    ['texts of several lines', "var a = '''x'''", 1],
    ['a property of a resource', "resource r 'A/b@1' = {\n  name: 'x'\n}\nvar a = r.id", 4],
    ['another scope', "targetScope = 'subscription'", 1],
  ] as const)
    it(`refuses ${what}, with its line`, () => {
      assert.throws(
        () => armTemplate(text),
        (error) => error instanceof BicepError && error.line === line,
      );
    });

  it('never hangs or fails otherwise, whatever it is given', () => {
    const pieces = fc.constantFrom(
      'param',
      'resource',
      'r',
      "'A/b@1'",
      '=',
      '{',
      '}',
      '[',
      ']',
      '(',
      ')',
      "'",
      '${',
      '\\',
      '\n',
      ':',
      ',',
      '@',
      '.',
      '1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        try {
          armTemplate(parts.join(' '));
        } catch (error) {
          assert.ok(error instanceof BicepError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});
