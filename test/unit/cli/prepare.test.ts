import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrepareRow } from '../../../src/assess/prepare/row.ts';
import type { Change } from '../../../src/compare/changes/change.ts';
import type { Services } from '../../../src/services/contract.ts';
import type { Preparation } from '../../../src/services/prepare/contract.ts';
import { overviewOf } from './fakeServices.ts';
import { run } from './runCommand.ts';

const change: Change = {
  kind: 'settings',
  id: 'source.exportStorage',
  title: 'Export to staging',
  resourceId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.HealthcareApis/services/contoso',
  resourceName: 'contoso',
  tenantId: undefined,
  edits: [{ path: ['properties', 'exportConfiguration', 'storageAccountName'], value: 'staging' }],
  before: [{ path: ['properties', 'exportConfiguration', 'storageAccountName'], value: undefined }],
};
const row = (given: Partial<PrepareRow> = {}): PrepareRow => ({
  id: 'source.exportStorage',
  title: 'Export storage',
  state: 'change',
  current: 'not set',
  wanted: 'staging',
  guidance: '',
  changes: [change],
  blocked: undefined,
  commands: ['az resource update'],
  ...given,
});
const prepared = (...rows: readonly PrepareRow[]): Preparation => ({
  rows,
  pair: { source: 'a', target: 'b' },
  resources: {},
  takenAt: 0,
});

describe('the command prepare', () => {
  let folder = '';
  let plan = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fhir-migration-prepare-'));
    plan = join(folder, 'plan.fhirmigration.json');
    await writeFile(plan, JSON.stringify(overviewOf().plan));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const services = (preparation: Preparation, failing = false): { given: Partial<Services>; applied: Change[] } => {
    const applied: Change[] = [];
    const given: Partial<Services> = {
      prepare: () => Promise.resolve(preparation),
      changes: {
        apply: (_, changes) => {
          applied.push(...changes);
          const failure = { kind: 'conflict' as const, message: 'contoso was changed.' };
          return Promise.resolve({
            ok: !failing,
            steps: changes.map((one) =>
              failing
                ? { change: one, outcome: 'failed' as const, failure, notes: [] }
                : { change: one, outcome: 'done' as const, notes: [] },
            ),
          });
        },
        remembered: () => Promise.resolve([{ id: '1', at: 0, pair: preparation.pair, change, state: 'done' }]),
        undo: (records) =>
          Promise.resolve({
            ok: true,
            steps: records.map((one) => ({ change: one.change, outcome: 'done', notes: [] })),
          }),
      },
    };
    return { given, applied };
  };

  it('lists with --what-if and changes nothing, and ends with 1 while something is left', async () => {
    const { given, applied } = services(prepared(row(), row({ id: 'b', state: 'ready', changes: [], commands: [] })));
    const { code, out } = await run(given, ['prepare', '--plan', plan, '--what-if']);
    assert.equal(code, 1);
    assert.match(out, /TO SET {3}Export storage \[source\.exportStorage\]\n {9}now: not set\n {9}wanted: staging/);
    assert.match(out, /contoso: properties\.exportConfiguration\.storageAccountName: not set → staging/);
    assert.match(out, /Nothing was changed\./);
    assert.deepEqual(applied, []);
    const nothing = services(prepared(row({ state: 'ready', changes: [] })));
    assert.equal((await run(nothing.given, ['prepare', '--plan', plan, '--what-if'])).code, 0);
  });

  it('applies with --yes what it may, and leaves the rest with the command for somebody else', async () => {
    const { given, applied } = services(
      prepared(row(), row({ id: 'target.import', blocked: 'Your account may not.' })),
    );
    const { code, out } = await run(given, ['prepare', '--plan', plan, '--yes']);
    assert.equal(code, 1);
    assert.equal(applied.length, 1);
    assert.match(out, /Your account may not\.\n {9}az resource update/);
    const one = services(prepared(row()));
    assert.equal((await run(one.given, ['prepare', '--plan', plan, '--yes'])).code, 0);
    const failing = services(prepared(row()), true);
    const failed = await run(failing.given, ['prepare', '--plan', plan, '--yes', '--json']);
    assert.equal(failed.code, 2);
    assert.ok(failed.records.some(({ event }) => event === 'failure'));
  });

  it('lists and puts back what was changed', async () => {
    const { given } = services(prepared(row()));
    assert.equal((await run(given, ['prepare', '--plan', plan, '--undo', '--what-if'])).code, 1);
    const { code, out } = await run(given, ['prepare', '--plan', plan, '--undo', '--yes']);
    assert.equal(code, 0);
    assert.match(out, /^done/);
  });

  it('wants to be told whether to change, and only rows that are there', async () => {
    const { given } = services(prepared(row()));
    await assert.rejects(run(given, ['prepare', '--plan', plan]), /--what-if/);
    await assert.rejects(run(given, ['prepare', '--plan', plan, '--yes', '--only', 'x']), /--only knows no x/);
  });
});
