import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { FailureError } from '../../failure/failure.ts';
import type { Ui } from '../ui.ts';
import { askForService } from './askFor.ts';
import { fitting, nodeOf, servicesOf } from './selection.ts';

/** Copies the endpoints of the chosen services, one a line. */
export async function copyEndpoint(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const services = await servicesOrAsk(ui, clicked, selected, vscode.l10n.t('Copy Endpoint'));
  await vscode.env.clipboard.writeText(services.map(({ endpoint }) => endpoint).join('\n'));
}

/** Copies the Azure resource ids of the chosen services, one a line; services without one are left out and named. */
export async function copyResourceId(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const node = nodeOf(clicked);
  if (node?.kind === 'subscription' && typeof node.subscriptionId === 'string') {
    await vscode.env.clipboard.writeText(`/subscriptions/${node.subscriptionId}`);
    return;
  }
  const services = await servicesOrAsk(ui, clicked, selected, vscode.l10n.t('Copy Resource Id'));
  const { chosen, leftOut } = fitting(services, ({ resourceId }) => resourceId !== undefined);
  if (chosen.length === 0) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('A server that was added by its address has no resource id.'),
      nextStep: vscode.l10n.t('Copy its endpoint instead.'),
    });
  }
  await vscode.env.clipboard.writeText(chosen.map(({ resourceId }) => resourceId).join('\n'));
  if (leftOut.length > 0) await tellLeftOut(ui, leftOut);
}

async function servicesOrAsk(
  ui: Ui,
  clicked: unknown,
  selected: unknown,
  title: string,
): Promise<readonly DiscoveredService[]> {
  const services = servicesOf(clicked, selected, ui.catalog.services);
  return services.length > 0 ? services : [await askForService(ui, 'service', title)];
}

async function tellLeftOut(ui: Ui, services: readonly DiscoveredService[]): Promise<void> {
  const names = services.map(({ name }) => name).join(', ');
  await ui.prompts.message({
    id: 'leftOut',
    severity: 'info',
    text: vscode.l10n.t('Left out, because they have no resource id: {0}', names),
    buttons: [],
  });
}
