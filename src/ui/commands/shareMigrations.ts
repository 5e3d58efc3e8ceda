import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import { stagingProblem } from '../plan/stagingChoices.ts';
import { back, type Choice } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { askForMigration, left } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** Looks into a storage account for the migrations of others from now on. */
export async function watchShared(ui: Ui, clicked: unknown): Promise<void> {
  const answer =
    typeof clicked === 'string'
      ? clicked
      : await ui.prompts.input({
          id: 'watchShared.account',
          title: vscode.l10n.t('Watch Shared Migrations'),
          prompt: vscode.l10n.t('Name or resource id of the staging account in which the journals lie'),
          problem: stagingProblem,
        });
  if (answer === undefined || answer === back) throw left();
  const services = await ui.services();
  const title = vscode.l10n.t('Looking up the storage account');
  const account = await withProgress('notification', title, (signal) =>
    services.storageAccount(answer.trim(), undefined, signal),
  );
  await services.shared.add(account);
  await ui.migrations.load();
}

/** Looks into a storage account no more. What lies there stays. */
export async function unwatchShared(ui: Ui): Promise<void> {
  const services = await ui.services();
  const places = await services.shared.all();
  if (places.length === 0) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('No storage account is looked into for shared migrations.'),
      nextStep: vscode.l10n.t('"Watch Shared Migrations…" adds one.'),
    });
  }
  const choices = places.map((place): Choice<typeof place> => {
    return { label: place.accountName, description: place.blobEndpoint, icon: 'database', value: place };
  });
  const title = vscode.l10n.t('Stop Watching Shared Migrations');
  const answer = await ui.prompts.pick({ id: 'unwatchShared.account', title, choices });
  if (answer === undefined || answer === back) throw left();
  await services.shared.remove(answer);
  ui.migrations.forget();
  await ui.migrations.load();
}

/** Moves the journal of a migration into its staging account, or back into the folder of this machine. */
export async function moveJournal(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'moveJournal', vscode.l10n.t('Move Journal')));
  const handle = await ui.migrations.open(id);
  const { name, plan } = handle.overview();
  const account = plan.staging.accountName;
  const isShared = handle.journalAt.place === 'staging';
  const answer = await ui.prompts.message({
    id: 'moveJournal.confirm',
    severity: 'info',
    modal: true,
    text: isShared
      ? vscode.l10n.t('Move the journal of {0} from {1} to this machine?', name, account)
      : vscode.l10n.t('Move the journal of {0} into {1}?', name, account),
    detail: isShared
      ? vscode.l10n.t('Others will no longer see this migration and cannot take it over.')
      : vscode.l10n.t(
          'Everybody who may read blobs of that account can then watch the migration, and who may write them can pause, cancel and take it over. You need the role Storage Blob Data Contributor there. The journal holds no content of resources.',
        ),
    buttons: [{ id: 'move', label: vscode.l10n.t('Move Journal') }],
  });
  if (answer !== 'move') throw left();
  const title = vscode.l10n.t('Moving the journal of {0}', name);
  await withProgress('fhirMigration.migrations', title, () => handle.move(isShared ? 'file' : 'staging'));
  await ui.migrations.load();
}
