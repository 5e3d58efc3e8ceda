import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { type Comparison, hasFailed } from '../../compare/comparison.ts';
import type { PlanInput } from '../../engine/plan.ts';
import { askForStaging } from '../carryOver/withStaging.ts';
import { driftCounts } from '../compare/driftList.ts';
import { selectionOf } from '../compare/planSelection.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { pairFor } from './pair.ts';

/** Compares two services by meaning, and shows their texts side by side in the multi-file diff editor. */
export async function compare(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const { source, target, plan } = await pairFor(
    ui,
    { id: 'compare', title: vscode.l10n.t('Compare Services'), always: true },
    clicked,
    selected,
  );
  await run(ui, source, target, plan);
  const { shown } = ui.drift.list;
  if (shown !== undefined) await ui.drift.editor.open(shown.comparison);
}

/** Compares the same two services again; open documents change where they are. */
export async function refreshComparison(ui: Ui): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown !== undefined) await run(ui, shown.source, shown.target, shown.plan);
}

/** The same after something was changed, if these two services are shown. */
export async function compareAgain(ui: Ui, source: DiscoveredService, target: DiscoveredService): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown?.source.id === source.id && shown.target.id === target.id) await run(ui, source, target, shown.plan);
}

async function run(
  ui: Ui,
  source: DiscoveredService,
  target: DiscoveredService,
  plan: vscode.Uri | undefined,
): Promise<void> {
  let comparison = await comparisonOf(ui, source, target, undefined);
  if (isRefused(comparison)) {
    const staging = await askForStaging(ui, source).catch(() => undefined);
    if (staging !== undefined) comparison = await comparisonOf(ui, source, target, staging);
  }
  ui.drift.editor.update(comparison);
  ui.drift.list.show(comparison, source, target, await selectionOf(source, target, plan));
  const { shown } = ui.drift.list;
  if (shown !== undefined) ui.log.info('Services compared', { ...driftCounts(shown) });
}

/** The source is deprecated, and no exported files of it are known here. */
const isRefused = ({ aspects }: Comparison): boolean =>
  aspects.some((result) => hasFailed(result) && result.failure.kind === 'retired');

function comparisonOf(
  ui: Ui,
  source: DiscoveredService,
  target: DiscoveredService,
  staging: PlanInput['staging'] | undefined,
): Promise<Comparison> {
  return withProgress(
    'notification',
    vscode.l10n.t('Comparing {0} with {1}', source.name, target.name),
    async (signal) => {
      await ui.signIn.ensureForServices([source, target], signal);
      return (await ui.services()).compare(source, target, undefined, signal, staging);
    },
  );
}
