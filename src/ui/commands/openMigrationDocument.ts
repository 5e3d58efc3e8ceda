import * as vscode from 'vscode';
import { journalPath, summaryPath } from '../documents/documentStore.ts';
import { uriOf } from '../documents/editorDocuments.ts';
import type { Ui } from '../ui.ts';
import { askForMigration } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** Opens the journal of a migration, read-only; it follows the migration while it is open. */
export async function openJournal(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'openJournal', vscode.l10n.t('Open Journal')));
  await ui.documents.show(uriOf({ path: journalPath(id), key: '' }));
}

/** Opens the summary of a migration; final once the migration is over. */
export async function openSummary(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'openSummary', vscode.l10n.t('Open Summary')));
  await ui.documents.show(uriOf({ path: summaryPath(id), key: '' }));
}
