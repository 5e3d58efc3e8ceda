import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ArmClient } from '../../../src/azure/armClient.ts';
import { edited, type Edit, notHeld, type ResourceJson, valuesNow } from '../../../src/azure/resourceEdits.ts';
import { mayAct } from '../../../src/azure/mayAct.ts';
import { assignmentName } from '../../../src/azure/assignRole.ts';
import { writableBody } from '../../../src/azure/writableBody.ts';
import { bicepText, bicepValue } from '../../../src/compare/bicep/bicepValue.ts';
import { type Change, orderedSteps } from '../../../src/compare/changes/change.ts';
import { changeCommand, shellWord } from '../../../src/compare/changes/changeWords.ts';
import { permissionScript } from '../../../src/compare/changes/permissionScript.ts';
import { openChanges, type RememberedChange } from '../../../src/compare/changes/remembered.ts';
import { FailureError } from '../../../src/failure/failure.ts';
import { undoChanges } from '../../../src/services/changes/undoChanges.ts';
import { versioningEdits } from '../../../src/compare/changes/versioningPolicy.ts';

const json = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()) as fc.Arbitrary<ResourceJson>;
const paths = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 });
const fhir = 'Microsoft.HealthcareApis/workspaces/fhirservices';

describe('changes of a resource', () => {
  it('set what they name, leave everything else, and can be put back', () => {
    fc.assert(
      fc.property(json, paths, fc.jsonValue(), (resource, path, value) => {
        const edits: readonly Edit[] = [{ path, value }];
        const changed = edited(resource, edits);
        assert.deepEqual(notHeld(changed, edits), []);
        const [key] = path;
        for (const [name, item] of Object.entries(resource)) if (name !== key) assert.equal(changed[name], item);
        const back = edited(changed, valuesNow(resource, edits));
        assert.deepEqual(notHeld(back, valuesNow(resource, edits)), []);
      }),
    );
  });

  it('send everything of a service but what is read-only, and never open a closed one', () => {
    const properties = {
      provisioningState: 'Succeeded',
      eventState: 'Disabled',
      publicNetworkAccess: 'Disabled',
      own: 1,
    };
    const resource = {
      ...{ id: '/x', name: 'x', type: fhir, systemData: {}, etag: 'e', location: 'l', kind: 'k' },
      identity: {
        type: 'UserAssigned',
        principalId: 'p',
        tenantId: 't',
        userAssignedIdentities: { '/u': { clientId: 'c' } },
      },
      properties,
    };
    assert.deepEqual(writableBody(resource, fhir), {
      ...{ etag: 'e', location: 'l', kind: 'k', properties: { own: 1 } },
      identity: { type: 'UserAssigned', userAssignedIdentities: { '/u': {} } },
    });
    const gen1 = writableBody(resource, 'Microsoft.HealthcareApis/services');
    assert.deepEqual(gen1.properties, { eventState: 'Disabled', publicNetworkAccess: 'Disabled', own: 1 });
  });

  const settings = (id: string, resourceId: string, ...path: readonly string[]): Change => ({
    kind: 'settings',
    ...{ id, title: id, resourceId, resourceName: 'r', tenantId: undefined },
    edits: [{ path, value: 1 }],
    before: [{ path, value: undefined }],
  });
  const role: Change = {
    kind: 'role',
    ...{ id: 'role', title: 'role', scope: '/s', scopeName: 's', tenantId: undefined, roleDefinitionId: 'd' },
    ...{ holder: { identityOf: '/a/b' }, holderName: 'h' },
  };

  const subscription: Change = {
    kind: 'eventSubscription',
    ...{
      id: 'events',
      title: 'events',
      resourceId: '/e',
      name: 'e',
      scopeName: 'w',
      tenantId: undefined,
      properties: {},
    },
  };

  it('come in the order identity, roles, settings, tags, events, with one write for the settings of a resource', () => {
    const steps = orderedSteps([
      subscription,
      settings('tags', '/A', 'tags', 't'),
      settings('cors', '/A', 'properties', 'cors'),
      role,
      settings('import', '/a', 'properties', 'import'),
      settings('identity', '/A', 'identity', 'type'),
      settings('other', '/b', 'properties', 'x'),
    ]);
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['identity', 'role', 'cors import', 'other', 'tags', 'events'],
    );
  });

  it('are put back with events last, for a service whose events are being switched takes no settings', async () => {
    const refused = (): Promise<never> =>
      Promise.reject(new FailureError({ kind: 'forbidden', message: 'Nobody may do this.' }));
    const record = (at: number, change: Change): RememberedChange => ({
      ...{ id: change.id, at, change, state: 'done', pair: { source: '/a', target: '/b' } },
    });
    const unused = (): never => assert.fail('nothing else is asked');
    const arm = { get: refused, write: unused, query: unused, pages: unused, follow: unused } as unknown as ArmClient;
    const { steps, ok } = await undoChanges(
      [
        record(1, settings('import', '/subscriptions/s/providers/Microsoft.Storage/storageAccounts/a', 'x')),
        record(9, subscription),
      ],
      { arm, store: { add: unused, all: unused }, now: () => 1, openContainer: unused },
      new AbortController().signal,
      () => undefined,
    );
    assert.deepEqual(
      steps.map(({ change, outcome }) => [change.id, outcome]),
      [
        ['import', 'failed'],
        ['events', 'notTried'],
      ],
    );
    assert.equal(ok, false);
  });

  it('are offered back while they hold, the newest first, and containers never', () => {
    const pair = { source: '/A', target: '/B' };
    const record = (id: string, at: number, state: RememberedChange['state'], change = settings(id, '/A', 'x')) => ({
      ...{ id, at, state, change, pair },
    });
    const container: Change = {
      kind: 'container',
      ...{ id: 'c', title: 'c', accountName: 'a', blobEndpoint: 'https://a', tenantId: undefined, container: 'm' },
    };
    const open = openChanges(
      [
        record('1', 1, 'started'),
        record('1', 1, 'done'),
        record('2', 2, 'started'),
        record('3', 3, 'started'),
        record('3', 3, 'failed'),
        record('4', 4, 'done'),
        record('4', 4, 'undone'),
        record('5', 5, 'done', container),
      ],
      { source: '/a', target: '/b' },
    );
    assert.deepEqual(
      open.map(({ id }) => id),
      ['2', '1'],
    );
    assert.deepEqual(openChanges([record('1', 1, 'done')], { source: '/a', target: '/c' }), []);
  });

  it('are commands whose words a shell takes as they are', () => {
    assert.equal(shellWord("it's $(x)"), `'it'\\''s $(x)'`);
    const command = changeCommand(
      settings('i', '/subscriptions/s/providers/Microsoft.HealthcareApis/x', 'properties', 'a'),
    );
    assert.match(command ?? '', /^az resource update --ids \S+ --api-version 2024-03-31 --set properties\.a=1$/);
    const script = permissionScript('clinical', [
      ...[{ principalId: 'p', principalType: 'User', from: 'a\nrm -rf /', role: 'R', state: 'foreign' as const }].map(
        (row) => ({
          ...{ ...row, guidance: 'no', change: undefined, blocked: undefined },
        }),
      ),
    ]);
    assert.ok(script.split('\n').every((line) => line === '' || line.startsWith('#') || line === 'set -eu'));
  });
});

describe('the versioning policy that is carried over', () => {
  const target = (configuration: object): ResourceJson => ({
    properties: { resourceVersionPolicyConfiguration: configuration },
  });
  const from = (...policies: readonly string[]) => Object.fromEntries(policies.map((policy, i) => [`T${i}`, policy]));
  it('sets the default that most types have and overrides the others, and nothing when both mean the same', () => {
    const edits = versioningEdits(
      from('no-version', 'no-version', 'versioned-update'),
      target({ default: 'versioned' }),
    );
    assert.deepEqual(
      edits.map(({ path, value }) => [path.slice(2).join('.'), value]),
      [
        ['default', 'no-version'],
        ['resourceTypeOverrides.T2', 'versioned-update'],
      ],
    );
    assert.deepEqual(versioningEdits(from('versioned', 'versioned'), target({})), []);
    assert.deepEqual(versioningEdits(from('something', 'versioned'), target({})), []);
  });
});

describe('rights of the control plane', () => {
  const contributor = { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] };
  it('are granted by patterns and taken away in the same role', () => {
    assert.ok(mayAct([contributor], `${fhir}/write`));
    assert.ok(!mayAct([contributor], 'Microsoft.Authorization/roleAssignments/write'));
    assert.ok(
      mayAct(
        [contributor, { actions: ['microsoft.authorization/*'], notActions: [] }],
        'Microsoft.Authorization/roleAssignments/write',
      ),
    );
    assert.ok(!mayAct([{ actions: ['*/read'], notActions: [] }], `${fhir}/write`));
    assert.ok(!mayAct([{ actions: ['a*a'], notActions: [] }], 'a'));
    assert.ok(!mayAct([], 'x'));
  });

  it('give an assignment the same name whoever asks, and another one for anything else', () => {
    const wish = {
      scope: '/S',
      scopeName: 's',
      tenantId: undefined,
      roleDefinitionId: 'R',
      principalId: 'P',
      principalType: undefined,
    };
    assert.match(assignmentName(wish), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(assignmentName(wish), assignmentName({ ...wish, scope: '/s', principalId: 'p' }));
    assert.notEqual(assignmentName(wish), assignmentName({ ...wish, principalId: 'q' }));
  });
});

describe('Bicep values', () => {
  it('escape what would mean something inside of a text', () => {
    assert.equal(bicepText("it's ${x}\n\\"), "'it\\'s \\${x}\\n\\\\'");
    assert.equal(
      bicepValue({ a: [1, true, null], 'b c': {}, d: 1.5 }),
      "{\n  a: [\n    1\n    true\n    null\n  ]\n  'b c': {}\n  d: json('1.5')\n}",
    );
  });
});
