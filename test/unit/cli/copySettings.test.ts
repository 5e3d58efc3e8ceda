import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CarryRow } from '../../../src/compare/changes/carryConfiguration.ts';
import type { PermissionRow } from '../../../src/compare/changes/carryPermissions.ts';
import type { RoleChange, SettingsChange } from '../../../src/compare/changes/change.ts';
import type { Services } from '../../../src/services/contract.ts';
import { run } from './runCommand.ts';

const resourceId =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.HealthcareApis/workspaces/w/fhirservices/clinical';
const change: SettingsChange = {
  kind: 'settings',
  ...{ id: 'cors', title: 'CORS', resourceId, resourceName: 'clinical', tenantId: undefined },
  edits: [{ path: ['properties', 'corsConfiguration', 'maxAge'], value: 60 }],
  before: [{ path: ['properties', 'corsConfiguration', 'maxAge'], value: undefined }],
};
const role: RoleChange = {
  kind: 'role',
  ...{ id: 'r', title: 'Reader', scope: resourceId, scopeName: 'clinical', tenantId: undefined },
  ...{ roleDefinitionId: 'd', holder: { principalId: 'p', principalType: 'User' }, holderName: 'User p' },
};
const row = (given: Partial<CarryRow> = {}): CarryRow => ({
  ...{ id: 'cors', title: 'CORS', state: 'change', source: '60', target: 'not set', guidance: 'Look.' },
  ...{ change, blocked: undefined },
  ...given,
});
const permission = (given: Partial<PermissionRow> = {}): PermissionRow => ({
  ...{ principalId: 'p', principalType: 'User', from: 'FHIR Data Reader', role: 'FHIR Data Reader', state: 'assign' },
  ...{ guidance: 'The same role.', change: role, blocked: undefined },
  ...given,
});
const named = { name: 'clinical', endpoint: 'https://clinical', resourceId };
const pair = { source: 'a', target: 'b' };

function services(
  rows: readonly CarryRow[],
  rights: readonly PermissionRow[] = [],
): Partial<Services> & { applied: string[] } {
  const applied: string[] = [];
  return {
    applied,
    carry: {
      configuration: () =>
        Promise.resolve({
          source: named,
          target: named,
          rows,
          pair,
          resources: { [resourceId.toLowerCase()]: { location: 'l' } },
        }),
      permissions: () =>
        Promise.resolve({
          ...{ source: named, target: named, rows: rights, pair },
          clients: { applications: [], changes: [{ what: 'Address', from: 'old', to: 'new' }], notes: [] },
        }),
    },
    changes: {
      apply: (_, changes) => {
        applied.push(...changes.map(({ id }) => id));
        const steps = changes.map((one) => ({ change: one, outcome: 'done' as const, notes: [] }));
        return Promise.resolve({ ok: true, steps });
      },
      remembered: () => Promise.resolve([]),
      undo: () => Promise.reject(new Error('Nothing is there.')),
    },
  };
}
const words = (what: string, ...more: readonly string[]): readonly string[] => [
  ...['copy', what, '--source', '/a', '--target', '/b'],
  ...more,
];

describe('the commands copy configuration and copy permissions', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'fhir-migration-copy-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  it('list with --what-if, change nothing and end with 1 while something is left', async () => {
    const given = services([row(), row({ id: 'throughput', state: 'notPossible', change: undefined })]);
    const { code, out } = await run(given, words('configuration', '--what-if'));
    assert.equal(code, 1);
    assert.match(
      out,
      /TO CARRY {5}CORS \[cors\]\n {13}source: 60\n {13}target: not set\n {13}would change: clinical: properties\.corsConfiguration\.maxAge: not set → 60/,
    );
    assert.deepEqual(given.applied, []);
    const same = services([row({ state: 'same', change: undefined })]);
    assert.equal((await run(same, words('configuration', '--what-if'))).code, 0);
  });

  it('apply with --yes what is chosen and may be written', async () => {
    const given = services([row(), row({ id: 'tags', blocked: 'A lock.' })]);
    assert.equal((await run(given, words('configuration', '--yes', '--only', 'cors'))).code, 0);
    assert.deepEqual(given.applied, ['cors']);
    assert.equal((await run(services([row({ blocked: 'A lock.' })]), words('configuration', '--yes'))).code, 1);
    await assert.rejects(run(given, words('configuration', '--yes', '--only', 'nothing')), /--only knows no nothing/);
    await assert.rejects(run(given, words('configuration')), /--what-if/);
  });

  it('write Bicep and a script, and never over a file', async () => {
    const bicep = join(folder, 'target.bicep');
    await run(services([row()]), words('configuration', '--what-if', '--bicep', bicep));
    assert.match(await readFile(bicep, 'utf8'), /maxAge: 60/);
    await assert.rejects(
      run(services([row()]), words('configuration', '--what-if', '--bicep', bicep)),
      /exists already/,
    );
    const script = join(folder, 'roles.sh');
    await run(services([], [permission()]), words('permissions', '--what-if', '--script', script));
    assert.match(
      await readFile(script, 'utf8'),
      /\naz role assignment create --role d --scope \S+ --assignee-object-id p /,
    );
  });

  it('tell who gets which role, who cannot, and what applications must change', async () => {
    const foreign = permission({ state: 'foreign', change: undefined, guidance: 'Another tenant.' });
    const given = services([], [permission(), permission({ state: 'held', change: undefined }), foreign]);
    const { code, out } = await run(given, words('permissions', '--yes'));
    assert.equal(code, 1);
    assert.deepEqual(given.applied, ['r']);
    assert.match(out, /FOREIGN {6}FHIR Data Reader for User p \(FHIR Data Reader\)\n {13}Another tenant\./);
    assert.match(out, /Applications: Address: old → new/);
    assert.equal((await run(services([], []), words('permissions', '--what-if'))).code, 0);
  });
});
