import assert from 'node:assert/strict';
import type { Severity } from '../../../src/assess/finding.ts';
import {
  known,
  findingsOf,
  missing,
  resource,
  sample,
  snapshot,
  statement,
  targetResource,
  type Change,
} from './snapshots.ts';

const staging = (change: object): Change => {
  const { staging: account } = snapshot().staging.ok ? { staging: snapshot().staging } : { staging: missing() };
  if (!account.ok) throw new Error('The sample snapshot has a staging account.');
  return { rest: { staging: known({ ...account.value, ...change }) } };
};
const content = (change: Parameters<typeof sample>[0]): Change => ({ rest: { sample: known(sample(change)) } });

const planted: readonly (readonly [name: string, id: string, severity: Severity, change: Change])[] = [
  ['a source that does not answer', 'lifecycle.sourceAnswers', 'blocker', { source: { metadata: missing() } }],
  ['a target that does not answer', 'lifecycle.targetAnswers', 'blocker', { target: { metadata: missing() } }],
  ['a deprecated source', 'lifecycle.deprecated', 'action', { source: { counts: missing('Deprecated.', 'retired') } }],
  [
    'a suspended source',
    'lifecycle.sourceState',
    'blocker',
    { source: { resource: known(resource({ provisioningState: 'Suspended' })) } },
  ],
  ['STU3', 'lifecycle.stu3', 'action', { source: { metadata: known(statement({ fhirVersion: '3.0.2' })) } }],
  ['a target with data', 'data.targetNotEmpty', 'check', { target: { counts: known({ Patient: 4 }) } }],
  ['types that could not be counted', 'data.counts', 'check', { source: { counts: known({ Patient: 4 }) } }],
  [
    'another versioned-update policy',
    'versioning.versionedUpdate',
    'check',
    { source: { metadata: known(statement({ versioning: { Patient: 'versioned-update' } })) } },
  ],
  [
    'search parameters that are missing',
    'search.parametersMissing',
    'check',
    { source: { metadata: known(statement({ searchParameters: { Patient: ['nickname'] } })) } },
  ],
  [
    'no transactions on the target',
    'search.transactionsMissing',
    'check',
    { source: { metadata: known(statement()) }, target: { metadata: known(statement({ transactions: false })) } },
  ],
  [
    'public network access turned off',
    'platform.publicNetworkAccess',
    'action',
    { source: { resource: known(resource({ publicNetworkAccess: 'Disabled' })) } },
  ],
  [
    'import turned off',
    'staging.importSettings',
    'blocker',
    { target: { resource: known(targetResource({ importConfiguration: { enabled: false } })) } },
  ],
  [
    'initial import mode',
    'staging.importSettings',
    'blocker',
    {
      target: { resource: known(targetResource({ importConfiguration: { enabled: true, initialImportMode: true } })) },
    },
  ],
  [
    'two accounts',
    'staging.sameAccount',
    'blocker',
    {
      target: {
        resource: known(targetResource({ importConfiguration: { enabled: true, integrationDataStore: 'other' } })),
      },
    },
  ],
  [
    'an account of another subscription',
    'staging.subscription',
    'action',
    staging({ resourceId: '/subscriptions/s2/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/staging' }),
  ],
  ['two tenants', 'staging.tenant', 'action', { target: { tenantId: 'other' } }],
  ['a firewall', 'staging.firewall', 'blocker', staging({ openToAll: false, trustedServices: false })],
  ['a firewall with trusted services', 'staging.firewall', 'check', staging({ openToAll: false })],
  ['plain storage', 'staging.hierarchicalNamespace', 'check', staging({ hierarchicalNamespace: false })],
  [
    'no role of the source',
    'staging.sourceIdentity',
    'blocker',
    { source: { resource: known(resource({}, { identity: { type: 'SystemAssigned', principalId: 'p-else' } })) } },
  ],
  [
    'no identity of the target',
    'staging.targetIdentity',
    'blocker',
    { target: { resource: known(targetResource({}, { identity: { type: 'None' } })) } },
  ],
  ['a target that is no AHDS service', 'target.kind', 'blocker', { target: { kind: 'azureApiForFhir' } }],
  ['a reindex on the target', 'target.targetReindex', 'action', { target: { reindex: known('running') } }],
  [
    'imports that run on the target',
    'target.imports',
    'action',
    { rest: { imports: known(['Night shift', 'Archive']) } },
  ],
  ['the lock of initial import', 'target.lock', 'blocker', { target: { reindex: known('locked') } }],
  [
    'long decimals',
    'content.longDecimals',
    'action',
    content({ longDecimals: { 'Observation.valueQuantity.value': 3 } }),
  ],
  ['inverted version dates', 'content.versionDates', 'action', content({ invertedDates: 1 })],
  ['equal version dates', 'content.versionDates', 'action', content({ equalDates: 1 })],
  ['a crowded millisecond', 'content.sameMillisecond', 'blocker', content({ mostInOneMillisecond: 10_001 })],
  ['large resources', 'content.large', 'check', content({ nearLimit: 1, largestBytes: 1_950_000 })],
  ['conditional references', 'content.conditionalReferences', 'action', content({ conditionalReferences: 2 })],
  ['ids that differ in case', 'content.idsByCase', 'check', content({ idsByCase: 2 })],
  ['custom types', 'content.customTypes', 'blocker', content({ types: { Gadget: 1 } })],
  ['search parameters in the data', 'content.searchParameters', 'check', content({ types: { SearchParameter: 1 } })],
  ['damaged lines', 'content.unreadable', 'blocker', content({ unreadable: 1 })],
];

describe('hazards of a migration', () => {
  const clean = findingsOf();
  for (const [name, id, severity, change] of planted)
    it(`finds ${name}`, () => {
      const found = findingsOf(change).get(id);
      assert.ok(found, `no finding ${id}`);
      const without = clean.get(id);
      assert.ok(
        without === undefined || (without.severity === 'check' && severity !== 'check'),
        `${id} without a hazard`,
      );
      assert.equal(found.severity, severity);
      assert.ok(found.evidence.seen.length > 5 && found.evidence.request !== '');
    });

  it('says in one finding that the data was not looked into, and why, for all hazards of the data', () => {
    const content = [...findingsOf({ rest: { sample: missing('The export failed.') } }).values()].filter(
      ({ topic }) => topic === 'content',
    );
    assert.deepEqual(
      content.map(({ id, known: isKnown, evidence }) => [id, isKnown, evidence.seen]),
      [['content.sample', false, 'Unknown, because the export failed.']],
    );
    assert.match(content[0]?.guidance ?? '', /trial export.*decimals.*custom types/);
  });

  it('lets filters alone that cannot match the migration container', () => {
    const subscriptions = [
      { name: 'other', subjectBeginsWith: '/blobServices/default/containers/other/', furtherFilters: false },
      { name: 'similar', subjectBeginsWith: '/blobServices/default/containers/migrations/', furtherFilters: false },
    ];
    assert.equal(findingsOf({ rest: { eventSubscriptions: known(subscriptions) } }).has('staging.eventGrid'), false);
  });

  it('takes a rule of the workspace for its services', () => {
    const rules = [
      '/subscriptions/s1/resourcegroups/g/providers/microsoft.healthcareapis/workspaces/w',
      '/subscriptions/s1/resourcegroups/g/providers/microsoft.healthcareapis/services/old',
    ];
    const change = staging({ openToAll: false, trustedServices: false, allowedResources: rules });
    assert.equal(findingsOf(change).has('staging.firewall'), false);
  });

  it('says nothing about a target that there is not', () => {
    const ids = [...findingsOf({ target: 'none' }).keys()];
    assert.deepEqual(
      ids.filter((id) => id.startsWith('target.') || id.startsWith('versioning.')),
      ['target.none'],
    );
    assert.ok(ids.includes('configuration.location'));
  });

  it('does not know the roles of a user-assigned identity', () => {
    const identity = { identity: { type: 'UserAssigned', userAssignedIdentities: {} } };
    assert.equal(
      findingsOf({ target: { resource: known(targetResource({}, identity)) } }).get('staging.targetIdentity')?.known,
      false,
    );
  });
});
