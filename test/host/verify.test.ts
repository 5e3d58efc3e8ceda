import assert from 'node:assert/strict';
import * as v from 'valibot';
import { commands, type TabInputTextDiff, window, workspace } from 'vscode';
import { planSchema } from '../../src/engine/plan.ts';
import { draftPlan } from '../../src/services/planDraft.ts';
import type { TestApi, TestRow } from '../../src/ui/activate/testApi.ts';
import type { DifferenceNode } from '../../src/ui/verify/differenceNodes.ts';
import { serviceNodeOf } from '../../src/ui/commands/selection.ts';
import { eventually } from './eventually.ts';
import { losePatient, writePatient } from './sandboxAdmin.ts';
import { type Line, ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, serviceRow, signedIn } from './signedIn.ts';
import { sourceName, targetName } from './world.ts';

const labels: Readonly<Record<string, string>> = {
  differs: 'Differs',
  missing: 'Missing on Target',
  extra: 'Extra on Target',
  equal: 'Equal',
};

describe('Verify…', function () {
  this.timeout(120_000);
  let api: TestApi;
  before(async () => {
    api = await signedIn();
    api.setPrompts(new ScriptedPrompts({ 'migration.complete': [undefined] }));
    const [source, target] = [(await serviceRow(api, sourceName)).ref, (await serviceRow(api, targetName)).ref];
    const services = await api.ui.services();
    const staging = await services.storageAccount('contosostaging', undefined, new AbortController().signal);
    const [from, to] = [serviceNodeOf(source)?.service, serviceNodeOf(target)?.service];
    assert.ok(from !== undefined && to !== undefined);
    const text = draftPlan('proved', from, to, staging, {});
    const plan = v.parse(planSchema, JSON.parse(text));
    const { phase } = await (await services.startMigration(plan)).stopped();
    assert.equal(phase, 'complete');
    await api.ui.migrations.load();
    await eventually('the migration', () => flat(api.migrations()).some(({ label }) => label === 'proved'));
  });
  after(async () => {
    api.setPrompts(undefined);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  const migration = (): unknown =>
    flat(api.migrations()).find(({ label }) => label === 'proved')?.ref ?? assert.fail('There is no migration.');
  const rows = (): readonly TestRow<DifferenceNode>[] => flat(api.differences());
  const row = (label: string): TestRow<DifferenceNode> =>
    rows().find((one) => one.label === label) ??
    assert.fail(
      `${label} is not among ${rows()
        .map((one) => one.label)
        .join(', ')}`,
    );
  const counts = (): Readonly<Record<string, string>> =>
    Object.fromEntries(['differs', 'missing', 'extra'].map((name) => [name, row(labels[name] ?? '').description]));
  async function run(command: string, script: Readonly<Record<string, readonly Line[]>>, ...words: unknown[]) {
    const prompts = new ScriptedPrompts(script);
    api.setPrompts(prompts);
    await commands.executeCommand(`fhirMigration.${command}`, ...words);
    assert.deepEqual(prompts.unexpected, []);
    return prompts;
  }

  it('proves a migration equal at three depths, and keeps that with it', async () => {
    for (const depth of ['Ledger', 'Range', 'Content']) {
      await run('verify', { 'verify.depth': [depth], 'verify.done': [undefined] }, migration());
      assert.equal(api.contextKey('verified'), true);
      assert.deepEqual(counts(), { differs: '0', missing: '0', extra: '0' });
      assert.notEqual(row('Equal').description, '0');
      const text = window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /\*\*Equal\.\*\*/);
      assert.match(text, /\| Patient /);
    }
    await commands.executeCommand('fhirMigration.openJournal', migration());
    assert.match(window.activeTextEditor?.document.getText() ?? '', /verificationRecorded/);
  });

  it('lists what differs, and shows both resources only while they are looked at', async () => {
    const id = await losePatient(targetName);
    await run('verify', { 'verify.depth': ['Content'], 'verify.done': [undefined] }, migration());
    assert.deepEqual(counts(), { differs: '0', missing: '1', extra: '0' });
    assert.equal(row(id).description, 'never arrived');
    await run('showDifference', {}, row(id).ref);
    const tab = await eventually('the diff', () => {
      const open = window.tabGroups.activeTabGroup.activeTab;
      return open?.label.startsWith(`Patient/${id}`) === true && open;
    });
    const { original, modified } = tab.input as TabInputTextDiff;
    assert.match((await workspace.openTextDocument(original)).getText(), /"resourceType": "Patient"/);
    assert.match((await workspace.openTextDocument(modified)).getText(), /Not there/);
    await window.tabGroups.close(tab);
  });

  it('imports exactly the chosen resources again, after asking', async () => {
    const chosen = row('Missing on Target').ref;
    await run('importAgain', { 'importAgain.confirm': [undefined] }, chosen);
    assert.equal(counts().missing, '1');
    await run('importAgain', { 'importAgain.confirm': ['import'], 'importAgain.done': [undefined] }, chosen);
    assert.equal(counts().missing, '0');
    await run('verifyAgain', { 'verify.done': [undefined] });
    assert.equal(counts().missing, '0');
  });

  it('deletes extras only after the name of the target was typed', async () => {
    const id = await losePatient(sourceName);
    await run('verify', { 'verify.depth': ['Range'], 'verify.done': [undefined] }, migration());
    assert.deepEqual(counts(), { differs: '0', missing: '0', extra: '1' });
    assert.equal(row(id).description, 'not on the source');
    await run('deleteExtras', { 'deleteExtras.confirm': [undefined] }, row(id).ref);
    assert.equal(counts().extra, '1');
    await run('deleteExtras', { 'deleteExtras.confirm': [targetName], 'deleteExtras.done': [undefined] }, row(id).ref);
    assert.equal(counts().extra, '0');
  });

  it('keeps why a difference was accepted, and takes that back', async () => {
    const id = await losePatient(targetName);
    await run('verify', { 'verify.depth': ['Range'], 'verify.done': [undefined] }, migration());
    await run('acceptDifferences', { 'acceptDifferences.reason': ['a test patient'] }, row(id).ref);
    assert.equal(row(id).description, 'accepted: a test patient');
    await run('verifyAgain', { 'verify.done': [undefined] });
    assert.equal(row(id).description, 'accepted: a test patient');
    assert.match(window.activeTextEditor?.document.getText() ?? '', /accepted before/);
    await run('withdrawAcceptance', {}, row(id).ref);
    assert.equal(row(id).description, 'never arrived');
  });

  it('lets people choose whose version stays of what the target wrote itself', async () => {
    const [kept, left] = [await writePatient(targetName), await writePatient(targetName)];
    await run('verify', { 'verify.depth': ['Range'], 'verify.done': [undefined] }, migration());
    assert.equal(row(kept).description, 'written on the target');
    await run('keepTargetVersion', { 'acceptDifferences.reason': ['entered here'] }, row(kept).ref);
    assert.equal(row(kept).description, 'accepted: entered here');
    const script = { 'deleteExtras.confirm': [targetName], 'deleteExtras.done': [undefined] };
    await run('takeSourceVersion', script, row(left).ref);
    assert.ok(!rows().some(({ label }) => label === left));
    await run('verifyAgain', { 'verify.done': [undefined] });
    assert.equal(row(kept).description, 'accepted: entered here');
    await run('takeSourceVersion', script, row(kept).ref);
    assert.equal(counts().extra, '0');
  });

  it('compares any two services, of which only a migration has a ledger', async () => {
    const prompts = await run('verify', {
      'verify.what': ['Any two services'],
      'verify.first': [sourceName],
      'verify.second': [targetName],
      'verify.depth': ['Content of some types…'],
      'verify.types': ['Patient'],
      'verify.done': [undefined],
    });
    const offered = prompts.asked.find(({ id }) => id === 'verify.depth')?.labels ?? [];
    assert.ok(offered.includes('Ledger: Only a migration has a ledger.'), offered.join(', '));
    assert.equal(counts().missing, '1');
    await run('closeVerification', {});
    assert.equal(api.contextKey('verified'), false);
    assert.deepEqual(api.differences(), []);
  });
});
