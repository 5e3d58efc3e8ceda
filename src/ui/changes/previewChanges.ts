import * as vscode from 'vscode';
import type { Ui } from '../ui.ts';
import type { JsonPreview } from './previews.ts';

/** Opens the exact JSON before and after as a diff; of several resources in the multi-file diff editor. */
export async function showPreviews(ui: Ui, title: string, previews: readonly JsonPreview[]): Promise<void> {
  const pairs = previews.map(({ name, before, after }) => ({
    name,
    before: ui.documents.create('preview', `${name} before`, 'json', before),
    after: ui.documents.create('preview', `${name} after`, 'json', after),
  }));
  const [only, ...others] = pairs;
  if (only !== undefined && others.length === 0) {
    const words = vscode.l10n.t('{0}: before ↔ after', only.name);
    await vscode.commands.executeCommand('vscode.diff', only.before, only.after, words, { preview: true });
    return;
  }
  const files = pairs.map(({ before, after }) => [after, before, after]);
  await vscode.commands.executeCommand('vscode.changes', title, files);
}
