import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import type { Ui } from '../ui.ts';
import { askForMigration } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** Opens the plan that a migration runs by, as it was when it started; saved elsewhere, it starts a new one. */
export async function openPlan(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'openPlan', vscode.l10n.t('Open Plan of Migration')));
  await ui.migrations.open(id);
  const state = ui.migrations.state(id);
  if (state === undefined) {
    throw new FailureError({ kind: 'notFound', message: vscode.l10n.t('This migration is no longer here.') });
  }
  const { plan } = state.overview;
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  await ui.documents.show(ui.documents.create('plans', plan.name, 'json', text));
}
