import * as vscode from 'vscode';
import { withProgress } from '../platform/signals.ts';
import type { Problem } from '../tree/catalog.ts';
import type { Ui } from '../ui.ts';
import { nodeOf } from './selection.ts';

/** Tries again what could not be loaded, and only that. */
export async function retryProblem(ui: Ui, clicked: unknown): Promise<void> {
  const node = nodeOf(clicked);
  const title = vscode.l10n.t('Trying again');
  await withProgress('fhirMigration.services', title, async () => {
    if (typeof node?.storedAddress === 'string') await ui.catalog.retryAdded(node.storedAddress);
    else if (node?.kind === 'problem') await ui.catalog.retry(node.problem as Problem);
    else await ui.catalog.refresh();
  });
}
