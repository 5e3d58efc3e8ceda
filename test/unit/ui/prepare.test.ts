import assert from 'node:assert/strict';
import type { PrepareRow } from '../../../src/assess/prepare/row.ts';
import type { SettingsChange } from '../../../src/compare/changes/change.ts';
import type { PermissionRow } from '../../../src/compare/changes/carryPermissions.ts';
import { changeReportMarkdown } from '../../../src/ui/changes/changeReport.ts';
import { permissionMarkdown } from '../../../src/ui/changes/permissionReport.ts';
import { previewsOf } from '../../../src/ui/changes/previews.ts';
import { prepareMarkdown } from '../../../src/ui/prepare/prepareReport.ts';
import { overviewOf } from '../cli/fakeServices.ts';

const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.HealthcareApis/workspaces/w/fhirservices/clinical';
const change: SettingsChange = {
  kind: 'settings',
  id: 'target.import',
  title: 'Import incrementally',
  resourceId: id,
  resourceName: 'clinical',
  tenantId: undefined,
  edits: [{ path: ['properties', 'importConfiguration', 'enabled'], value: true }],
  before: [{ path: ['properties', 'importConfiguration', 'enabled'], value: false }],
};
const row: PrepareRow = {
  id: 'target.import',
  title: 'Import settings of clinical',
  state: 'change',
  current: 'off',
  wanted: 'on',
  guidance: '',
  changes: [change],
  blocked: undefined,
  commands: ['az resource update --set a=true'],
};

describe('the page of a preparation', () => {
  const { plan } = overviewOf();
  const page = (rows: readonly PrepareRow[], open: Parameters<typeof prepareMarkdown>[2] = []): string =>
    prepareMarkdown(plan, { rows, pair: { source: 'a', target: 'b' }, resources: {}, takenAt: 0 }, open);

  it('shows what is, what is wanted, the exact change and the command', () => {
    const text = page([row]);
    assert.match(text, /\*\*Not ready\.\*\*/);
    assert.match(
      text,
      /### ✗ To set: Import settings of clinical\n- Now: off\n- Wanted: on\n- Change: clinical: properties\.importConfiguration\.enabled: false → true/,
    );
    assert.match(text, /````sh\naz resource update --set a=true\n````/);
    assert.match(page([{ ...row, state: 'ready', changes: [], commands: [] }]), /\*\*Ready\.\*\*/);
  });

  it('says why something cannot be applied here, and what was changed already', () => {
    const record = { id: '1', at: 0, pair: { source: 'a', target: 'b' }, change, state: 'done' as const };
    const text = page([{ ...row, blocked: 'Your account may not.' }], [record]);
    assert.match(text, /- Cannot be applied here: Your account may not\./);
    assert.match(text, /## Changed for this migration\n\n- .*clinical: properties/);
  });

  it('shows words of others as text, and lets nothing out of the block of commands', () => {
    const text = page([{ ...row, current: '<b>[x](http://y)</b>', commands: ['az ````\n# x'] }]);
    assert.ok(!text.includes('<b>') && !text.includes('[x]('));
    assert.match(text, /````sh\naz {2}# x\n````/);
  });

  it('tells of each write what became of it, with the command for what is left', () => {
    const failure = { kind: 'conflict' as const, message: 'clinical was changed.', nextStep: 'Look again.' };
    const text = changeReportMarkdown('Prepare', {
      ok: false,
      steps: [
        { change, outcome: 'done', notes: ['And another thing.'] },
        { change, outcome: 'failed', failure, notes: [] },
        { change, outcome: 'notTried', notes: [] },
      ],
    });
    const headings = text.split('\n').filter((line) => line.startsWith('## '));
    assert.deepEqual(headings, [
      '## ✓ Done: Import incrementally',
      '## ✗ Failed: Import incrementally',
      '## – Not tried: Import incrementally',
    ]);
    assert.equal(text.split('az resource update').length - 1, 2);
  });

  it('shows the JSON of a resource as it is sent, unknown keys included and read-only ones left out', () => {
    const json = {
      id,
      etag: '"1"',
      properties: { provisioningState: 'Succeeded', importConfiguration: { enabled: false, later: 1 }, future: [1] },
    };
    const [preview] = previewsOf([change], { [id.toLowerCase()]: json });
    assert.deepEqual(JSON.parse(preview?.after ?? ''), {
      etag: '"1"',
      properties: { importConfiguration: { enabled: true, later: 1 }, future: [1] },
    });
    assert.equal(preview?.before.replace('false', 'true'), preview?.after);
  });
});

describe('the page of permissions', () => {
  const named = { name: 'clinical', endpoint: 'https://clinical', resourceId: id };
  const right = {
    ...{ principalId: 'p', principalType: 'User', from: 'access policy', role: 'FHIR Data Reader' },
    ...{ state: 'assign' as const, guidance: 'Assign it.', change: undefined, blocked: undefined },
  };
  const page = (rows: readonly PermissionRow[]): string =>
    permissionMarkdown({
      ...{ source: named, target: named, rows, pair: { source: 'a', target: 'b' } },
      clients: { applications: ['app'], changes: [{ what: 'Audience', from: 'old', to: 'new' }], notes: ['Note.'] },
    });

  it('shows who has what, what to do, and what applications must change', () => {
    const text = page([right, { ...right, state: 'foreign', guidance: '<i>other</i>' }]);
    assert.match(text, /2 of 2 rights are not held on the target\./);
    assert.match(text, /\| ✗ To assign +\| FHIR Data Reader \| User p +\| access policy/);
    assert.match(text, /- Audience: old → new\n/);
    assert.ok(!text.includes('<i>'));
    assert.match(page([{ ...right, state: 'held' }]), /\*\*Ready\.\*\*/);
  });
});
