import * as vscode from 'vscode';
import { driftNodes, type DriftTreeNode, keysBelow } from '../compare/driftNodes.ts';
import { back } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import { openInPortal } from './openInPortal.ts';
import { nodeOf } from './selection.ts';

/** Nodes of the Drift view that a command was called with. */
export function driftNodesOf(clicked: unknown, selected: unknown): readonly DriftTreeNode[] {
  const all = Array.isArray(selected) && selected.length > 0 ? (selected as readonly unknown[]) : [clicked];
  return all.flatMap((argument) => {
    const node = nodeOf(argument);
    const ours = ['aspect', 'group', 'entry', 'gate'].some((kind) => kind === node?.kind);
    return ours ? [node as unknown as DriftTreeNode] : [];
  });
}

/** Sets differences aside, or takes them back, alone or many at once; the choice is kept for these two services. */
export const chooseDrift =
  (included: boolean) =>
  (ui: Ui, clicked: unknown, selected: unknown): Promise<void> =>
    ui.drift.list.choose(keysBelow(driftNodesOf(clicked, selected)), included);

/** The same for everything that is shown, filtered as it is. */
export const chooseShownDrift =
  (included: boolean) =>
  async (ui: Ui): Promise<void> => {
    const { shown } = ui.drift.list;
    if (shown !== undefined) await ui.drift.list.choose(keysBelow(driftNodes(shown)), included);
  };

/** Opens the target of the comparison in the portal, where a setting is changed by hand. */
export async function openDriftTarget(ui: Ui): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown !== undefined) await openInPortal(ui, shown.target.id, undefined);
}

/** Shows the texts behind a difference side by side. */
export async function showDrift(ui: Ui, clicked: unknown): Promise<void> {
  const [node] = driftNodesOf(clicked, undefined);
  const { shown } = ui.drift.list;
  if (shown === undefined) return;
  if (node === undefined || node.kind === 'group' || node.kind === 'gate') await ui.drift.editor.open(shown.comparison);
  else await ui.drift.editor.openAspect(shown.comparison, node.aspect);
}

/** Limits the Drift view to what fits a pattern. */
export async function filterDrift(ui: Ui): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown === undefined) return;
  const answer = await ui.prompts.input({
    id: 'filterDrift',
    title: vscode.l10n.t('Filter Differences'),
    prompt: vscode.l10n.t('Words that must occur, with * and ?; empty shows everything'),
    placeholder: vscode.l10n.t('For example: Patient missing'),
    value: shown.filter,
  });
  if (answer !== undefined && answer !== back) ui.drift.list.setFilter(answer);
}

/** Closes the Drift view; what was chosen is kept. */
export function closeComparison(ui: Ui): Promise<void> {
  ui.drift.list.close();
  return Promise.resolve();
}
