import * as vscode from 'vscode';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { resourceFolder } from '../verify/differencesView.ts';
import { verificationMarkdown } from '../verify/verificationReport.ts';
import { chosenDifferences } from './treatDifferences.ts';

/** Reads a resource on both sides and opens the two texts side by side; they are kept only while they are open. */
export async function showDifference(ui: Ui, clicked: unknown): Promise<void> {
  const { pair, differences } = chosenDifferences(ui, clicked, undefined);
  const [difference] = differences;
  if (difference === undefined) return;
  const { type, id } = difference;
  const title = vscode.l10n.t('Reading {0} from both services', type);
  const texts = await withProgress('notification', title, async (signal) => {
    await ui.signIn.ensureForServices([pair.source, pair.target], signal);
    return (await ui.services()).readBoth({ ...pair, type, id }, signal);
  });
  const create = (service: string, text: string | undefined): vscode.Uri =>
    ui.documents.create(resourceFolder, `${type} ${id} ${service}`, 'json', text ?? vscode.l10n.t('// Not there.\n'));
  await vscode.commands.executeCommand(
    'vscode.diff',
    create(pair.source.name, texts.source),
    create(pair.target.name, texts.target),
    vscode.l10n.t('{0}/{1}: {2} ↔ {3}', type, id, pair.source.name, pair.target.name),
    { preview: true },
  );
}

/** Opens what the last verification found as a document. */
export async function openVerification(ui: Ui): Promise<void> {
  const shown = ui.differences.view?.list.shown;
  if (shown === undefined) return;
  const { sourceName, targetName } = shown.result;
  const text = verificationMarkdown(shown);
  await ui.documents.show(ui.documents.create('verifications', `${sourceName} ${targetName}`, 'md', text));
}

/** Closes the Differences view and forgets what it showed. */
export function closeVerification(ui: Ui): Promise<void> {
  ui.differences.view?.list.close();
  return Promise.resolve();
}
