import * as vscode from 'vscode';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { About, Action } from '../../../webview/protocol.ts';
import { failureAbout } from './failureAbout.ts';

/** Carries out what a button of the panel asks for, by the same commands that the tree and the palette use. */
export async function performAction(
  id: string,
  overview: MigrationOverview | undefined,
  action: Action,
  about: About | undefined,
): Promise<void> {
  switch (action) {
    case 'pause':
    case 'resume':
    case 'retry':
    case 'catchUp':
    case 'finish':
    case 'keepSyncing':
    case 'cancel':
    case 'openJournal':
    case 'copyForSupport':
    case 'openPlan':
      await vscode.commands.executeCommand(`fhirMigration.${action}`, id);
      return;
    case 'signIn':
      await vscode.commands.executeCommand('fhirMigration.signIn');
      return;
    case 'openLog':
      await vscode.commands.executeCommand('fhirMigration.showLog');
      return;
    case 'openMigrations':
      await vscode.commands.executeCommand('fhirMigration.migrations.focus');
      return;
    case 'failedLines':
      await vscode.commands.executeCommand('fhirMigration.showFailedLines', { migration: id, window: about?.window });
      return;
    case 'acceptLines':
      await vscode.commands.executeCommand('fhirMigration.acceptFailedLines', { migration: id, window: about?.window });
      return;
    case 'openStaging':
      await vscode.commands.executeCommand('fhirMigration.openStaging', id);
      return;
    case 'showFailure': {
      const failure = overview === undefined ? undefined : failureAbout(overview, about);
      if (failure !== undefined) await vscode.commands.executeCommand('fhirMigration.showProblem', { failure });
      return;
    }
  }
}
