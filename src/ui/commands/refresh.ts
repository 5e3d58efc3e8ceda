import * as vscode from 'vscode';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';

/** Looks again for services and migrations. */
export async function refresh(ui: Ui): Promise<void> {
  await withProgress('fhirMigration.services', vscode.l10n.t('Looking for FHIR services'), async () => {
    await Promise.all([ui.catalog.refresh(), ui.migrations.states === undefined ? undefined : ui.migrations.load()]);
  });
}
