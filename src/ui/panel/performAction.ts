import * as vscode from 'vscode';
import type { MigrationOverview } from '../../engine/overview.ts';
import type { About, Action } from '../../../webview/protocol.ts';
import { failureAbout } from './failureAbout.ts';

/** What each button calls with the migration's id; the others call what is not about one migration alone. */
type AboutMigration = Exclude<
  Action,
  'signIn' | 'openLog' | 'openMigrations' | 'failedLines' | 'acceptLines' | 'showFailure'
>;

/** Carries out what a button of the panel asks for, by the same commands that the tree and the palette use. */
export async function performAction(
  id: string,
  overview: MigrationOverview | undefined,
  action: Action,
  about: About | undefined,
): Promise<void> {
  const call = async (command: string, ...more: readonly unknown[]): Promise<void> => {
    await vscode.commands.executeCommand(`fhirMigration.${command}`, ...more);
  };
  switch (action) {
    case 'signIn':
      return call('signIn');
    case 'openLog':
      return call('showLog');
    case 'openMigrations':
      return call('migrations.focus');
    case 'failedLines':
      return call('showFailedLines', { migration: id, window: about?.window });
    case 'acceptLines':
      return call('acceptFailedLines', { migration: id, window: about?.window });
    case 'showFailure': {
      const failure = overview === undefined ? undefined : failureAbout(overview, about);
      return failure === undefined ? undefined : call('showProblem', { failure });
    }
    default:
      return call(action satisfies AboutMigration, id);
  }
}
