import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { SandboxPrincipal } from '../../sandbox/contract.ts';
import { isJsonObject } from '../../sandbox/http.ts';
import { admin, arm, errorCode, follow, send, useSandbox, type CallOptions, type Reply } from './fixture.ts';

const version = '2022-04-01';
const exporter = '3db33094-8700-4567-8da5-1501d4e7e843';
const blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';

describe('roles', () => {
  const sandbox = useSandbox();
  const assignments = (scope: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  const definition = (role: string) => `/providers/Microsoft.Authorization/roleDefinitions/${role}`;

  async function list(
    scope: string,
    filter?: string,
  ): Promise<{ role: string; principalId: unknown; scope: unknown }[]> {
    const query = filter === undefined ? '' : `?$filter=${encodeURIComponent(filter)}`;
    const { json } = await arm(sandbox(), 'GET', `${assignments(scope)}${query}`, { apiVersion: version });
    assert.ok(Array.isArray(json.value));
    return json.value.map((row) => {
      assert.ok(isJsonObject(row) && isJsonObject(row.properties));
      const { roleDefinitionId, principalId, scope: at } = row.properties;
      assert.ok(typeof roleDefinitionId === 'string');
      return { role: roleDefinitionId.split('/').at(-1) ?? '', principalId, scope: at };
    });
  }

  const grant = (scope: string, role: string, principalId: string, name = randomUUID() as string) =>
    arm(sandbox(), 'PUT', `${assignments(scope)}/${name}`, {
      apiVersion: version,
      body: { properties: { roleDefinitionId: definition(role), principalId, principalType: 'ServicePrincipal' } },
    });

  async function fhir(principal: SandboxPrincipal, service: string, method: string, path: string, body?: unknown) {
    const endpoint = sandbox().endpointOf(service);
    const options: CallOptions = {
      token: await sandbox().token(endpoint, principal),
      headers: { prefer: 'respond-async', accept: 'application/fhir+json', 'content-type': 'application/fhir+json' },
      ...(body === undefined ? {} : { body }),
    };
    return (await send(sandbox(), method, `${endpoint}${path}`, options)).status;
  }

  it('are listed at, above and below a scope, and by the filters of the service', async () => {
    const service = sandbox().resourceIdOf('clinical');
    const group = service.split('/').slice(0, 5).join('/');
    const { objectId } = sandbox().addPrincipal([
      { role: 'FHIR Data Reader', at: 'clinical' },
      { role: 'Reader', at: group },
    ]);
    const mine = (rows: { principalId: unknown; scope: unknown }[]) =>
      rows.filter((row) => row.principalId === objectId).map((row) => row.scope);
    assert.deepEqual(mine(await list(service)).sort(), [group, service].sort());
    assert.deepEqual(mine(await list(group)).sort(), [group, service].sort());
    assert.deepEqual(mine(await list(group, 'atScope()')), [group]);
    assert.deepEqual(mine(await list(service, `principalId eq '${objectId}'`)).length, 2);
    const assigned = await list(group, `atScope() and assignedTo('${objectId}')`);
    assert.deepEqual(
      assigned.map((row) => row.scope),
      [group],
    );
    assert.ok((await list(service)).some((row) => row.scope === '/'));
    const bad = await arm(sandbox(), 'GET', `${assignments(group)}?$filter=name%20eq%201`, { apiVersion: version });
    assert.equal(bad.status, 400);
  });

  it('are given, refused a second time, and taken away', async () => {
    const service = sandbox().resourceIdOf('contoso');
    const { objectId } = sandbox().addPrincipal([]);
    const name = randomUUID();
    const given = await grant(service, exporter, objectId, name);
    assert.equal(given.status, 201);
    assert.deepEqual(await list(service, `principalId eq '${objectId}'`), [
      { role: exporter, principalId: objectId, scope: service },
    ]);
    const again = await grant(service, exporter, objectId);
    assert.deepEqual([again.status, errorCode(again)], [409, 'RoleAssignmentExists']);
    const nobody = await grant(service, exporter, randomUUID());
    assert.deepEqual([nobody.status, errorCode(nobody)], [400, 'PrincipalNotFound']);
    const noRole = await grant(service, randomUUID(), objectId);
    assert.equal(errorCode(noRole), 'RoleDefinitionDoesNotExist');
    assert.equal((await arm(sandbox(), 'GET', `${assignments(service)}/${name}`, { apiVersion: version })).status, 200);
    assert.equal(
      (await arm(sandbox(), 'DELETE', `${assignments(service)}/${name}`, { apiVersion: version })).status,
      200,
    );
    assert.equal(
      (await arm(sandbox(), 'DELETE', `${assignments(service)}/${name}`, { apiVersion: version })).status,
      204,
    );
    assert.deepEqual(await list(service, `principalId eq '${objectId}'`), []);
  });

  it('decide what ARM answers: nothing without one, reads for a Reader, no roles from a Contributor', async () => {
    const id = sandbox().resourceIdOf('clinical');
    const none = sandbox().addPrincipal([]);
    const reader = sandbox().addPrincipal([{ role: 'Reader', at: 'clinical' }]);
    const contributor = sandbox().addPrincipal([{ role: 'Contributor', at: 'clinical' }]);
    const refused = await arm(sandbox(), 'GET', id, { as: none });
    assert.deepEqual([refused.status, errorCode(refused)], [403, 'AuthorizationFailed']);
    assert.match(
      refused.text,
      new RegExp(`object id '${none.objectId}' .*'microsoft\\.healthcareapis/workspaces/fhirservices/read'`),
    );
    assert.equal((await arm(sandbox(), 'GET', id, { as: reader })).status, 200);
    assert.equal((await arm(sandbox(), 'PATCH', id, { as: reader, body: { tags: {} } })).status, 403);
    const changed = await arm(sandbox(), 'PATCH', id, { as: contributor, body: { tags: {} } });
    assert.equal(changed.status, 202);
    await follow(sandbox(), changed);
    const name = `${assignments(id)}/${randomUUID()}`;
    const body = { properties: { roleDefinitionId: definition(exporter), principalId: reader.objectId } };
    assert.equal((await arm(sandbox(), 'PUT', name, { as: contributor, body, apiVersion: version })).status, 403);
  });

  it('are told by the permissions of a resource', async () => {
    const principal = sandbox().addPrincipal([
      { role: 'Reader', at: 'clinical' },
      { role: 'FHIR Data Importer', at: 'clinical' },
    ]);
    const path = `${sandbox().resourceIdOf('clinical')}/providers/Microsoft.Authorization/permissions`;
    const { json } = await arm(sandbox(), 'GET', path, { as: principal, apiVersion: version });
    assert.deepEqual(json.value, [
      { actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] },
      {
        actions: [],
        notActions: [],
        dataActions: [
          'Microsoft.HealthcareApis/workspaces/fhirservices/resources/read',
          'Microsoft.HealthcareApis/workspaces/fhirservices/resources/import/action',
        ],
        notDataActions: [],
      },
    ]);
  });

  it('decide what a FHIR service answers, at once when they change', async () => {
    const reader = sandbox().addPrincipal([{ role: 'FHIR Data Reader', at: 'contoso' }]);
    const patient = { resourceType: 'Patient' };
    assert.equal(await fhir(reader, 'contoso', 'GET', '/Patient/none'), 404);
    assert.equal(await fhir(reader, 'contoso', 'POST', '/Patient', patient), 403);
    assert.equal(await fhir(reader, 'contoso', 'GET', '/$export'), 403);
    assert.equal(await fhir(reader, 'clinical', 'GET', '/Patient/none'), 403);
    assert.equal((await grant(sandbox().resourceIdOf('contoso'), exporter, reader.objectId)).status, 201);
    assert.equal(await fhir(reader, 'contoso', 'GET', '/$export'), 202);

    const importer = sandbox().addPrincipal([{ role: 'FHIR Data Importer', at: 'clinical' }]);
    assert.equal(await fhir(importer, 'clinical', 'POST', '/$import', {}), 400);
    assert.equal(await fhir(importer, 'clinical', 'POST', '/Patient', patient), 403);
  });

  it('of Azure API for FHIR can come from its access policies', async () => {
    const local = sandbox().addPrincipal([]);
    assert.equal(await fhir(local, 'contoso', 'GET', '/Patient/none'), 403);
    await admin(sandbox(), 'POST', '/resources', {
      id: sandbox().resourceIdOf('contoso'),
      change: { properties: { accessPolicies: [{ objectId: local.objectId }] } },
    });
    assert.equal(await fhir(local, 'contoso', 'POST', '/Patient', { resourceType: 'Patient' }), 201);
  });

  it("of the service's own identity let its export reach storage, and its absence fails the job", async () => {
    const service = sandbox().resourceIdOf('contoso');
    const account = sandbox().resourceIdOf('contosostaging');
    const { identity } = (await arm(sandbox(), 'GET', service)).json;
    assert.ok(isJsonObject(identity) && typeof identity.principalId === 'string');
    const { principalId } = identity;
    const found = await arm(sandbox(), 'GET', `${assignments(account)}?$filter=principalId%20eq%20'${principalId}'`, {
      apiVersion: version,
    });
    assert.ok(Array.isArray(found.json.value) && isJsonObject(found.json.value[0]));
    assert.ok(typeof found.json.value[0].id === 'string');
    await arm(sandbox(), 'DELETE', found.json.value[0].id, { apiVersion: version });
    const refused = await exportUntilEnded();
    assert.equal(refused.status, 403);
    assert.match(refused.text, /not authorized to perform this operation using this permission/);
    assert.equal((await grant(account, blobContributor, principalId)).status, 201);
    assert.equal((await exportUntilEnded()).status, 200);

    await admin(sandbox(), 'POST', '/resources', {
      id: account,
      change: { properties: { networkAcls: { defaultAction: 'Deny', bypass: 'None', resourceAccessRules: [] } } },
    });
    assert.equal((await exportUntilEnded()).status, 403);
    const resourceAccessRules = [{ tenantId: sandbox().tenantId, resourceId: service }];
    await admin(sandbox(), 'POST', '/resources', {
      id: account,
      change: { properties: { networkAcls: { defaultAction: 'Deny', bypass: 'None', resourceAccessRules } } },
    });
    assert.equal((await exportUntilEnded()).status, 200);
  });

  async function exportUntilEnded(): Promise<Reply> {
    const endpoint = sandbox().endpointOf('contoso');
    const token = await sandbox().token(endpoint);
    const headers = { prefer: 'respond-async', accept: 'application/fhir+json' };
    const started = await send(sandbox(), 'GET', `${endpoint}/$export?_container=roles`, { token, headers });
    assert.equal(started.status, 202);
    for (;;) {
      const status = await send(sandbox(), 'GET', started.headers['content-location'] ?? '', { token });
      if (status.status !== 202) return status;
    }
  }
});
