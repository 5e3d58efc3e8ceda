import * as vscode from 'vscode';
import { isBundleName } from '../../cutover/returnBundles.ts';
import type { MigrationId } from '../../engine/ids.ts';
import { FailureError } from '../../failure/failure.ts';
import type { CutoverServices } from '../../services/cutover/contract.ts';
import { left } from '../commands/askFor.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { formatCount, formatInstant } from '../words/format.ts';
import { writtenLines } from './cutoverPage.ts';

/**
 * Lists what was written on the target since the cutover, exports it as bundles when the user wants them, and journals
 * that applications go back.
 */
export async function goBack(ui: Ui, cutover: CutoverServices, migration: MigrationId): Promise<void> {
  const title = vscode.l10n.t('Looking at what was written since the cutover');
  const { since, resources, types } = await withProgress('notification', title, (signal) =>
    cutover.writtenSince(migration, undefined, signal),
  );
  const answer = await ui.prompts.message({
    id: 'goBack.what',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t(
      '{0} resources were written on the target since {1}.',
      formatCount(resources),
      formatInstant(since),
    ),
    detail: [
      writtenLines({ since, resources, types, bundles: 0 }),
      vscode.l10n.t('Bundles hold patient data: they are written to a folder of your choice and nowhere else.'),
    ].join('\n'),
    buttons: [
      ...(resources > 0 ? [{ id: 'export' as const, label: vscode.l10n.t('Export Bundles…') }] : []),
      { id: 'back' as const, label: vscode.l10n.t('Record Going Back…') },
    ],
  });
  if (answer === undefined) throw left();
  if (answer === 'export') await exportBundles(ui, cutover, migration);
  else await record(ui, cutover, migration);
}

async function exportBundles(ui: Ui, cutover: CutoverServices, migration: MigrationId): Promise<void> {
  const folders = await ui.prompts.chooseFolders({
    id: 'goBack.folder',
    title: vscode.l10n.t('Folder for the Bundles'),
    many: false,
  });
  const [folder] = folders ?? [];
  if (folder === undefined) throw left();
  const into = vscode.Uri.parse(folder, true);
  // A bundle of another time among the new ones would bring old versions back to the source.
  if ((await vscode.workspace.fs.readDirectory(into)).some(([name]) => isBundleName(name)))
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('This folder holds bundles of before.'),
      nextStep: vscode.l10n.t('Choose another folder, or delete them.'),
    });
  const take = async (name: string, text: string): Promise<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(into, name), Buffer.from(text, 'utf8'));
  const { bundles } = await withProgress('notification', vscode.l10n.t('Exporting bundles'), (signal) =>
    cutover.writtenSince(migration, take, signal),
  );
  await ui.prompts.message({
    id: 'goBack.exported',
    severity: 'info',
    text: vscode.l10n.t(
      '{0} bundles were written. Send them to the source in the order of their names, then delete them.',
      formatCount(bundles),
    ),
    buttons: [],
  });
}

async function record(ui: Ui, cutover: CutoverServices, migration: MigrationId): Promise<void> {
  const because = await ui.prompts.input({
    id: 'goBack.because',
    title: vscode.l10n.t('Go Back'),
    prompt: vscode.l10n.t('Why do applications use the source again?'),
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('Give a reason for the record.') : undefined),
  });
  if (because === undefined || because === back) throw left();
  await cutover.goBack(migration, because.trim());
}
