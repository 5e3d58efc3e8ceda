import * as vscode from 'vscode';
import type { Ui } from '../ui.ts';

/** Opens the walkthrough. */
export async function openWalkthrough(ui: Ui): Promise<void> {
  await vscode.commands.executeCommand(
    'workbench.action.openWalkthrough',
    `${ui.extensionId}#fhirMigration.start`,
    false,
  );
}
