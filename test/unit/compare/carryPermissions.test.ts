import assert from 'node:assert/strict';
import { roleDefinitionIds } from '../../../src/azure/roleAssignments.ts';
import { carryPermissions, type PermissionInput } from '../../../src/compare/changes/carryPermissions.ts';
import { roleDrift, rolesText } from '../../../src/compare/roleDrift.ts';
import { clientAdvice } from '../../../src/compare/changes/clientAdvice.ts';

const target = '/subscriptions/s/resourceGroups/g/providers/Microsoft.HealthcareApis/workspaces/w/fhirservices/f';
const id = (last: string): string => `00000000-0000-4000-8000-${last.padStart(12, '0')}`;
const assignment = (roleDefinitionId: string, principalId: string, principalType = 'User') => ({
  ...{ roleDefinitionId, principalId, principalType, scope: undefined },
});
const roles = (...assignments: readonly ReturnType<typeof assignment>[]) => ({
  ...{ resourceId: '/x', principalId: id('99'), assignments },
});
const input = (given: Partial<PermissionInput> = {}): PermissionInput => ({
  source: { resource: {}, endpoint: 'https://old', authority: undefined, tenantId: 't' },
  sourceRoles: roles(),
  targetRoles: roles(),
  target: {
    ...{ resourceId: target, name: 'f', tenantId: 't', json: {} },
    permissions: { ok: true, request: '', value: [{ actions: ['*'], notActions: [] }] },
    locks: { ok: true, request: '', value: [] },
  },
  ...given,
});
const statesOf = (given: PermissionInput): readonly (readonly [string, string])[] =>
  carryPermissions(given).map(({ role, state }) => [role, state]);

describe('rights to data for the target', () => {
  const { fhirDataReader, fhirDataContributor } = roleDefinitionIds;
  it('are the same roles once, without the own identity and without roles of the control plane', () => {
    const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
    const sourceRoles = roles(
      assignment(fhirDataReader, id('1')),
      assignment(fhirDataReader, id('1').toUpperCase()),
      assignment(fhirDataReader, id('99'), 'ServicePrincipal'),
      assignment(owner, id('2')),
    );
    assert.deepEqual(statesOf(input({ sourceRoles })), [['FHIR Data Reader', 'assign']]);
    const [row] = carryPermissions(input({ sourceRoles }));
    assert.equal(row?.change?.scope, target, 'at the service, not above it');
    const held = roles(assignment(fhirDataReader, id('1')));
    assert.deepEqual(statesOf(input({ sourceRoles, targetRoles: held })), [['FHIR Data Reader', 'held']]);
  });

  it('leave a role that is not known here to somebody, in words', () => {
    const [row] = carryPermissions(input({ sourceRoles: roles(assignment(id('7'), id('1'))) }));
    assert.equal(row?.state, 'check');
    assert.match(row.guidance, /custom one/);
    assert.equal(row.change, undefined);
  });

  it('leave what holds under a condition, and groups of another tenant, to somebody', () => {
    const limited = { ...assignment(fhirDataReader, id('1')), condition: "@Resource[tag] StringEquals 'x'" };
    const [row] = carryPermissions(input({ sourceRoles: roles(limited) }));
    assert.deepEqual([row?.state, row?.change], ['check', undefined]);
    assert.match(row?.guidance ?? '', /condition.*@Resource\[tag\]/);
    const whole = assignment(fhirDataReader, id('1'));
    assert.deepEqual(statesOf(input({ sourceRoles: roles(limited, whole) })), [['FHIR Data Reader', 'assign']]);
    const heldInPart = input({ sourceRoles: roles(whole), targetRoles: roles(limited) });
    assert.deepEqual(statesOf(heldInPart), [['FHIR Data Reader', 'assign']], 'less than the same right');
    const guests = input({ sourceRoles: roles(assignment(fhirDataReader, id('2'), 'ForeignGroup')) });
    assert.deepEqual(statesOf(guests), [['FHIR Data Reader', 'foreign']]);
  });

  it('differ when only one of both holds under a condition', () => {
    const whole = roles(assignment(fhirDataReader, id('1')));
    const limited = roles({ ...assignment(fhirDataReader, id('1')), condition: 'x' } as ReturnType<typeof assignment>);
    const both = { ...limited, assignments: [...whole.assignments, ...limited.assignments] };
    assert.deepEqual(
      [roleDrift(whole, limited), roleDrift(limited, limited), roleDrift(whole, both)].map(([one]) => one?.state),
      ['different', 'copied', 'copied'],
    );
    assert.match(rolesText(limited), /"condition": "x"/);
  });

  it('become FHIR Data Contributor for access policies, unless their ids are of another tenant', () => {
    const policies = (authority: string) => ({
      resource: {
        properties: { accessPolicies: [{ objectId: id('3') }, {}], authenticationConfiguration: { authority } },
      },
      ...{ endpoint: 'https://old', authority: undefined, tenantId: 't-1' },
    });
    const own = input({ source: policies('https://login/T-1'), target: { ...input().target, tenantId: 't-1' } });
    assert.deepEqual(statesOf(own), [['FHIR Data Contributor', 'assign']]);
    const [row] = carryPermissions(own);
    assert.ok(row?.change !== undefined && 'principalType' in row.change.holder);
    assert.equal(row.change.holder.principalType, undefined, 'nobody knows what the id is of');
    assert.deepEqual(statesOf({ ...own, source: policies('https://login/other') }), [
      ['FHIR Data Contributor', 'foreign'],
    ]);
    const abroad = { ...own, target: { ...own.target, tenantId: 't-2' } };
    assert.deepEqual(statesOf(abroad), [['FHIR Data Contributor', 'foreign']]);
  });

  it('say why they cannot be assigned here', () => {
    const permissions = { ok: true as const, request: '', value: [{ actions: ['*/read'], notActions: [] }] };
    const sourceRoles = roles(assignment(fhirDataContributor, id('1')));
    const [row] = carryPermissions(input({ sourceRoles, target: { ...input().target, permissions } }));
    assert.match(row?.blocked ?? '', /roleAssignments\/write/);
  });

  it('tell applications what differs, and nothing else', () => {
    const service = (endpoint: string, authority: string, audience?: string) => ({
      resource: { properties: { authenticationConfiguration: { authority, audience, smartProxyEnabled: true } } },
      ...{ endpoint, authority: undefined },
    });
    const advice = clientAdvice(
      service('https://old/', 'https://login/t', 'api://x'),
      service('https://new', 'https://login/t'),
      [],
    );
    assert.deepEqual(
      advice.changes.map(({ what, from, to }) => [what, from, to]),
      [
        ['Address of the FHIR service', 'https://old', 'https://new'],
        ['Audience (resource) of tokens', 'api://x', 'https://new'],
        ['Scope that is asked for', 'api://x/.default', 'https://new/.default'],
      ],
    );
    assert.ok(advice.notes.some((note) => note.includes('SMART on FHIR proxy is gone')));
  });
});
