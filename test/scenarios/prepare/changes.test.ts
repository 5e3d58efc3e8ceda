import assert from 'node:assert/strict';
import type { Change, RoleChange, SettingsChange } from '../../../src/compare/changes/change.ts';
import type { ChangeReport, ChangeServices } from '../../../src/services/changes/contract.ts';
import type { Fault } from '../../sandbox/contract.ts';
import { admin, arm, follow } from '../../contract/arm/fixture.ts';
import { isJsonObject, type JsonObject } from '../../sandbox/http.ts';
import { never, until } from '../clients/fixture.ts';
import { useServices } from '../compare/fixture.ts';
import { armWrites } from './fixture.ts';

const at = (json: JsonObject, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), json);
const pair = { source: '/a', target: '/b' };

describe("Writing to Azure's control plane", function () {
  this.timeout(60_000);
  const world = useServices({
    services: [
      { name: 'contoso', flavour: 'azureApiForFhir', exportEnabled: false },
      { name: 'clinical', flavour: 'ahds' },
    ],
  });
  const idOf = (name: string): string => world().sandbox.resourceIdOf(name);
  const get = async (name: string): Promise<JsonObject> => (await arm(world().sandbox, 'GET', idOf(name))).json;
  const changes = (): ChangeServices => world().services.changes;
  const setting = (name: string, path: readonly string[], was: unknown, value: unknown): SettingsChange => ({
    kind: 'settings',
    id: `${name} ${path.join('.')}`,
    title: 'Set it',
    resourceId: idOf(name),
    resourceName: name,
    tenantId: world().sandbox.tenantId,
    edits: [{ path, value }],
    before: [{ path, value: was }],
  });
  const maxAge = ['properties', 'corsConfiguration', 'maxAge'];
  const cors = (was: unknown, value: unknown): SettingsChange => setting('clinical', maxAge, was, value);
  const maxAgeNow = async (): Promise<unknown> => at(await get('clinical'), ...maxAge);
  const fault = (method: string, effect: Fault['effect'], count = 1): void =>
    world().sandbox.addFault({ service: 'arm', method, path: 'clinical', count, effect });
  const only = (report: ChangeReport) =>
    report.steps.map(({ outcome, failure }) => [outcome, failure?.kind, failure?.status]);

  afterEach(() => world().sandbox.clearFaults());

  it('is refused with 412 when somebody was faster, and nothing is written', async () => {
    const { sandbox } = world();
    fault('PUT', { kind: 'status', status: 412, body: '{"error":{"code":"PreconditionFailed","message":"etag"}}' });
    const report = await changes().apply(pair, [cors(null, 600)], never);
    assert.deepEqual(only(report), [['failed', 'conflict', 412]]);
    assert.match(report.steps[0]?.failure?.message ?? '', /clinical has none of the new values/);
    assert.equal(await maxAgeNow(), null);
    sandbox.resetCounters();
    const seenOtherwise = await changes().apply(pair, [cors(60, 600)], never);
    assert.deepEqual(only(seenOtherwise), [['failed', 'conflict', undefined]]);
    assert.match(seenOtherwise.steps[0]?.failure?.message ?? '', /maxAge was changed meanwhile\. Nothing was written/);
    assert.equal(armWrites(sandbox), 0);
  });

  it('sends the etag that it read, so that a change between reading and writing is not lost', async () => {
    const { sandbox } = world();
    // The answer of the GET is slow: by the time of the PUT somebody else has written.
    fault('GET', { kind: 'slow', ms: 1_500 });
    sandbox.resetCounters();
    const running = changes().apply(pair, [cors(null, 601)], never);
    await until(
      () => Promise.resolve(sandbox.counters('arm')['ARM GET'] ?? 0),
      (count) => count > 0,
    );
    await follow(sandbox, await arm(sandbox, 'PATCH', idOf('clinical'), { body: { tags: { by: 'another' } } }));
    assert.deepEqual(only(await running), [['failed', 'conflict', 412]]);
    const now = await get('clinical');
    assert.deepEqual(now.tags, { by: 'another' });
    assert.equal(at(now, ...maxAge), null);
    await follow(sandbox, await arm(sandbox, 'PATCH', idOf('clinical'), { body: { tags: {} } }));
  });

  it('is refused before it is sent while the service is changed or its events are switched', async () => {
    const { sandbox } = world();
    for (const [key, value, calm] of [
      ['provisioningState', 'Updating', 'Succeeded'],
      ['provisioningState', 'SomethingNew', 'Succeeded'],
      ['eventState', 'Updating', 'Disabled'],
    ] as const) {
      await admin(sandbox, 'POST', '/resources', { id: idOf('clinical'), change: { properties: { [key]: value } } });
      sandbox.resetCounters();
      const report = await changes().apply(pair, [cors(null, 600)], never);
      assert.deepEqual(only(report), [['failed', 'conflict', undefined]], value);
      assert.equal(armWrites(sandbox), 0);
      await admin(sandbox, 'POST', '/resources', { id: idOf('clinical'), change: { properties: { [key]: calm } } });
    }
  });

  it('waits as 429 asks, tells 409 in the words of the provider, and knows that both wrote nothing', async () => {
    fault('PUT', { kind: 'status', status: 429, headers: { 'retry-after': '0' }, body: '{}' }, 2);
    assert.ok((await changes().apply(pair, [cors(null, 300)], never)).ok);
    fault('PUT', { kind: 'status', status: 409, body: '{"error":{"code":"Conflict","message":"another operation"}}' });
    const report = await changes().apply(pair, [cors(300, 301)], never);
    assert.deepEqual(only(report), [['failed', 'conflict', 409]]);
    assert.deepEqual(report.steps[0]?.failure?.diagnostics, ['another operation']);
    assert.equal(await maxAgeNow(), 300);
    await changes().undo(await changes().remembered(pair), never);
  });

  it('looks at the service when the answer is lost: what arrived is done', async () => {
    fault('PUT', { kind: 'lostReply' });
    const report = await changes().apply(pair, [cors(null, 120)], never);
    assert.deepEqual(only(report), [['done', undefined, undefined]]);
    assert.equal(await maxAgeNow(), 120);
    fault('PUT', { kind: 'drop' });
    const dropped = await changes().apply(pair, [cors(120, 121)], never);
    assert.equal(dropped.steps[0]?.failure?.kind, 'network');
    assert.match(dropped.steps[0].failure.message, /none of the new values/);
    assert.equal(await maxAgeNow(), 120);
  });

  it('stops at the first that fails half-way, and says what is done and what was not tried', async () => {
    const { sandbox } = world();
    const steps: readonly Change[] = [
      setting('contoso', ['properties', 'exportConfiguration', 'storageAccountName'], undefined, 'contosostaging'),
      cors(120, 240),
      setting('clinical', ['tags'], {}, { team: 'a' }),
    ];
    sandbox.addFault({
      service: 'arm',
      method: 'PUT',
      path: 'clinical',
      count: 1,
      effect: { kind: 'status', status: 400, body: '{"error":{"code":"BadRequest","message":"no"}}' },
    });
    const report = await changes().apply(pair, steps, never);
    assert.deepEqual(
      report.steps.map(({ outcome }) => outcome),
      ['done', 'failed', 'notTried'],
    );
    assert.equal(await maxAgeNow(), 120);
    assert.deepEqual((await get('clinical')).tags, {});
    const open = await changes().remembered(pair);
    assert.deepEqual(open.at(0)?.change.id, steps[0]?.id);
    assert.ok((await changes().undo(open, never)).ok);
    assert.equal(at(await get('contoso'), 'properties', 'exportConfiguration', 'storageAccountName'), undefined);
  });

  it("tells an operation that fails afterwards in the provider's words", async () => {
    const { sandbox } = world();
    const failNext = { code: 'StorageNotFound', message: 'The storage account does not exist.' };
    for (const style of ['azureAsyncOperation', 'location'] as const) {
      const set = await admin(sandbox, 'POST', '/operations', { style, failNext });
      assert.ok(set.status < 300, set.text);
      const report = await changes().apply(pair, [cors(null, 77)], never);
      const [step] = report.steps;
      assert.equal(step?.outcome, 'failed', style);
      assert.deepEqual(step.failure?.diagnostics, [failNext.message]);
      await admin(sandbox, 'POST', '/resources', {
        id: idOf('clinical'),
        change: {
          properties: { provisioningState: 'Succeeded', corsConfiguration: { maxAge: null } },
        },
      });
    }
    for (const style of ['location', 'resource', 'azureAsyncOperation'] as const) {
      await admin(sandbox, 'POST', '/operations', { style });
      assert.ok((await changes().apply(pair, [cors(null, 88)], never)).ok, style);
      await changes().undo(await changes().remembered(pair), never);
    }
  });

  it('merges tags, and assigns a role twice only once', async () => {
    const tagged = setting('clinical', ['tags', 'team'], undefined, 'a');
    await arm(world().sandbox, 'PATCH', idOf('clinical'), { body: { tags: { owner: 'me' } } });
    await get('clinical');
    await get('clinical');
    await get('clinical');
    assert.ok((await changes().apply(pair, [tagged], never)).ok);
    assert.deepEqual((await get('clinical')).tags, { owner: 'me', team: 'a' });
    const { objectId } = world().sandbox.addPrincipal([]);
    const role: RoleChange = {
      kind: 'role',
      id: 'r',
      title: 'Role',
      scope: idOf('clinical'),
      scopeName: 'clinical',
      tenantId: world().sandbox.tenantId,
      roleDefinitionId: '4c8d0bbc-75d3-4935-991f-5f3c56d81508',
      holder: { principalId: objectId, principalType: 'ServicePrincipal' },
      holderName: 'somebody',
    };
    assert.deepEqual(only(await changes().apply(pair, [role], never)), [['done', undefined, undefined]]);
    assert.deepEqual(only(await changes().apply(pair, [role], never)), [['already', undefined, undefined]]);
    assert.ok((await changes().undo(await changes().remembered(pair), never)).ok);
    assert.deepEqual((await get('clinical')).tags, { owner: 'me' });
    const foreign = {
      ...role,
      holder: { principalId: '99999999-0000-4000-8000-000000000000', principalType: 'User' as const },
    };
    const refused = await changes().apply(pair, [foreign], never);
    assert.match(refused.steps[0]?.failure?.nextStep ?? '', /another tenant/);
  });

  it('takes a role back whose assignment was made and whose answer was lost', async () => {
    const { sandbox } = world();
    const { objectId } = sandbox.addPrincipal([]);
    const scope = idOf('clinical');
    const role: RoleChange = {
      ...{ kind: 'role', id: 'lost', title: 'Role', scope, scopeName: 'clinical', tenantId: sandbox.tenantId },
      roleDefinitionId: '4c8d0bbc-75d3-4935-991f-5f3c56d81508',
      holder: { principalId: objectId, principalType: 'ServicePrincipal' },
      holderName: 'somebody',
    };
    const held = async (): Promise<boolean> => {
      const path = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
      return (await arm(sandbox, 'GET', path, { apiVersion: '2022-04-01' })).text.includes(objectId);
    };
    sandbox.addFault({
      service: 'arm',
      method: 'PUT',
      path: 'roleAssignments',
      count: 1,
      effect: { kind: 'lostReply' },
    });
    const report = await changes().apply(pair, [role], never);
    assert.deepEqual(only(report), [['unknown', 'network', undefined]]);
    assert.ok(await held());
    const open = (await changes().remembered(pair)).filter(({ change }) => change.id === 'lost');
    assert.equal(open.length, 1);
    assert.ok((await changes().undo(open, never)).ok);
    assert.ok(!(await held()));
  });

  it('leaves what somebody else has changed since', async () => {
    const { sandbox } = world();
    assert.ok((await changes().apply(pair, [cors(null, 5)], never)).ok);
    await admin(sandbox, 'POST', '/resources', {
      id: idOf('clinical'),
      change: { properties: { corsConfiguration: { maxAge: 6 } } },
    });
    const report = await changes().undo(await changes().remembered(pair), never);
    assert.deepEqual(only(report), [['failed', 'conflict', undefined]]);
    assert.equal(await maxAgeNow(), 6);
  });

  it('makes no write for an account that may only read, which is told what it lacks', async () => {
    const { sandbox } = world();
    sandbox.resetCounters();
    sandbox.addFault({
      service: 'arm',
      method: 'PUT',
      path: 'contoso',
      count: 1,
      effect: { kind: 'status', status: 403, body: '{"error":{"code":"AuthorizationFailed","message":"no write"}}' },
    });
    const path = ['properties', 'exportConfiguration', 'storageAccountName'];
    const report = await changes().apply(pair, [setting('contoso', path, undefined, 'x')], never);
    assert.deepEqual(only(report), [['failed', 'forbidden', 403]]);
    assert.match(report.steps[0]?.failure?.nextStep ?? '', /Contributor on contoso/);
  });
});
