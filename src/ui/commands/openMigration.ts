import * as vscode from 'vscode';
import type { Ui } from '../ui.ts';
import { askForMigration } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** Opens the panel of a migration, or brings it to the front. */
export async function openMigration(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'openMigration', vscode.l10n.t('Open Migration')));
  await ui.panels.open(id);
}
