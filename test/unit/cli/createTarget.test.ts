import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namesIn } from '../../../src/compare/bicep/templateNames.ts';
import type { Services } from '../../../src/services/contract.ts';
import type { TargetServices } from '../../../src/services/targets/contract.ts';
import { nameLike, nameProblem, regionProblem } from '../../../src/ui/targets/names.ts';
import { fakeServices } from './fakeServices.ts';
import { run } from './runCommand.ts';

const bicep = '// fhir-migration: subscription=s resourceGroup=g tenant=t\n';

describe('the commands create-target and deploy-target', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'fhir-migration-target-'))));
  after(() => rm(folder, { recursive: true, force: true }));
  const services = (given: Partial<TargetServices>): Partial<Services> => ({
    targets: { ...fakeServices({}).targets, ...given },
  });

  it('writes the file, tells what is not carried over, and never overwrites one', async () => {
    const out = join(folder, 'new.bicep');
    const given = services({
      propose: (_, place) => {
        assert.deepEqual([place.workspace, place.inWorkspace, place.name, place.tenantId], ['w', false, 'n', 't']);
        return Promise.resolve({ bicep, notCarried: [{ title: 'RU', source: '400', guidance: 'Scales by itself.' }] });
      },
    });
    const words = ['create-target', '--source', '/a', '--subscription', 's', '--tenant', 't', '--group', 'g'];
    const rest = ['--location', 'westeurope', '--workspace', 'w', '--name', 'n', '--out', out];
    const { code, out: printed } = await run(given, [...words, ...rest]);
    assert.equal(code, 0);
    assert.equal(await readFile(out, 'utf8'), bicep);
    assert.match(printed, /not carried over: RU \(400\): Scales by itself\./);
    await assert.rejects(run(given, [...words, ...rest]), /exists already/);
  });

  it('checks names with --what-if, and deploys only with --yes', async () => {
    const file = join(folder, 'deploy.bicep');
    await writeFile(file, bicep);
    const deployed: string[] = [];
    const given = (state: 'available' | 'unknown'): Partial<Services> =>
      services({
        checkNames: () => Promise.resolve([{ name: 'n', of: 'FHIR service', check: { state } }]),
        deploy: (text, { resourceGroup }, _signal, progress) => {
          deployed.push(`${resourceGroup} ${text.length}`);
          progress([{ name: 'n', state: 'Running' }]);
          progress([{ name: 'n', state: 'Running' }]);
          return Promise.resolve();
        },
      });
    assert.equal((await run(given('available'), ['deploy-target', '--file', file, '--what-if'])).code, 0);
    assert.deepEqual(deployed, []);
    const taken = services({
      checkNames: () =>
        Promise.resolve([{ name: 'n', of: 'workspace', check: { state: 'taken', message: 'It is taken.' } }]),
    });
    const refused = await run(taken, ['deploy-target', '--file', file, '--what-if']);
    assert.equal(refused.code, 1);
    assert.match(refused.out, /workspace n: taken: It is taken\./);
    const { code, out } = await run(given('unknown'), ['deploy-target', '--file', file, '--yes']);
    assert.equal(code, 0);
    assert.deepEqual(deployed, [`g ${bicep.length}`]);
    assert.equal(out.split('n: Running').length, 2);
    await writeFile(file, '// nothing\n');
    await assert.rejects(run(given('unknown'), ['deploy-target', '--file', file, '--yes']), /does not say where/);
    await assert.rejects(run(given('unknown'), ['deploy-target', '--file', file]), /--what-if/);
  });
});

describe('names of a target', () => {
  it('are read from a template, whether they are values, parameters or parts of a format', () => {
    const parameters = { w: { type: 'string', defaultValue: 'work' } };
    const workspace = (name: string) => ({ type: 'Microsoft.HealthcareApis/workspaces', name });
    const resources = [
      ...["[parameters('w')]", 'plain', "[toLower('X')]"].map(workspace),
      {
        type: 'microsoft.healthcareapis/workspaces/fhirservices',
        name: "[format('{0}/{1}', parameters('w'), 'it''s')]",
      },
      { type: 'Other/thing', name: 'x' },
      null,
    ];
    assert.deepEqual(namesIn({ parameters, resources }), { workspaces: ['work', 'plain'], services: ["it's"] });
    assert.deepEqual(namesIn({}), { workspaces: [], services: [] });
  });

  it('are proposed so that Azure takes them', () => {
    for (const [text, name] of [
      ['Contoso FHIR (prod)', 'contoso-fhir-prod'],
      ['-', 'fhir'],
      ['a-very-long-name-that-does-not-fit', 'a-very-long-name-that-do'],
    ] as const) {
      assert.equal(nameLike(text), name);
      assert.equal(nameProblem(nameLike(text)), undefined);
    }
    assert.notEqual(nameProblem('Ab'), undefined);
    assert.equal(regionProblem('westeurope'), undefined);
    assert.notEqual(regionProblem('West Europe'), undefined);
  });
});
