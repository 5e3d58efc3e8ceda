import * as vscode from 'vscode';
import type { Ui } from '../ui.ts';
import { addClientSecret } from './addClientSecret.ts';
import { addServer } from './addServer.ts';
import { chooseSignInMethod } from './chooseSignInMethod.ts';
import { compareMetadata } from './compareMetadata.ts';
import { controlMigrations } from './controlMigrations.ts';
import { copyEndpoint, copyResourceId } from './copyFromService.ts';
import { copyForSupport } from './copyForSupport.ts';
import { findService } from './findService.ts';
import { migrate } from './migrate.ts';
import { openInPortal } from './openInPortal.ts';
import { openJournal, openSummary } from './openMigrationDocument.ts';
import { openMigration } from './openMigration.ts';
import { openPlan } from './openPlan.ts';
import { openStaging } from './openStaging.ts';
import { openWalkthrough } from './openWalkthrough.ts';
import { refresh } from './refresh.ts';
import { removeServer } from './removeServer.ts';
import { retryProblem } from './retryProblem.ts';
import { runPreflight } from './runPreflight.ts';
import { selectSubscriptions } from './selectSubscriptions.ts';
import { showProblem } from './showProblem.ts';
import { signIn, signInToTenant } from './signIn.ts';
import { startMigration } from './startMigration.ts';
import { summarizePlan } from './summarizePlan.ts';

/** What a command does with what it was called with: the clicked thing, and all selected ones. */
export type Command = (ui: Ui, clicked: unknown, selected: unknown) => Promise<void>;

/** Every command of the extension, by its id. The manifest contributes exactly these. */
export const commands: Readonly<Record<string, Command>> = {
  'fhirMigration.signIn': signIn,
  'fhirMigration.signInToTenant': signInToTenant,
  'fhirMigration.chooseSignInMethod': chooseSignInMethod,
  'fhirMigration.addClientSecret': addClientSecret,
  'fhirMigration.refresh': refresh,
  'fhirMigration.findService': findService,
  'fhirMigration.selectSubscriptions': selectSubscriptions,
  'fhirMigration.addServer': addServer,
  'fhirMigration.removeServer': removeServer,
  'fhirMigration.copyEndpoint': copyEndpoint,
  'fhirMigration.copyResourceId': copyResourceId,
  'fhirMigration.openInPortal': openInPortal,
  'fhirMigration.retryProblem': retryProblem,
  'fhirMigration.showProblem': showProblem,
  'fhirMigration.compareMetadata': compareMetadata,
  'fhirMigration.migrate': migrate,
  'fhirMigration.summarizePlan': summarizePlan,
  'fhirMigration.runPreflight': runPreflight,
  'fhirMigration.startMigration': startMigration,
  'fhirMigration.openMigration': openMigration,
  'fhirMigration.pause': controlMigrations('pause'),
  'fhirMigration.resume': controlMigrations('resume'),
  'fhirMigration.retry': controlMigrations('retry'),
  'fhirMigration.catchUp': controlMigrations('catchUp'),
  'fhirMigration.cancel': controlMigrations('cancel'),
  'fhirMigration.openPlan': openPlan,
  'fhirMigration.openSummary': openSummary,
  'fhirMigration.openJournal': openJournal,
  'fhirMigration.openStaging': openStaging,
  'fhirMigration.copyForSupport': copyForSupport,
  'fhirMigration.openWalkthrough': openWalkthrough,
  'fhirMigration.showLog': (ui) => {
    ui.showLog();
    return Promise.resolve();
  },
};

/** Registers all commands behind one wrapper: a log line with the outcome, failures presented, cancellations not. */
export function registerCommands(ui: Ui): vscode.Disposable {
  const registered = Object.entries(commands).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (clicked: unknown, selected: unknown) => {
      const start = Date.now();
      ui.log.debug(`${id} starts`);
      try {
        await command(ui, clicked, selected);
        ui.log.debug(`${id} done`, { ms: Date.now() - start });
      } catch (error) {
        // The message stays until it is answered; whoever called the command does not wait for that.
        void ui.presenter.present(error, id);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
