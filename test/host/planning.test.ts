import assert from 'node:assert/strict';
import type { CodeLens, Diagnostic } from 'vscode';
import { Uri, commands, languages, window, workspace } from 'vscode';

import { eventually } from './eventually.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { serviceRow, signedIn } from './signedIn.ts';
import { otherTargetName, sourceName, targetName } from './world.ts';
import { back } from '../../src/ui/platform/prompts.ts';

const planName = 'contoso-to-contoso-clinical.fhirmigration.json';

function workspaceFile(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder);
  return Uri.joinPath(folder.uri, name);
}

describe('planning a migration', () => {
  it('asks step by step with a way back, and writes a plan file', async () => {
    const api = await signedIn();
    const prompts = new ScriptedPrompts({
      'migrate.target': [otherTargetName, targetName],
      'migrate.staging': [back, 'contosostaging'],
      'migrate.what': ['Some resource types…'],
      'migrate.types': [['Patient', 'Observation']],
      'migrate.versions': [['Older versions']],
      'migrate.ending': ['It ends'],
      'migrate.name': ['Contoso to contoso-clinical'],
      'migrate.folder': ['workspace'],
    });
    api.setPrompts(prompts);
    const source = await serviceRow(api, sourceName);
    await commands.executeCommand('fhirMigration.migrate', source.ref);
    const written = await eventually('the plan file', () =>
      workspace.textDocuments.find(({ uri }) => uri.path.endsWith(`/${planName}`)),
    );
    const plan = JSON.parse(written.getText()) as Record<string, Record<string, unknown>>;
    assert.equal(plan.source?.name, sourceName);
    assert.equal(plan.target?.name, targetName);
    assert.deepEqual(plan.scope, { resourceTypes: ['Patient', 'Observation'], history: true, softDeleted: false });
    assert.deepEqual(prompts.unexpected, []);
    const target = prompts.asked.find(({ id }) => id === 'migrate.target');
    assert.ok(target?.labels.includes(`${sourceName}: This is the source itself.`));
  });

  it('reviews the plan beside it: counts, windows and preflight', async () => {
    const review = await eventually('the review', () =>
      workspace.textDocuments.find(({ uri }) => uri.scheme === 'fhir-migration' && uri.path.startsWith('/plans/')),
    );
    await eventually('counts', () => /Patient: \d+/.test(review.getText()));
    await eventually('checks', () => review.getText().includes('checks passed'));
    assert.match(review.getText(), /\*\*Ready\.\*\*/);
  });

  it('offers to start it, to check it and to review it above its first line', async () => {
    const lenses = await eventually('the links', async () => {
      const found = await commands.executeCommand<CodeLens[]>(
        'vscode.executeCodeLensProvider',
        workspaceFile(planName),
      );
      return found.length >= 4 ? found : undefined;
    });
    const offered = lenses.flatMap(({ command }) => command?.command ?? []);
    for (const command of ['startMigration', 'runPreflight', 'prepare', 'summarizePlan']) {
      assert.ok(offered.includes(`fhirMigration.${command}`), `${command} is not offered`);
    }
  });

  it('uploads a de-identification configuration, names its version in the plan, and passes the preflight with it', async () => {
    const api = await signedIn();
    const file = workspaceFile('de-identified.fhirmigration.json');
    const rules = workspaceFile('rules.json');
    await workspace.fs.copy(workspaceFile(planName), file);
    await workspace.fs.writeFile(rules, Buffer.from('{ "fhirVersion": "R4", "fhirPathRules": [] }'));
    const prompts = new ScriptedPrompts({
      'deidentify.file': [undefined, rules.toString()],
      'deidentify.done': ['preflight'],
    });
    api.setPrompts(prompts);
    const before = (await workspace.openTextDocument(file)).getText();
    await commands.executeCommand('fhirMigration.uploadDeidentification', file);
    assert.equal((await workspace.openTextDocument(file)).getText(), before, 'left without a file');
    await commands.executeCommand('fhirMigration.uploadDeidentification', file);
    const plan = JSON.parse((await workspace.openTextDocument(file)).getText()) as {
      scope: { deidentified: { config: string; etag: string } };
    };
    assert.match(plan.scope.deidentified.config, /^[0-9a-f]{24}\.json$/);
    assert.match(plan.scope.deidentified.etag, /^0x/);
    const report = window.activeTextEditor?.document;
    assert.ok(report);
    assert.match(report.uri.path, /^\/preflight\//);
    await eventually('the check', () =>
      report.getText().includes('Pass: The de-identification configuration is there.'),
    );
    assert.deepEqual(prompts.unexpected, []);
    for (const each of [file, rules]) await workspace.fs.delete(each);
  });

  it('tells what an opened plan file has wrong, where it is wrong', async () => {
    const text = (await workspace.openTextDocument(workspaceFile(planName))).getText();
    const plan = JSON.parse(text) as { source: unknown; target: unknown };
    const wrong = workspaceFile('wrong.fhirmigration.json');
    await workspace.fs.writeFile(wrong, Buffer.from(JSON.stringify({ ...plan, target: plan.source }, undefined, 2)));
    await window.showTextDocument(await workspace.openTextDocument(wrong));
    const problems = await eventually<Diagnostic[]>('problems', () => {
      const found = languages.getDiagnostics(wrong);
      return found.length > 0 ? found : (undefined as never);
    });
    assert.ok(problems.some(({ source }) => source === 'FHIR Migration'));
    await workspace.fs.delete(wrong);
  });

  it('refuses to start a plan that is not valid, and says why', async () => {
    const api = await signedIn();
    const broken = workspaceFile('broken.fhirmigration.json');
    await workspace.fs.writeFile(broken, Buffer.from('{ "version": 1, "surprise": true }'));
    const prompts = new ScriptedPrompts({ 'failure.invalidInput': [undefined] });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.startMigration', broken);
    const told = await eventually('the message', () => prompts.asked.find(({ id }) => id === 'failure.invalidInput'));
    assert.match(told.text, /broken\.fhirmigration\.json is not a valid plan/);
    await workspace.fs.delete(broken);
  });

  it('shows a preflight as a report that says what was seen and what to do', async () => {
    const api = await signedIn();
    api.setPrompts(new ScriptedPrompts());
    await commands.executeCommand('fhirMigration.runPreflight', workspaceFile(planName));
    const report = window.activeTextEditor?.document;
    assert.ok(report);
    assert.match(report.uri.path, /^\/preflight\//);
    const said = await eventually('the report', () => report.getText().includes('**Ready.**') && report.getText());
    assert.match(said, /Pass: Source answers\.[\s\S]*Next step:/);
  });
});
