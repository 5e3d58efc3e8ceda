import * as vscode from 'vscode';
import { hasFailed } from '../../compare/comparison.ts';
import { comparisonReport } from '../compare/comparisonReport.ts';
import type { Ui } from '../ui.ts';
import { fileNameOf } from '../words/serverText.ts';
import { left } from './askFor.ts';

/** Saves the texts of both services, and a report of their differences, into a folder of the user's choice. */
export async function saveComparison(ui: Ui): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown === undefined) return;
  const [folder] =
    (await ui.prompts.chooseFolders({
      id: 'saveComparison',
      title: vscode.l10n.t('Folder for the comparison'),
      many: false,
    })) ?? [];
  if (folder === undefined) throw left();
  const { source, target, aspects } = shown.comparison;
  const name = `${fileNameOf(source.name)}-${fileNameOf(target.name)}`;
  const into = vscode.Uri.joinPath(vscode.Uri.parse(folder, true), `comparison-${name}`);
  const write = async (path: string, text: string): Promise<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(into, path), new TextEncoder().encode(text));
  await vscode.workspace.fs.createDirectory(into);
  for (const result of aspects) {
    if (hasFailed(result)) continue;
    await write(`${result.aspect}.source.json`, result.sourceText);
    await write(`${result.aspect}.target.json`, result.targetText);
  }
  const report = vscode.Uri.joinPath(into, 'differences.md');
  await write('differences.md', comparisonReport(shown));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(report));
}
