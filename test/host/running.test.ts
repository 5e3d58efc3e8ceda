import assert from 'node:assert/strict';
import { TabInputWebview, ViewColumn, commands, env, window, workspace } from 'vscode';

import { panelType } from '../../src/ui/panel/migrationPanels.ts';
import { eventually } from './eventually.ts';
import { plan, planFile } from './planned.ts';
import { addFault, clearFaults, configureService } from './sandboxAdmin.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, serviceRow, signedIn } from './signedIn.ts';
import { otherTargetName, sourceName, targetName } from './world.ts';

/** An hour of the sandbox, which nobody waits for. */
const never = { fixedMs: 3_600_000 };

const openPanels = (): string[] =>
  window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof TabInputWebview && input.viewType.includes(panelType))
    .map(({ label }) => label);

describe('a running migration', function () {
  this.timeout(120_000);
  afterEach(() => clearFaults());

  it('is refused while preflight finds something in its way', async () => {
    await plan(targetName, 'blocked');
    const api = await signedIn();
    await configureService(targetName, { initialImportMode: true });
    const prompts = new ScriptedPrompts({ 'failure.invalidInput': [undefined] });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.runPreflight', planFile('blocked'));
    await commands.executeCommand('fhirMigration.startMigration', planFile('blocked'));
    await configureService(targetName, { initialImportMode: false });
    const told = await eventually('the refusal', () => prompts.asked.find(({ id }) => id === 'failure.invalidInput'));
    assert.match(told.text, /blocked was not started/);
    assert.match(window.activeTextEditor?.document.getText() ?? '', /initial/i);
  });

  it('opens its panel, comes to its end, and says so once', async () => {
    await plan(targetName, 'whole');
    const api = await signedIn();
    const prompts = new ScriptedPrompts({ 'migration.complete': ['summary'] });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.startMigration', planFile('whole'));
    await eventually('the panel', () => openPanels().includes('whole'));
    const row = await eventually(
      'the end',
      () =>
        flat(api.migrations()).find(({ label, description }) => label === 'whole' && description.includes('Complete')),
      90_000,
    );
    assert.match(row.accessibleLabel, /whole/);
    await eventually('the summary', () => window.activeTextEditor?.document.uri.path.endsWith('/summary.md'));
    const summary = window.activeTextEditor?.document.getText() ?? '';
    assert.match(summary, /\*\*Complete\.\*\*/);
    assert.match(summary, /Patient/);
    assert.deepEqual(
      prompts.asked.map(({ id }) => id),
      ['migration.complete'],
    );
  });

  it('leaves a journal to read and a text for support, with no resource in it', async () => {
    const api = await signedIn();
    const [row] = flat(api.migrations()).filter(({ label }) => label === 'whole');
    assert.ok(row);
    await commands.executeCommand('fhirMigration.openJournal', row.ref);
    const journal = window.activeTextEditor?.document.getText() ?? '';
    assert.match(journal, /exportAccepted/);
    assert.match(journal, /importAccepted/);
    await commands.executeCommand('fhirMigration.copyForSupport', row.ref);
    const support = await eventually('the text', async () => {
      const text = await env.clipboard.readText();
      return text.includes('whole') ? text : undefined;
    });
    assert.doesNotMatch(support + journal, /"resourceType"|Bearer |sig=/);
  });

  it('has its journal moved to the staging account and back, and is shown from there', async () => {
    const api = await signedIn();
    const found = (): ReturnType<typeof flat>[number] | undefined =>
      flat(api.migrations()).find(({ label }) => label === 'whole');
    const prompts = new ScriptedPrompts({
      'moveJournal.confirm': [undefined, 'move', 'move'],
      'unwatchShared.account': ['contosostaging'],
    });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.moveJournal', found()?.ref);
    assert.doesNotMatch(found()?.description ?? '', /shared/);
    await commands.executeCommand('fhirMigration.moveJournal', found()?.ref);
    await eventually('that it is shared', () => (found()?.description ?? '').includes('shared in contosostaging'));
    assert.match(prompts.asked[0]?.text ?? '', /Move the journal of whole into contosostaging\?/);
    await commands.executeCommand('fhirMigration.refresh');
    await eventually('it again', () => /Complete.*shared in contosostaging/.test(found()?.description ?? ''));
    await commands.executeCommand('fhirMigration.moveJournal', found()?.ref);
    await eventually('that it is here', () => {
      const { description = 'shared' } = found() ?? {};
      return !description.includes('shared');
    });
    await commands.executeCommand('fhirMigration.unwatchShared');
    await eventually('it once more', () => found()?.description.includes('Complete'));
    assert.deepEqual(prompts.unexpected, []);
  });

  it('asks before it starts a second one between the same services', async () => {
    await configureService(otherTargetName, { importTiming: never });
    await plan(otherTargetName, 'long');
    const api = await signedIn();
    const prompts = new ScriptedPrompts({ 'startMigration.again': ['open'] });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.startMigration', planFile('long'));
    await eventually('that it runs', () =>
      flat(api.migrations()).some(
        ({ label, contextValue }) => label === 'long' && /moving|canPause/.test(contextValue),
      ),
    );
    await commands.executeCommand('fhirMigration.startMigration', planFile('long'));
    assert.deepEqual(
      prompts.asked.map(({ id }) => id),
      ['startMigration.again'],
    );
    assert.equal(flat(api.migrations()).filter(({ label }) => label === 'long').length, 1);
  });

  it('is let go of when the account changes, offered to be resumed, and goes on', async () => {
    const api = await signedIn();
    const prompts = new ScriptedPrompts({ resumeOffer: ['resume', 'resume'] });
    api.setPrompts(prompts);
    // Back again as well: each change lets go, and what follows needs a driver that stays.
    for (const [offers, provider] of [
      [1, 'other'],
      [2, undefined],
    ] as const) {
      await workspace.getConfiguration('fhirMigration').update('authentication.provider', provider, true);
      const asked = (): boolean => prompts.asked.filter(({ id }) => id === 'resumeOffer').length === offers;
      await eventually(`offer ${offers}`, asked, 90_000);
      await eventually('that it is driven again', () =>
        (api.ui.migrations.states ?? []).some(({ overview, driven }) => overview.name === 'long' && driven === 'here'),
      );
    }
  });

  it('is cancelled only after a question, and then stops its jobs on the services', async () => {
    const api = await signedIn();
    const row = await eventually('the row', () => flat(api.migrations()).find(({ label }) => label === 'long'));
    const declined = new ScriptedPrompts({ 'cancel.confirm': [undefined] });
    api.setPrompts(declined);
    await commands.executeCommand('fhirMigration.cancel', row.ref);
    assert.doesNotMatch(flat(api.migrations()).find(({ label }) => label === 'long')?.description ?? '', /Cancel/);
    api.setPrompts(new ScriptedPrompts({ 'cancel.confirm': ['cancel'] }));
    await commands.executeCommand('fhirMigration.cancel', row.ref);
    await eventually(
      'the end',
      () =>
        flat(api.migrations()).some(({ label, description }) => label === 'long' && description.includes('Cancelled')),
      60_000,
    );
    await configureService(otherTargetName, { importTiming: {} });
  });

  it('says in a restored panel that its migration is no longer here', async () => {
    const api = await signedIn();
    const panel = window.createWebviewPanel(panelType, 'gone', ViewColumn.Active);
    await api.ui.panels.deserializeWebviewPanel(panel, { migrationId: 'no-such-migration' });
    assert.match(panel.webview.html, /default-src 'none'/);
    assert.equal(panel.webview.options.enableScripts, true);
    panel.dispose();
  });

  it('tells in its own words that a service does not answer', async () => {
    const api = await signedIn();
    await addFault({ service: sourceName, path: '.*', count: 1000, effect: { kind: 'status', status: 503 } });
    const prompts = new ScriptedPrompts({
      'failure.unavailable': [undefined],
      'failure.network': [undefined],
      'failure.throttled': [undefined],
    });
    api.setPrompts(prompts);
    const [source, target] = [await serviceRow(api, sourceName), await serviceRow(api, targetName)];
    await commands.executeCommand('fhirMigration.compareMetadata', source.ref, [source.ref, target.ref]);
    const told = await eventually('the message', () => prompts.asked[0], 60_000);
    assert.match(told.text, /contoso|503/);
  });
});
