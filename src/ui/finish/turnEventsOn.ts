import * as vscode from 'vscode';
import { workspaceIdOf } from '../../azure/resourceId.ts';
import type { MigrationId } from '../../engine/ids.ts';
import type { Plan } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import type { CutoverServices } from '../../services/cutover/contract.ts';
import { tellReport } from '../changes/applyWithConsent.ts';
import { portalAddress } from '../commands/openInPortal.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';

/** Makes the event subscriptions again that were deleted for a migration, and tells what became of each. */
export async function turnEventsOn(ui: Ui, cutover: CutoverServices, migration: MigrationId): Promise<void> {
  const title = vscode.l10n.t('Turn Events On');
  const report = await withProgress('notification', title, (signal, say) =>
    cutover.eventsOn(migration, signal, (change, status) => say(`${change.title}: ${status}`)),
  );
  await tellReport(ui, title, undefined, report);
}

/** Opens the events of the target's workspace in the portal, where subscriptions are added. */
export async function openEventsInPortal(ui: Ui, { target }: Plan): Promise<void> {
  const workspaceId = workspaceIdOf(target.resourceId ?? '');
  if (workspaceId === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('The plan knows {0} by its address alone: it has no page in the portal.', target.name),
      nextStep: vscode.l10n.t('Decide about the step when somebody has turned its events on.'),
    });
  const { portal } = ui.settings().cloud;
  await ui.prompts.openInBrowser(`${portalAddress(portal, target.tenantId, workspaceId)}/events`);
}
