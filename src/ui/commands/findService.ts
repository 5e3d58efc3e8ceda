import * as vscode from 'vscode';
import { endpointKey } from '../tree/buildTree.ts';
import type { Ui } from '../ui.ts';
import { askForService } from './askFor.ts';

/** Finds a service by name, place or address over everything, also what the tree has not shown yet. */
export async function findService(ui: Ui): Promise<void> {
  const service = await askForService(ui, 'findService', vscode.l10n.t('Find FHIR Service'));
  const ref = ui.serviceTree
    .all()
    .find(
      ({ node }) => node.kind === 'service' && endpointKey(node.service.endpoint) === endpointKey(service.endpoint),
    );
  if (ref !== undefined) await ui.serviceTree.reveal(ref.id);
}
