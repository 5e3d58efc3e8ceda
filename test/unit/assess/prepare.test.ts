import assert from 'node:assert/strict';
import type { PrepareFacts } from '../../../src/assess/prepare/facts.ts';
import { prepareRows } from '../../../src/assess/prepare/prepareRows.ts';
import type { PrepareRow } from '../../../src/assess/prepare/row.ts';
import type { RoleAssignment } from '../../../src/azure/roleAssignments.ts';
import { roleDefinitionIds } from '../../../src/azure/roleAssignments.ts';
import type { ChangeableResource } from '../../../src/compare/changes/changeable.ts';
import type { Failure } from '../../../src/failure/failure.ts';
import { overviewOf } from '../cli/fakeServices.ts';

const known = <T>(value: T) => ({ ok: true as const, request: 'GET', value });
const failed = (kind: Failure['kind']) => ({ ok: false as const, request: 'GET', failure: { kind, message: 'No.' } });
const group = '/subscriptions/s/resourceGroups/g/providers';
const ids = {
  source: `${group}/Microsoft.HealthcareApis/services/contoso`,
  target: `${group}/Microsoft.HealthcareApis/workspaces/w/fhirservices/f`,
  account: `${group}/Microsoft.Storage/storageAccounts/staging`,
};
const resource = (resourceId: string, json: object, given: Partial<ChangeableResource> = {}) =>
  known<ChangeableResource>({
    ...{ resourceId, name: resourceId.split('/').at(-1) ?? '', tenantId: 't', json: json as Record<string, unknown> },
    permissions: known([{ actions: ['*'], notActions: [] }]),
    locks: known([]),
    ...given,
  });
const role = (scope: string): RoleAssignment => ({
  ...{
    roleDefinitionId: roleDefinitionIds.storageBlobDataContributor,
    principalId: 'p',
    principalType: undefined,
    scope,
  },
});
const identity = { type: 'SystemAssigned', principalId: 'p' };
const sourceJson = { identity, properties: { exportConfiguration: { storageAccountName: 'staging' } } };
const targetJson = {
  identity,
  properties: { importConfiguration: { enabled: true, initialImportMode: false, integrationDataStore: 'staging' } },
};

/** Everything is ready. */
const facts = (given: Partial<PrepareFacts> = {}): PrepareFacts => ({
  plan: overviewOf().plan,
  source: {
    resource: resource(ids.source, sourceJson),
    identityRoles: known([role(ids.account)]),
    access: known('granted'),
  },
  target: {
    resource: resource(ids.target, targetJson),
    identityRoles: known([role(ids.account)]),
    access: known('granted'),
  },
  account: resource(ids.account, { properties: {} }),
  container: known('present'),
  events: known([]),
  targetEvents: undefined,
  workspace: known({ properties: {} }),
  caller: { source: undefined, target: undefined },
  ...given,
});
const rowOf = (id: string, given: Partial<PrepareFacts>): PrepareRow =>
  prepareRows(facts(given)).find((row) => row.id === id) ?? assert.fail(id);

describe('what has to be set for a migration', () => {
  it('is nothing when all is set', () => {
    assert.deepEqual(
      prepareRows(facts()).filter(({ state }) => state !== 'ready'),
      [],
    );
  });

  it('is unknown with the reason, and never ready, when it cannot be seen', () => {
    const { source, target } = facts();
    const rows = prepareRows(
      facts({
        source: { ...source, resource: failed('forbidden') },
        target: { ...target, resource: failed('forbidden'), access: failed('network') },
        ...{ account: failed('notFound'), container: failed('network'), events: failed('forbidden') },
        workspace: failed('forbidden'),
      }),
    );
    const ready = rows.filter(({ state }) => state === 'ready').map(({ id }) => id);
    assert.deepEqual(ready, ['you.export']);
    assert.ok(rows.every(({ current, state }) => state === 'ready' || current === 'Unknown: No.'));
  });

  it('is advice about a server that is known by its address alone', () => {
    const source = { resource: undefined, identityRoles: undefined, access: known('granted' as const) };
    for (const id of ['source.identity', 'source.exportStorage', 'staging.sourceRole', 'network.privateLink'])
      assert.equal(rowOf(id, { source }).state, 'advice', id);
  });

  it('says that a role above the account reaches too far, though it works', () => {
    const { source } = facts();
    const held = (scope: string): PrepareRow =>
      rowOf('staging.sourceRole', { source: { ...source, identityRoles: known([role(scope)]) } });
    const above = held('/subscriptions/s/resourceGroups/g');
    assert.equal(above.state, 'ready');
    assert.equal(above.current, 'held through the resource group g');
    assert.match(above.guidance, /further than the account/);
    assert.equal(held('/subscriptions/s').current, 'held through the subscription');
    const { changes } = rowOf('staging.sourceRole', { source: { ...source, identityRoles: known([]) } });
    assert.equal(changes[0]?.kind === 'role' && changes[0].scope, ids.account);
  });

  it('assigns the role to the identity that is turned on just before, and none to user-assigned or foreign ones', () => {
    const { target } = facts();
    const without = (json: object, tenantId = 't') => ({
      target: { ...target, resource: resource(ids.target, json, { tenantId }), identityRoles: undefined },
    });
    const [change] = rowOf('staging.targetRole', without({ identity: { type: 'None' }, properties: {} })).changes;
    assert.deepEqual(change?.kind === 'role' && change.holder, { identityOf: ids.target });
    const user = without({ identity: { type: 'UserAssigned' }, properties: {} });
    assert.deepEqual(
      [rowOf('staging.targetRole', user).state, rowOf('target.identity', user).state],
      ['advice', 'advice'],
    );
    const foreign = rowOf('staging.targetRole', without({ identity, properties: {} }, 'other'));
    assert.equal(foreign.current, 'the account is in another tenant');
  });

  it('opens the firewall for the workspace and the service, and only where it is closed', () => {
    const account = (properties: object) => ({ account: resource(ids.account, { properties }) });
    const closed = rowOf('staging.network', account({ networkAcls: { defaultAction: 'Deny', bypass: 'None' } }));
    const [change] = closed.changes;
    assert.deepEqual(
      change?.kind === 'settings' &&
        (change.edits[0]?.value as { resourceId: string }[]).map(({ resourceId }) => resourceId),
      [ids.source, ids.target.replace('/fhirservices/f', ''), ids.target],
    );
    const trusted = { networkAcls: { defaultAction: 'Deny', bypass: 'Logging, AzureServices' } };
    assert.equal(rowOf('staging.network', account(trusted)).state, 'ready');
    assert.equal(rowOf('staging.network', account({ publicNetworkAccess: 'Disabled' })).state, 'advice');
    const rules = [
      { tenantId: 't', resourceId: ids.source },
      { tenantId: 't', resourceId: ids.target.replace('/fhirservices/f', '') },
    ];
    const open = { networkAcls: { defaultAction: 'Deny', resourceAccessRules: rules } };
    assert.equal(rowOf('staging.network', account(open)).current, 'rules for both services');
  });

  it('tells Event Grid filters that fire, may fire and do not', () => {
    const events = (subjectBeginsWith: string, furtherFilters = false) => ({
      events: known([{ name: 'e', subjectBeginsWith, furtherFilters }]),
    });
    assert.equal(rowOf('staging.eventGrid', events('')).current, 'e would fire');
    assert.equal(rowOf('staging.eventGrid', events('', true)).current, 'e may fire, depending on further filters');
    assert.equal(rowOf('staging.eventGrid', events('/blobServices/default/containers/migration/x')).state, 'advice');
    assert.equal(rowOf('staging.eventGrid', events('/blobServices/default/containers/other/')).state, 'ready');
  });

  it('tells events that are on, a private path that is missing, and another subscription', () => {
    const { source, target } = facts();
    const eventing = { ...targetJson, properties: { ...targetJson.properties, eventState: 'Enabled' } };
    assert.equal(
      rowOf('target.events', { target: { ...target, resource: resource(ids.target, eventing) } }).state,
      'advice',
    );
    const linked = { ...sourceJson, properties: { ...sourceJson.properties, privateEndpointConnections: [{}] } };
    const link = rowOf('network.privateLink', { source: { ...source, resource: resource(ids.source, linked) } });
    assert.equal(link.state, 'advice');
    assert.match(link.commands.join(), /--group-id healthcareworkspace/);
    const account = resource(ids.account.replace('/s/', '/other/'), { properties: {} });
    const bare = resource(ids.source, { identity, properties: {} });
    const row = rowOf('source.exportStorage', { account, source: { ...source, resource: bare } });
    assert.match(row.guidance, /another subscription/);
  });

  it('gives yourself the role that is refused, or the command where nobody knows who you are', () => {
    const { source } = facts();
    const refused = { source: { ...source, access: failed('forbidden') } };
    assert.equal(rowOf('you.export', refused).state, 'advice');
    const caller = { source: { principalId: 'me', principalType: 'User' as const }, target: undefined };
    const row = rowOf('you.export', { ...refused, caller });
    assert.equal(row.state, 'change');
    assert.match(
      row.commands.join(),
      new RegExp(`--role ${roleDefinitionIds.fhirDataExporter} --scope ${ids.source} --assignee-object-id me`),
    );
  });
});
