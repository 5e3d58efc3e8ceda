import assert from 'node:assert/strict';
import { commands, type TabInputText, Uri, window, workspace } from 'vscode';
import type { TestApi, TestRow } from '../../src/ui/activate/testApi.ts';
import type { DriftTreeNode } from '../../src/ui/compare/driftNodes.ts';
import type { DiscoveredService } from '../../src/azure/discovered.ts';
import { eventually } from './eventually.ts';
import { configureService } from './sandboxAdmin.ts';
import { ScriptedPrompts } from './scriptedPrompts.ts';
import { flat, serviceRow, signedIn } from './signedIn.ts';
import { definitionsName, otherTargetName } from './world.ts';

const url = (id: string): string => `https://example.org/fhir/SearchParameter/${id}`;

describe('Carrying definitions over, and applications', () => {
  let api: TestApi;
  before(async () => {
    api = await signedIn();
    await commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await commands.executeCommand('fhirMigration.closeComparison');
    api.setPrompts(undefined);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  const rowOf = (label: string): TestRow<DriftTreeNode> =>
    flat(api.drift()).find((row) => row.label === label) ?? assert.fail(`There is no row ${label}.`);
  /** Text of the document that is shown, once it has the words. */
  const shownText = (words: RegExp): Promise<string> =>
    eventually(`A document with ${words.source}`, () => {
      const text = window.visibleTextEditors.map(({ document }) => document.getText()).find((one) => words.test(one));
      return text !== undefined && text;
    });
  const script = (lines: ConstructorParameters<typeof ScriptedPrompts>[0]): ScriptedPrompts => {
    const prompts = new ScriptedPrompts(lines);
    api.setPrompts(prompts);
    return prompts;
  };

  const service = (name: string) => api.ui.catalog.services.find((one) => one.name === name) ?? assert.fail();
  /** Starts a reindex that this window does not know, and watches it no longer. */
  const startElsewhere = async (target: DiscoveredService): Promise<void> => {
    const stop = new AbortController();
    const watching = (await api.ui.services()).searchParameters.reindex(target, () => stop.abort(), {}, stop.signal);
    await assert.rejects(watching, /./);
  };
  /** From now on every reindex is stopped as soon as it runs, as by Cancel in its notification. */
  const stopWhenItRuns = async (): Promise<() => void> => {
    const { searchParameters } = await api.ui.services();
    const reindex = searchParameters.reindex.bind(searchParameters);
    searchParameters.reindex = (target, progress, choice, signal) => {
      const stop = new AbortController();
      const tell: typeof progress = (one) => {
        progress(one);
        stop.abort();
      };
      return reindex(target, tell, choice, AbortSignal.any([signal, stop.signal]));
    };
    return () => (searchParameters.reindex = reindex);
  };

  it('compares two services that were chosen in the view, with a gate that nobody has asked yet', async () => {
    const [source, target] = [await serviceRow(api, definitionsName), await serviceRow(api, otherTargetName)];
    await commands.executeCommand('fhirMigration.compare', source.ref, [source.ref, target.ref]);
    assert.equal(rowOf('Search parameters ready').description, 'not checked yet');
    const missing = rowOf('patient-eye-colour');
    assert.equal(missing.description, 'missing on the target · before the migration');
    assert.match(missing.contextValue, /;canCopyParameters;/);
    assert.match(rowOf('Client registrations').description, /adapted/);
    assert.match(rowOf('Sync agent for Dataverse').description, /not possible/);
  });

  it('copies chosen search parameters, each with its result, and the gate stays shut', async () => {
    const aspect = rowOf('Search Parameters');
    const chosen = ['patient-eye-colour', 'patient-home-city'].map(url);
    const prompts = script({ 'copySearchParameters.which': [chosen] });
    await commands.executeCommand('fhirMigration.copySearchParameters', aspect.ref, [aspect.ref]);
    assert.deepEqual(prompts.unexpected, []);
    const report = await shownText(/Copy Search Parameters/);
    assert.equal(report.match(/✓ Created/g)?.length, 2);
    assert.match(rowOf('patient-eye-colour').contextValue, /;canReindex;/);
    await commands.executeCommand('fhirMigration.checkSearchParameters');
    assert.match(rowOf('Search parameters ready').description, /^no, 5 of 5/);
  });

  it('reindexes and tries again; set aside what is not wanted, and the gate opens', async () => {
    const gate = rowOf('Search parameters ready');
    const prompts = script({ 'reindex.done': [undefined] });
    await commands.executeCommand('fhirMigration.reindex', gate.ref);
    assert.deepEqual(prompts.unexpected, []);
    assert.match(rowOf('Search parameters ready').description, /^no, 3 of 5/);
    const rest = ['observation-unit', 'encounter-provider', 'condition-recorder-date'].map((id) => rowOf(id));
    const refs = rest.map(({ ref }) => ref);
    await commands.executeCommand('fhirMigration.excludeDrift', refs[0], refs);
    assert.equal(rowOf('Search parameters ready').description, 'yes, all 2');
  });

  it('asks before it follows a reindex that somebody else started, and then follows it to its end', async () => {
    const target = service(otherTargetName);
    await configureService(otherTargetName, { reindexTiming: { fixedMs: 3_000 } });
    await startElsewhere(target);
    const declined = script({ 'reindex.foreign': [undefined] });
    await commands.executeCommand('fhirMigration.reindex', target.id);
    assert.deepEqual(declined.unexpected, []);
    assert.match(declined.asked[0]?.text ?? '', /was not started from here runs on northwind-clinical \(job \d+\)/);
    const followed = script({ 'reindex.foreign': ['follow'], 'reindex.done': [undefined] });
    await commands.executeCommand('fhirMigration.reindex', target.id);
    assert.deepEqual(followed.unexpected, []);
    assert.deepEqual(
      followed.asked.map(({ id }) => id),
      ['reindex.foreign', 'reindex.done'],
    );
  });

  it('asks whoever stops a reindex whether the server shall go on, follows it again, and cancels it', async () => {
    const target = service(otherTargetName);
    await configureService(otherTargetName, { reindexTiming: { fixedMs: 3_600_000 } });
    const takeBack = await stopWhenItRuns();
    try {
      const left = script({ 'reindex.stopped': ['leave'] });
      await commands.executeCommand('fhirMigration.reindex', target.id);
      assert.deepEqual(left.unexpected, []);
      // Its own job is known again, and is no question.
      const cancelled = script({ 'reindex.stopped': ['cancel'], 'reindex.cancelled': [undefined] });
      await commands.executeCommand('fhirMigration.reindex', target.id);
      assert.deepEqual(cancelled.unexpected, []);
      assert.match(cancelled.asked.at(-1)?.text ?? '', /^The reindex of northwind-clinical was cancelled/);
    } finally {
      takeBack();
      await configureService(otherTargetName, { reindexTiming: {} });
    }
    const after = script({ 'reindex.done': [undefined] });
    await commands.executeCommand('fhirMigration.reindex', target.id);
    assert.deepEqual(after.unexpected, []);
  });

  it('copies profiles with the result of each', async () => {
    const profile = 'https://example.org/fhir/StructureDefinition/clinic-patient';
    const row = rowOf('clinic-patient');
    const prompts = script({ 'copyProfiles.which': [[profile]] });
    await commands.executeCommand('fhirMigration.copyProfiles', row.ref, [row.ref]);
    assert.deepEqual(prompts.unexpected, []);
    assert.match(await shownText(/Copy Profiles/), /✓ Created +\| StructureDefinition https:/);
    assert.equal(rowOf('Profiles and Terminology').description, 'no drift');
  });

  it('saves the texts of both services and a report of what differs', async () => {
    const folder = Uri.joinPath(workspace.workspaceFolders?.[0]?.uri ?? assert.fail(), 'saved');
    script({ saveComparison: [[folder.toString()]] });
    await commands.executeCommand('fhirMigration.saveComparison');
    const report = await shownText(/^# Comparison of/);
    assert.match(report, /observation-unit +\| set aside, missing on the target/);
    const [[name] = []] = await workspace.fs.readDirectory(folder);
    const files = await workspace.fs.readDirectory(Uri.joinPath(folder, name ?? ''));
    assert.ok(files.some(([file]) => file === 'capabilities.source.json'));
    await workspace.fs.delete(folder, { recursive: true });
  });

  it('makes a query file with examples and runs it on both services', async () => {
    const [source, target] = [await serviceRow(api, definitionsName), await serviceRow(api, otherTargetName)];
    await commands.executeCommand('fhirMigration.newQueries', source.ref);
    const example = await shownText(/^Patient\?_summary=count$/m);
    assert.match(example, /eye-colour:missing=false/);
    const tab = window.tabGroups.activeTabGroup.activeTab?.input as TabInputText;
    const document = await workspace.openTextDocument(tab.uri);
    assert.equal(document.languageId, 'fhirqueries');
    await window.showTextDocument(document);
    await commands.executeCommand('fhirMigration.compareQueries', source.ref, [source.ref, target.ref]);
    const report = await shownText(/searches (differ|give the same)\./);
    assert.match(report, /✓ Same/);
    assert.match(report, /ignores home-city|Patient\?home-city/);
  });

  it('makes smoke tests that hold no token', async () => {
    const target = await serviceRow(api, otherTargetName);
    await commands.executeCommand('fhirMigration.createSmokeTests', target.ref);
    assert.match(await shownText(/^@endpoint = /m), /^@token = paste-the-token-here$/m);
  });

  it('finds the old endpoint: nothing changes when the preview is discarded, and each place when it is applied', async () => {
    const folder = workspace.workspaceFolders?.[0]?.uri ?? assert.fail();
    const file = Uri.joinPath(folder, 'app.settings.json');
    const [from, to] = [service(definitionsName).endpoint, service(otherTargetName).endpoint];
    await workspace.fs.writeFile(
      file,
      new TextEncoder().encode(`{ "fhir": "${from}/Patient",\n  "aud": "${from}" }\n`),
    );
    const [source, target] = [await serviceRow(api, definitionsName), await serviceRow(api, otherTargetName)];
    const textAfter = async (answer: 'discard' | 'apply'): Promise<string> => {
      const prompts = script({ 'findOldEndpoint.where': ['workspace'] });
      let ended = false;
      void commands
        .executeCommand('fhirMigration.findOldEndpoint', source.ref, [source.ref, target.ref])
        .then(() => (ended = true));
      await eventually('The end of the preview', async () => {
        await commands.executeCommand(`refactorPreview.${answer}`).then(undefined, () => undefined);
        return ended;
      });
      assert.deepEqual(prompts.unexpected, []);
      return (await workspace.openTextDocument(file)).getText();
    };
    const kept = await textAfter('discard');
    assert.ok(kept.includes(`${from}/Patient`) && !kept.includes(to), kept);
    const changed = await textAfter('apply');
    assert.equal(changed, `{ "fhir": "${to}/Patient",\n  "aud": "${to}" }\n`);
    const files = await workspace.fs.readDirectory(folder);
    assert.ok(!files.some(([name]) => name.startsWith('old-endpoint')), 'The list was not asked for.');
    await workspace.fs.delete(file);
  });
});
