import assert from 'node:assert/strict';
import { type CodeLens, commands, type TextDocument, Uri, window, workspace } from 'vscode';
import type { DiscoveredService } from '../../src/azure/discovered.ts';
import type { TestApi } from '../../src/ui/activate/testApi.ts';
import { eventually } from './eventually.ts';
import { changeResource, configureService } from './sandboxAdmin.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, serviceRow, signedIn } from './signedIn.ts';
import { otherTargetName, sourceName } from './world.ts';

describe('Settings at Azure', () => {
  let api: TestApi;
  const signal = new AbortController().signal;
  before(async () => {
    api = await signedIn();
    await commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await commands.executeCommand('fhirMigration.closeComparison');
    api.setPrompts(undefined);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  const script = (lines: ConstructorParameters<typeof ScriptedPrompts>[0]): ScriptedPrompts => {
    const prompts = new ScriptedPrompts(lines);
    api.setPrompts(prompts);
    return prompts;
  };
  const known = (name: string): DiscoveredService =>
    api.ui.catalog.services.find((one) => one.name === name) ?? assert.fail(`${name} is not known.`);
  const now = async (name: string): Promise<DiscoveredService> => {
    const { resourceId, tenantId } = known(name);
    return (await api.ui.services()).service(resourceId ?? '', tenantId, signal);
  };
  const pageWith = (words: RegExp): Promise<TextDocument> =>
    eventually(`A document with ${words.source}`, () => {
      const found = window.visibleTextEditors.map(({ document }) => document).find((one) => words.test(one.getText()));
      return found ?? false;
    });
  /** Presses a link above a document. */
  const press = async (page: TextDocument, command: string): Promise<void> => {
    const lens = await eventually(command, async () => {
      const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', page.uri);
      return lenses.find((one) => one.command?.command === command) ?? false;
    });
    await commands.executeCommand(command, ...((lens.command?.arguments ?? []) as unknown[]));
  };
  const fileAt = (name: string): Uri => Uri.joinPath(workspace.workspaceFolders?.[0]?.uri ?? assert.fail(), name);

  it('are seen on one page before a migration, applied after the exact change was shown, and put back', async () => {
    await configureService(otherTargetName, { importEnabled: false });
    const [source, target] = [known(sourceName), known(otherTargetName)];
    const service = ({ kind, name, endpoint, resourceId, tenantId }: DiscoveredService) => ({
      ...{ kind, name, endpoint, resourceId, tenantId },
    });
    const staging = await (await api.ui.services()).storageAccount('contosostaging', source.tenantId, signal);
    const plan = { version: 1, name: 'Settings', source: service(source), target: service(target), staging };
    const file = fileAt('settings.fhirmigration.json');
    await workspace.fs.writeFile(file, Buffer.from(JSON.stringify(plan)));
    await commands.executeCommand('fhirMigration.prepare', file);
    const page = await pageWith(/# Prepare Settings/);
    assert.match(page.getText(), /✗ To set: Import settings of northwind-clinical: off/);
    const prompts = script({
      'prepare.rows': [[`Import settings of ${otherTargetName}`]],
      'changes.confirm': ['show'],
      'changes.confirmShown': ['Apply'],
      'changes.done': [undefined],
    });
    await press(page, 'fhirMigration.applyPreparation');
    assert.deepEqual(prompts.unexpected, []);
    assert.equal((await now(otherTargetName)).importMode, 'incremental');
    await eventually('the page after it', () => page.getText().includes('✓ Ready: Import settings'));
    assert.match(page.getText(), /## Changed for this migration/);
    const undo = script({
      'undoChanges.choose': [[`Import incrementally from ${staging.accountName}`]],
      'undoChanges.confirm': ['undo'],
      'changes.done': [undefined],
    });
    await press(page, 'fhirMigration.undoChanges');
    assert.deepEqual(undo.unexpected, []);
    assert.equal((await now(otherTargetName)).importMode, 'off');
    await configureService(otherTargetName, { importEnabled: true });
    await workspace.fs.delete(file);
  });

  it('are carried over from the rows of a comparison, with the JSON shown before, or as Bicep', async () => {
    await changeResource(known(sourceName).id, { tags: { owner: 'clinic' } });
    const [source, target] = [await serviceRow(api, sourceName), await serviceRow(api, otherTargetName)];
    await commands.executeCommand('fhirMigration.compare', source.ref, [source.ref, target.ref]);
    const row = flat(api.drift()).find(({ label }) => label === 'Tags') ?? assert.fail('Tags are not listed.');
    assert.match(row.contextValue, /;canCarryConfiguration;/);
    const bicep = script({ 'carryConfiguration.rows': [['Tags']], 'carryConfiguration.how': ['Export as Bicep'] });
    await commands.executeCommand('fhirMigration.carryConfiguration', row.ref);
    assert.deepEqual(bicep.unexpected, []);
    await pageWith(/resource fhirService '[\s\S]*owner: 'clinic'/);
    const prompts = script({
      'carryConfiguration.rows': [['Tags']],
      'carryConfiguration.how': ['Preview and Apply…'],
      'changes.confirm': ['apply'],
      'changes.done': [undefined],
    });
    await commands.executeCommand('fhirMigration.carryConfiguration', row.ref);
    assert.deepEqual(prompts.unexpected, []);
    assert.match(prompts.asked.find(({ id }) => id === 'changes.confirm')?.text ?? '', /apply 1 changes/);
    assert.deepEqual((await now(otherTargetName)).tags, { owner: 'clinic' });
    const pair = { source: known(sourceName).id, target: known(otherTargetName).id };
    const title = 'Tags';
    const undo = script({
      'undoChanges.offer': ['choose'],
      'undoChanges.choose': [[title]],
      'undoChanges.confirm': ['undo'],
      'changes.done': [undefined],
    });
    await eventually('the comparison made again', () => !flat(api.drift()).some(({ label }) => label === 'Tags'));
    await commands.executeCommand('fhirMigration.undoChanges', pair, 'atTheEnd');
    assert.deepEqual(undo.unexpected, []);
    assert.deepEqual((await now(otherTargetName)).tags, {});
    await commands.executeCommand('fhirMigration.undoChanges', pair, 'atTheEnd');
    assert.deepEqual(undo.unexpected, [], 'nobody is asked when nothing is left');
  });

  it('tell who may use the data, and what applications must change', async () => {
    const [source, target] = [await serviceRow(api, sourceName), await serviceRow(api, otherTargetName)];
    await commands.executeCommand('fhirMigration.carryPermissions', source.ref, [source.ref, target.ref]);
    const page = await pageWith(/# Permissions of contoso for northwind-clinical/);
    assert.match(page.getText(), /Address of the FHIR service: \S+\/contoso → \S+\/northwind-clinical/);
    await press(page, 'fhirMigration.exportPermissions');
    await pageWith(/^#!\/bin\/sh/);
  });

  it('make a new target from a Bicep file that is proposed, after its names were checked', async () => {
    const file = fileAt('made.target.bicep');
    const source = known(sourceName);
    const prompts = script({
      'createTarget.subscription': ['Contoso 1'],
      'createTarget.group': [source.resourceGroup ?? ''],
      'createTarget.newWorkspace': ['made'],
      'createTarget.name': ['made-fhir'],
      'createTarget.location': ['westeurope'],
      'createTarget.file': [file.toString()],
      'createTarget.deploy': [undefined],
    });
    await commands.executeCommand('fhirMigration.createTarget', (await serviceRow(api, sourceName)).ref);
    assert.deepEqual(prompts.unexpected, []);
    await pageWith(/param fhirServiceName string = 'made-fhir'/);
    const deploy = script({ 'deployTarget.confirm': ['deploy'], 'deployTarget.done': [undefined] });
    await commands.executeCommand('fhirMigration.deployTarget', file);
    assert.deepEqual(deploy.unexpected, []);
    await eventually('the new service in the list', () =>
      api.ui.catalog.services.some(({ name }) => name === 'made-fhir'),
    );
    await workspace.fs.delete(file);
  });
});
