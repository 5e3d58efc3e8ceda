import * as vscode from 'vscode';
import { supportText } from '../documents/supportText.ts';
import type { Ui } from '../ui.ts';
import { askForMigration } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** Copies what support needs: of a failure that is shown, or of a migration. Nothing of any resource is in it. */
export async function copyForSupport(ui: Ui, clicked: unknown): Promise<void> {
  const text = textOf(clicked) ?? (await migrationText(ui, clicked));
  await vscode.env.clipboard.writeText(text);
  void vscode.window.setStatusBarMessage(vscode.l10n.t('Copied for support'), 4000);
}

async function migrationText(ui: Ui, clicked: unknown): Promise<string> {
  const title = vscode.l10n.t('Copy for Support');
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'copyForSupport', title));
  const handle = await ui.migrations.open(id);
  return supportText(handle.overview(), Date.now(), ui.environment());
}

function textOf(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'text' in argument && typeof argument.text === 'string'
    ? argument.text
    : undefined;
}
