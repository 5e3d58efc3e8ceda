import assert from 'node:assert/strict';
import { commands, type TabInputTextDiff, window } from 'vscode';
import type { TestApi, TestRow } from '../../src/ui/activate/testApi.ts';
import type { DriftTreeNode } from '../../src/ui/compare/driftNodes.ts';
import { eventually } from './eventually.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { signedIn } from './signedIn.ts';
import { testApi } from './testApi.ts';
import { sourceName, targetName } from './world.ts';

describe('Compare…', () => {
  let api: TestApi;
  before(async () => {
    api = await testApi();
    await signedIn();
  });
  after(() => api.setPrompts(undefined));

  const rowOf = (label: string, rows: readonly TestRow<DriftTreeNode>[] = api.drift()): TestRow<DriftTreeNode> => {
    const found = rows.find((row) => row.label === label);
    return found ?? assert.fail(`${label} is not among ${rows.map((row) => row.label).join(', ')}`);
  };
  const activeTab = () => window.tabGroups.activeTabGroup.activeTab;

  it('opens all texts side by side and lists what differs', async () => {
    const prompts = new ScriptedPrompts({ 'compare.first': [sourceName], 'compare.second': [targetName] });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.compare');
    assert.deepEqual(prompts.unexpected, []);
    assert.equal(api.contextKey('comparing'), true);
    const title = `Compare: ${sourceName} ↔ ${targetName}`;
    await eventually('The multi-file diff', () => activeTab()?.label.startsWith(title));
    const configuration = rowOf('Configuration');
    assert.equal(
      rowOf('Provisioned throughput (RU/s)', configuration.children).description,
      'not possible on the target',
    );
    assert.match(rowOf('Capability Statement').description, /^\d+ differences$/);
    assert.equal(rowOf('Search Parameters').description, 'no drift');
  });

  it('opens the texts of one aspect, read-only and normalised', async () => {
    await commands.executeCommand('fhirMigration.showDrift', rowOf('Configuration').ref);
    const tab = await eventually('The diff', () => {
      const open = activeTab();
      return open?.label.startsWith('Configuration:') === true && open;
    });
    const { original, modified } = tab.input as TabInputTextDiff;
    assert.equal(original.scheme, 'fhir-migration');
    const texts = await eventually('The documents', () => {
      const text = (uri: string) => window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
      const [left, right] = [text(original.toString()), text(modified.toString())];
      return left !== undefined && right !== undefined && [left.document.getText(), right.document.getText()];
    });
    for (const text of texts) assert.match(text, /"audience": "\{service\}"/);
  });

  it('sets differences aside and takes them back, filters, compares again and closes', async () => {
    const before = rowOf('Capability Statement').description;
    const { ref, children } = rowOf('Capability Statement');
    await commands.executeCommand('fhirMigration.excludeDrift', ref, [ref]);
    assert.equal(rowOf('Capability Statement').description, 'no drift');
    await commands.executeCommand('fhirMigration.refreshComparison');
    assert.equal(rowOf('Capability Statement').description, 'no drift');
    const groups = children.map((child) => child.ref);
    await commands.executeCommand('fhirMigration.includeDrift', groups[0], groups);
    assert.equal(rowOf('Capability Statement').description, before);
    api.setPrompts(new ScriptedPrompts({ filterDrift: ['throughput'] }));
    await commands.executeCommand('fhirMigration.filterDrift');
    assert.deepEqual(
      api.drift().map(({ label }) => label),
      ['Configuration'],
    );
    await commands.executeCommand('fhirMigration.closeComparison');
    assert.deepEqual(api.drift(), []);
    assert.equal(api.contextKey('comparing'), false);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });
});
