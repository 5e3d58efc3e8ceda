import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseArmPath } from '../../sandbox/arm/armPath.ts';
import { evaluateGraphQuery } from '../../sandbox/arm/graphEvaluation.ts';
import { GraphSyntaxError, parseGraphQuery } from '../../sandbox/arm/graphQuery.ts';
import { RoleAssignments } from '../../sandbox/arm/roleAssignments.ts';
import { findRole, grants } from '../../sandbox/arm/roles.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{1,20}$/);

describe('queries of Resource Graph', () => {
  const words = fc.constantFrom(
    ...['Resources', '|', 'where', 'project', 'order', 'by', 'take', 'type', '=~', 'in~', '(', ')', ',', '.', '[', ']'],
    ...[
      "'text'",
      '"x"',
      '12',
      'and',
      'or',
      'not',
      'count',
      'summarize',
      '=',
      'asc',
      'desc',
      '~',
      '!',
      "'open",
      'tolower',
    ],
  );

  it('of any words are read, or refused with the place that is not understood', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 20 }), (parts) => {
        const text = parts.join(' ');
        try {
          parseGraphQuery(text);
        } catch (error) {
          assert.ok(error instanceof GraphSyntaxError, String(error));
          assert.ok(error.position >= 0 && error.position <= text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('filter as the language says, whatever the values', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'B', 'b', "'", '\\', ' ') });
    fc.assert(
      fc.property(fc.array(value), fc.array(value, { minLength: 1 }), (names, wanted) => {
        const list = wanted.map((text) => `'${text.replace(/[\\']/g, '\\$&')}'`).join(', ');
        const rows = names.map((one) => ({ name: one }));
        const run = (operator: string) =>
          evaluateGraphQuery(parseGraphQuery(`Resources | where name ${operator} (${list})`), rows);
        const lower = wanted.map((text) => text.toLowerCase());
        assert.deepEqual(
          run('in'),
          rows.filter((row) => wanted.includes(row.name)),
        );
        assert.deepEqual(
          run('in~'),
          rows.filter((row) => lower.includes(row.name.toLowerCase())),
        );
        assert.deepEqual(
          run('!in~'),
          rows.filter((row) => !lower.includes(row.name.toLowerCase())),
        );
      }),
    );
  });
});

describe('paths of ARM', () => {
  it('mean the same with doubled slashes and with types in another case', () => {
    fc.assert(
      fc.property(fc.uuid(), name, name, name, (subscription, group, workspace, fhir) => {
        const path = (types: readonly [string, string, string, string], slash: string) =>
          [
            ...['', types[0], subscription, types[1], group, types[2], 'Microsoft.HealthcareApis'],
            ...['workspaces', workspace, types[3], fhir],
          ].join(slash);
        const plain = parseArmPath(path(['subscriptions', 'resourceGroups', 'providers', 'fhirservices'], '/'));
        const odd = parseArmPath(path(['SUBSCRIPTIONS', 'resourcegroups', 'PROVIDERS', 'FhirServices'], '//'));
        assert.deepEqual(plain.names, [workspace, fhir]);
        assert.equal(plain.types, 'workspaces/fhirservices');
        for (const key of ['types', 'names', 'namespace', 'subscriptionId', 'resourceGroup'] as const) {
          assert.deepEqual(odd[key], plain[key]);
        }
        assert.equal(odd.id.toLowerCase(), plain.id.toLowerCase());
      }),
    );
  });
});

describe('role assignments', () => {
  const reader = findRole('Reader');
  assert.ok(reader);

  it('hold at their scope and everything below it, and nowhere else', () => {
    const scope = fc.array(name, { maxLength: 4 }).map((parts) => parts.map((part) => `/${part}`).join(''));
    fc.assert(
      fc.property(scope, scope, name, (granted, asked, suffix) => {
        const assignments = new RoleAssignments();
        assignments.add({ scope: granted, role: reader, principalId: 'p', principalType: 'User' });
        const may = (at: string) => assignments.mayAct('p', at, 'Microsoft.HealthcareApis/services/read');
        assert.ok(may(granted.toUpperCase()));
        assert.ok(may(`${granted}/${suffix}`));
        assert.equal(may(asked), asked === granted || asked.startsWith(`${granted}/`));
        assert.equal(may(`${granted}${suffix}`), granted === '');
        assert.ok(!assignments.mayAct('q', granted, 'Microsoft.HealthcareApis/services/read'));
      }),
    );
  });

  it('grant what their patterns say and not what is taken away', () => {
    const role = (name: string) => findRole(name) ?? assert.fail(`There is no role ${name}.`);
    const gen1 = 'Microsoft.HealthcareApis/services/fhir/resources';
    const ahds = 'microsoft.healthcareapis/workspaces/fhirservices/resources';
    assert.ok(grants(role('Contributor'), 'Microsoft.HealthcareApis/services/write', 'actions'));
    assert.ok(!grants(role('Contributor'), 'microsoft.authorization/roleassignments/write', 'actions'));
    assert.ok(!grants(role('Owner'), `${gen1}/read`, 'dataActions'));
    assert.ok(grants(role('FHIR Data Contributor'), `${ahds}/import/action`, 'dataActions'));
    assert.ok(!grants(role('FHIR Data Contributor'), `${ahds}/smart/action`, 'dataActions'));
    assert.ok(!grants(role('FHIR Data Importer'), `${gen1}/read`, 'dataActions'));
    assert.equal(
      findRole('/subscriptions/s/providers/x/roleDefinitions/5A1FC7DF-4bf1-4951-a576-89034ee01acd')?.name,
      'FHIR Data Contributor',
    );
  });
});
