import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { driftCounts } from '../compare/driftList.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { askForPair } from './askFor.ts';

/** Compares two services by meaning, and shows their texts side by side in the multi-file diff editor. */
export async function compare(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const [source, target] = await askForPair(ui, 'compare', vscode.l10n.t('Compare Services'), clicked, selected);
  await run(ui, source, target);
  const { shown } = ui.drift.list;
  if (shown !== undefined) await ui.drift.editor.open(shown.comparison);
}

/** Compares the same two services again; open documents change where they are. */
export async function refreshComparison(ui: Ui): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown !== undefined) await run(ui, shown.source, shown.target);
}

async function run(ui: Ui, source: DiscoveredService, target: DiscoveredService): Promise<void> {
  const comparison = await withProgress(
    'notification',
    vscode.l10n.t('Comparing {0} with {1}', source.name, target.name),
    async (signal) => {
      await ui.signIn.ensureForServices([source, target], signal);
      return (await ui.services()).compare(source, target, undefined, signal);
    },
  );
  ui.drift.editor.update(comparison);
  ui.drift.list.show(comparison, source, target);
  const { shown } = ui.drift.list;
  if (shown !== undefined) ui.log.info('Services compared', { ...driftCounts(shown) });
}
