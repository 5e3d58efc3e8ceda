import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, TabInputWebview, Uri, window } from 'vscode';

import { migrationId } from '../../src/engine/ids.ts';
import { reportPanelType } from '../../src/ui/report/reportPanels.ts';
import { eventually } from './eventually.ts';
import { ScriptedPrompts, type Line } from './scriptedPrompts.ts';
import { flat, signedIn } from './signedIn.ts';

/** The migration that an earlier file brought to its end. */
async function whole(): Promise<{ readonly ref: unknown; readonly id: string }> {
  const api = await signedIn();
  const row = await eventually('the migration', () => flat(api.migrations()).find(({ label }) => label === 'whole'));
  const id = (api.ui.migrations.states ?? []).find(({ overview }) => overview.name === 'whole')?.overview.id ?? '';
  return { ref: row.ref, id };
}

const textOf = (name: string): string | undefined => {
  const document = window.activeTextEditor?.document;
  return document?.uri.path.includes(name) === true ? document.getText() : undefined;
};

/** Does what a button above the shown page does. */
async function press(title: RegExp, script: Readonly<Record<string, readonly Line[]>> = {}): Promise<ScriptedPrompts> {
  const api = await signedIn();
  const prompts = new ScriptedPrompts(script);
  api.setPrompts(prompts);
  const uri = window.activeTextEditor?.document.uri;
  assert.ok(uri);
  const lens = await eventually(String(title), () =>
    api.ui.documents.provideCodeLenses({ uri } as never).find(({ command }) => title.test(command?.title ?? '')),
  );
  const { command = '', arguments: args = [] } = lens.command ?? {};
  await commands.executeCommand(command, ...(args as unknown[]));
  assert.deepEqual(prompts.unexpected, []);
  return prompts;
}

describe('the end of a migration', function () {
  this.timeout(120_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fm-finish-'));
  });

  it('has a report in the editor and in a file that a browser opens, with no resource in it', async () => {
    const { ref } = await whole();
    const api = await signedIn();
    await commands.executeCommand('fhirMigration.openReport', ref);
    await eventually('the report', () =>
      window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(
          ({ input, label }) =>
            input instanceof TabInputWebview && input.viewType.includes(reportPanelType) && label.includes('whole'),
        ),
    );
    const file = Uri.file(join(folder, 'report.html')).toString();
    const prompts = new ScriptedPrompts({
      'saveReport.form': ['HTML'],
      'saveReport.file': [file],
      'saveReport.done': ['browser'],
    });
    api.setPrompts(prompts);
    await commands.executeCommand('fhirMigration.saveReport');
    assert.deepEqual(prompts.opened, [file]);
    const html = await readFile(join(folder, 'report.html'), 'utf8');
    assert.match(html, /<h1>Migration report: whole<\/h1>/);
    assert.match(html, /default-src &#39;none&#39;|default-src 'none'/);
    assert.doesNotMatch(html, /"resourceType"|Bearer |sig=/);
  });

  it('shows the gates of the cutover, and takes decisions only with a reason', async () => {
    const { ref } = await whole();
    await commands.executeCommand('fhirMigration.cutOver', ref);
    const page = await eventually('the page', () => textOf('/cutover/'));
    assert.match(page, /✓ Passed: Copy lag \(/);
    assert.match(page, /✗ Open: Verification \(/);
    for (const gate of [
      'Verification',
      'Configuration drift',
      'Permissions',
      'Search parameters and reindex',
      'Applications are ready',
    ]) {
      if (!new RegExp(`(Open|Unknown): ${gate} `).test(textOf('/cutover/') ?? '')) continue;
      await press(/Decide/, { 'cutover.gate': [gate], 'cutover.because': ['Agreed with the ward.'] });
      await eventually(gate, () => new RegExp(`(Waived|Passed): ${gate} `).test(textOf('/cutover/') ?? ''));
    }
    assert.match(textOf('/cutover/') ?? '', /Waived: Agreed with the ward/);
  });

  it('cuts over after a question, and ends in a signed record', async () => {
    const declined = await press(/Cut Over…/, { 'cutover.begin': [undefined] });
    assert.equal(declined.asked.length, 1);
    await press(/Cut Over…/, { 'cutover.begin': ['begin'], 'migration.complete': [undefined] });
    const { id } = await whole();
    const api = await signedIn();
    await eventually('the proof', () => api.ui.migrations.state(id)?.overview.finish?.state === 'frozen', 60_000);
    await eventually('the end', () => api.ui.migrations.state(id)?.overview.phase === 'complete', 60_000);
    const services = await api.ui.services();
    const overview = api.ui.migrations.state(id)?.overview;
    assert.ok(overview);
    const { source, target } = overview.plan;
    await services.verify({ depth: 'range', source, target, migration: overview.id }, new AbortController().signal);
    await press(/Look Again/);
    const portal = await press(/Events in the Portal/);
    assert.match(portal.opened[0] ?? '', /\/resource\/subscriptions\/.*\/workspaces\/[^/]+\/events$/i);
    for (const gate of ['Events of the target are on', 'Applications use the target'])
      await press(/Decide/, { 'cutover.gate': [gate], 'cutover.because': ['Asked the ward.'] });
    await press(/Sign Off/, { 'cutover.signOff': ['Night shift'] });
    await eventually('the signature', () => textOf('/cutover/')?.includes('Signed off by Night shift'));
    const shown = await press(/Go Back/, { 'goBack.what': [undefined] });
    assert.match(shown.asked[0]?.text ?? '', /0 resources were written on the target since/);
  });

  it('deletes exactly what the user chose after showing how much, and proves it', async () => {
    const { ref, id } = await whole();
    const api = await signedIn();
    const services = await api.ui.services();
    const offered = async (): Promise<readonly string[]> => {
      const { items } = await services.cleanup.review(migrationId(id), new AbortController().signal);
      return items
        .filter(({ kind, blocked }) => kind === 'exportFolder' && blocked === undefined)
        .map(({ title }) => title);
    };
    const labels = await offered();
    assert.ok(labels.length > 0);
    api.setPrompts(new ScriptedPrompts({ 'cleanUp.items': [labels], 'cleanUp.confirm': [undefined] }));
    await commands.executeCommand('fhirMigration.cleanUp', ref);
    assert.deepEqual(await offered(), labels);
    api.setPrompts(new ScriptedPrompts({ 'cleanUp.items': [labels], 'cleanUp.confirm': ['delete'] }));
    await commands.executeCommand('fhirMigration.cleanUp', ref);
    const page = await eventually('the proof', () => textOf('/cleanup/'));
    assert.match(page, /A listing after the last deletion shows none of them/);
    assert.deepEqual(await offered(), []);
  });

  it('gives a checklist for the source that leaves its deletion to a person', async () => {
    const { ref } = await whole();
    await commands.executeCommand('fhirMigration.decommission', ref);
    const page = await eventually('the checklist', () => textOf('/decommission/'));
    assert.match(page, /✓ Done: Nothing was written to the source since the cutover/);
    assert.match(page, /By hand: The source is deleted/);
    assert.deepEqual(await readdir(folder), ['report.html']);
  });
});
