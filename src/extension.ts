import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { createUi } from './ui/activate/createUi.ts';
import { markerFiles } from './ui/activate/markerFiles.ts';
import { followMigrations } from './ui/activate/migrationEvents.ts';
import { supportPlanFiles } from './ui/activate/planEditor.ts';
import { followSettings } from './ui/activate/settingsChanges.ts';
import { createStatusBar } from './ui/activate/statusBar.ts';
import { testApi, type TestApi } from './ui/activate/testApi.ts';
import { registerCommands } from './ui/commands/registerCommands.ts';
import { startBlock } from './ui/feedback/startBlock.ts';
import { offerToResume } from './ui/migrations/resumeOffer.ts';
import { UnfinishedMarkers } from './ui/migrations/unfinished.ts';
import { ContextKeys } from './ui/platform/contextKeys.ts';
import { editorPrompts } from './ui/platform/editorPrompts.ts';
import { EditorSettings } from './ui/platform/editorSettings.ts';
import { Owner } from './ui/platform/owner.ts';
import type { Prompts } from './ui/platform/prompts.ts';
import { processTimers } from './ui/platform/throttle.ts';
import { setLanguage } from './ui/words/format.ts';

let stopDriving: () => Promise<void> = () => Promise.resolve();

/**
 * Wires the parts and returns: no network, no file and no SDK is touched before a view is shown, a command runs, or the
 * start of the editor is over and a migration turns out to have been interrupted.
 */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  setLanguage(vscode.env.language);
  const owner = new Owner();
  context.subscriptions.push(owner);
  const channel = owner.add(vscode.window.createOutputChannel('FHIR Migration', { log: true }));
  const settings = owner.add(new EditorSettings());
  const keys = new ContextKeys();
  let prompts: Prompts = editorPrompts;
  const wired = createUi(context, owner, channel, settings, keys, () => prompts);
  const { ui, holder } = wired;
  stopDriving = () => holder.reset();
  const markers = new UnfinishedMarkers(markerFiles(vscode.Uri.joinPath(context.globalStorageUri, 'unfinished')));
  const resume = (): Promise<void> =>
    offerToResume({
      markers,
      migrations: ui.migrations,
      prompts: () => prompts,
      choice: () => settings.current.resumeOnStartup,
      timers: processTimers,
      log: ui.log,
      show: (id) => ui.panels.open(id),
      present: (error, during) => ui.presenter.present(error, during),
    });
  owner.add(registerCommands(ui));
  owner.add(createStatusBar(ui.migrations));
  owner.add(followMigrations(ui.migrations, markers, ui.documents, () => prompts));
  owner.add(supportPlanFiles(ui.reviews, ui.catalog));
  owner.add(followSettings(wired, settings, keys, resume));
  // After activate has returned, so that reading settings and looking into the folder is not part of the start of the editor.
  setImmediate(() => {
    for (const line of startBlock(ui.environment(), settings.current, settings.set())) ui.log.info(line);
    void resume().catch((error: unknown) => ui.presenter.present(error, 'fhirMigration.resume'));
  });
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  return testApi(wired, keys, (injected) => (prompts = injected ?? editorPrompts));
}

/** Lets go of what this window drives, so that it goes on at the next start; nothing on the servers is touched. */
export function deactivate(): Promise<void> {
  return stopDriving();
}
