import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { normalizeStatement, type NormalizedStatement } from '../../compare/capabilityStatement.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { askForPair } from './askFor.ts';

/** Opens the CapabilityStatements of two services in the diff editor, normalised so that only real differences show. */
export async function compareMetadata(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Compare Metadata');
  const [left, right] = await askForPair(ui, 'compareMetadata', title, clicked, selected);
  const [first, second] = await withProgress(
    'notification',
    vscode.l10n.t('Reading the metadata of {0} and {1}', left.name, right.name),
    (signal) => Promise.all([statement(ui, left, signal), statement(ui, right, signal)]),
  );
  const leftUri = ui.documents.create('metadata', left.name, 'json', first.text);
  const rightUri = ui.documents.create('metadata', right.name, 'json', second.text);
  const names = `${titleOf(left, first)} ↔ ${titleOf(right, second)}`;
  await vscode.commands.executeCommand('vscode.diff', leftUri, rightUri, vscode.l10n.t('Metadata: {0}', names), {
    preview: true,
  });
  ui.log.info('Metadata compared', { setAside: [...new Set([...first.setAside, ...second.setAside])].join(', ') });
}

async function statement(ui: Ui, service: DiscoveredService, signal: AbortSignal): Promise<NormalizedStatement> {
  const services = await ui.services();
  return normalizeStatement(await services.metadata(service.endpoint, signal), service.endpoint);
}

/** The software's version is set aside in the text, so that the title says it. */
const titleOf = (service: DiscoveredService, { softwareVersion }: NormalizedStatement): string =>
  softwareVersion === undefined ? service.name : `${service.name} (${softwareVersion})`;
