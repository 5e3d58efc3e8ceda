import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import type { Ui } from '../ui.ts';
import { askForMigration } from './askFor.ts';
import { portalAddress } from './openInPortal.ts';
import { migrationIdOf } from './selection.ts';

/** Opens the staging account of a migration in the portal, or copies its address where Azure does not know it. */
export async function openStaging(ui: Ui, clicked: unknown): Promise<void> {
  const id =
    migrationIdOf(clicked) ?? (await askForMigration(ui, 'openStaging', vscode.l10n.t('Open Staging Account')));
  const handle = await ui.migrations.open(id);
  const { staging } = handle.overview().plan;
  if (staging.resourceId !== undefined) {
    const { portal } = ui.settings().cloud;
    await ui.prompts.openInBrowser(portalAddress(portal, staging.tenantId, staging.resourceId));
    return;
  }
  await vscode.env.clipboard.writeText(`${staging.blobEndpoint.replace(/\/+$/, '')}/${staging.container}`);
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t(
      'The plan does not hold the resource id of {0}, so the portal cannot be opened.',
      staging.accountName,
    ),
    nextStep: vscode.l10n.t('The address of its container is on the clipboard.'),
  });
}
