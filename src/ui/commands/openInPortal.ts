import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import type { Ui } from '../ui.ts';
import { askForService } from './askFor.ts';
import { nodeOf, servicesOf } from './selection.ts';

/** Opens a service, workspace or subscription in the portal of the chosen cloud. */
export async function openInPortal(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { portal } = ui.settings().cloud;
  const node = nodeOf(clicked);
  if (node?.kind === 'subscription' && typeof node.subscriptionId === 'string') {
    const tenant = typeof node.tenantId === 'string' ? node.tenantId : undefined;
    await ui.prompts.openInBrowser(portalAddress(portal, tenant, `/subscriptions/${node.subscriptionId}`));
    return;
  }
  if (node?.kind === 'workspace' && typeof node.id === 'string') {
    const [tenant, id] = node.id.replace(/^workspace:/, '').split('|');
    await ui.prompts.openInBrowser(portalAddress(portal, tenant, id ?? ''));
    return;
  }
  const title = vscode.l10n.t('Open in Azure Portal');
  const refuse = ({ resourceId }: { readonly resourceId: string | undefined }): string | undefined =>
    resourceId === undefined ? vscode.l10n.t('Added by its address: it is not known to Azure.') : undefined;
  const [service = await askForService(ui, 'openInPortal', title, refuse)] = servicesOf(
    clicked,
    selected,
    ui.catalog.services,
  );
  if (service.resourceId === undefined) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('{0} was added by its address: it has no page in the portal.', service.name),
    });
  }
  await ui.prompts.openInBrowser(portalAddress(portal, service.tenantId, service.resourceId));
}

/** Address of a resource's page in the portal, in its own tenant where that is known. */
export const portalAddress = (portal: string, tenantId: string | undefined, resourceId: string): string =>
  `${portal.replace(/\/+$/, '')}/#${tenantId === undefined || tenantId === '' ? '' : `@${tenantId}`}/resource${resourceId}`;
