import * as vscode from 'vscode';
import type { MigrationHandle } from '../../services/contract.ts';
import { placesIn } from '../../services/migrations/placesIn.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';

/**
 * Asks, once for each machine, before a migration of somebody else is driven from here: whoever could write its journal
 * decided where this machine signs in.
 * @throws FailureError `cancelled` when the user does not want to
 */
export async function approveTakeOver(ui: Ui, handle: MigrationHandle): Promise<void> {
  if (await handle.isApproved()) return;
  const { name, plan } = handle.overview();
  const places = placesIn(plan).map(([, label, address]) => `${label}: ${address}`);
  const answer = await ui.prompts.message({
    id: 'takeOver.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Take over {0}?', name),
    detail: `${vscode.l10n.t(
      'It was started elsewhere. Driving it from here signs in with your account to these services, exports from the first and imports into the second:',
    )}\n\n${places.join('\n')}`,
    buttons: [{ id: 'takeOver', label: vscode.l10n.t('Take Over') }],
  });
  if (answer !== 'takeOver') throw left();
  await handle.approve();
}
