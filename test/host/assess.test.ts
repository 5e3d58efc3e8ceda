import assert from 'node:assert/strict';
import { type CodeLens, commands, Uri, window, workspace } from 'vscode';
import type { TestApi } from '../../src/ui/activate/testApi.ts';
import { eventually } from './eventually.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, signedIn } from './signedIn.ts';
import { testApi } from './testApi.ts';
import { sourceName, targetName } from './world.ts';

describe('assessing readiness', () => {
  let api: TestApi;
  before(async () => {
    api = await testApi();
    await signedIn();
  });
  after(async () => {
    api.setPrompts(undefined);
    await commands.executeCommand('fhirMigration.closeFindings');
  });

  const report = () =>
    eventually('the report', () => {
      const editor = window.activeTextEditor;
      return editor?.document.uri.path.startsWith('/readiness/') === true && editor.document;
    });
  const press = async (title: string): Promise<void> => {
    const { uri } = await report();
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
    const found = lenses.find(({ command }) => command?.title.includes(title))?.command;
    assert.ok(found, `${title} is not offered`);
    await commands.executeCommand(found.command, ...((found.arguments ?? []) as unknown[]));
  };
  const row = (label: RegExp) => {
    const found = flat(api.findings()).find((one) => label.test(one.label));
    assert.ok(found, `no row ${String(label)}`);
    return found;
  };

  it('opens a report on a source and its target, and shows the findings in a view', async () => {
    const prompts = new ScriptedPrompts({
      'assessReadiness.source': [sourceName],
      'assessReadiness.target': [targetName],
      'assessReadiness.trial': ['Only look at the services'],
    });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.assessReadiness');
    assert.deepEqual(prompts.unexpected, []);
    const text = (await report()).getText();
    assert.ok(text.startsWith(`# Readiness of ${sourceName} for ${targetName}`), text.slice(0, 200));
    assert.match(text, /Azure API for FHIR is retired/);
    assert.equal(api.contextKey('assessed'), true);
    assert.match(row(/FHIR Proxy/).contextValue, /;finding;open;/);
  });

  it('accepts a finding with a reason, which is kept with the plan, and says that nothing changed', async () => {
    const { shown } = api.ui.findings;
    assert.ok(shown?.target);
    const folder = workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const file = Uri.joinPath(folder, 'assessed.fhirmigration.json');
    const { source, target } = shown;
    const service = ({ kind, name, endpoint }: typeof source) => ({ kind, name, endpoint });
    const staging = { accountName: 'contosostaging', blobEndpoint: 'https://contosostaging.blob.example' };
    const plan = { version: 1, name: 'Assessed', source: service(source), target: service(target), staging };
    await workspace.fs.writeFile(file, Buffer.from(JSON.stringify(plan)));
    try {
      const prompts = new ScriptedPrompts({ 'acceptFinding.reason': ['We have none.'] });
      api.setPrompts(prompts);
      await eventually('the next assessment', async () => {
        await press('Assess Again');
        return (api.ui.findings.shown?.plans ?? []).some(({ path }) => path.endsWith('/assessed.fhirmigration.json'));
      });
      await commands.executeCommand('fhirMigration.acceptFinding', row(/FHIR Proxy/).ref);
      assert.deepEqual(prompts.unexpected, []);
      await eventually('the reason', async () => (await report()).getText().includes('because: We have none.'));
      const kept = JSON.parse(Buffer.from(await workspace.fs.readFile(file)).toString()) as { accepted?: object };
      assert.deepEqual(kept.accepted, { 'integration.fhirProxy': 'We have none.' });
      assert.match(row(/FHIR Proxy/).contextValue, /;accepted;/);
      await press('Assess Again');
      await eventually('the next report', async () => (await report()).getText().includes('Since the last assessment'));
      const text = (await report()).getText();
      assert.match(text, /Accepted because: We have none\./);
      assert.doesNotMatch(text, /^- (?:New|Gone):/m);
    } finally {
      await workspace.fs.delete(file);
    }
  });

  it('shows the portfolio as a table and saves it', async () => {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const file = Uri.joinPath(folder, 'portfolio.csv');
    const prompts = new ScriptedPrompts({ savePortfolio: [file.toString()] });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.showPortfolio');
    const shown = await eventually('the table', () => {
      const document = window.activeTextEditor?.document;
      return document?.uri.path.startsWith('/portfolio/') === true && document;
    });
    assert.match(
      shown.getText(),
      new RegExp(`\\| ${sourceName} \\| Azure API for FHIR \\| westeurope \\| 4\\.0 \\| .*B \\|`),
    );
    const lenses = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', shown.uri, 10);
    const save = lenses.find(({ command }) => command?.title.includes('CSV'))?.command;
    assert.ok(save);
    await commands.executeCommand(save.command, ...((save.arguments ?? []) as unknown[]));
    assert.deepEqual(prompts.unexpected, []);
    const text = Buffer.from(await workspace.fs.readFile(file)).toString();
    assert.match(text, /^Name,Product,Region/);
    await workspace.fs.delete(file);
  });
});
