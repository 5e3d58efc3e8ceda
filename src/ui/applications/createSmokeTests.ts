import * as vscode from 'vscode';
import { smokeTests } from '../../compare/applications/smokeTests.ts';
import { askForService } from '../commands/askFor.ts';
import { servicesOf } from '../commands/selection.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';

/** Opens a new `.http` file with requests that show whether a service works for its applications. */
export async function createSmokeTests(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Create Smoke Tests');
  const [chosen] = servicesOf(clicked, selected, ui.catalog.services);
  const service = chosen ?? (await askForService(ui, 'createSmokeTests', title));
  const text = await withProgress(
    'notification',
    vscode.l10n.t('Reading the capability statement of {0}', service.name),
    async (signal) => smokeTests(service, await (await ui.services()).metadata(service.endpoint, signal)),
  );
  const languages = await vscode.languages.getLanguages();
  const document = await vscode.workspace.openTextDocument({
    content: text,
    language: languages.includes('http') ? 'http' : 'plaintext',
  });
  await vscode.window.showTextDocument(document);
}
