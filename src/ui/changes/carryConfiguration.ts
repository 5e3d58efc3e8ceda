import * as vscode from 'vscode';
import { serviceBicep } from '../../compare/bicep/serviceBicep.ts';
import type { CarryRow } from '../../compare/changes/carryConfiguration.ts';
import { changeLines } from '../../compare/changes/changeWords.ts';
import type { CarryPlan } from '../../services/configuration/contract.ts';
import { left } from '../commands/askFor.ts';
import { driftNodesOf } from '../commands/chooseDrift.ts';
import { compareAgain } from '../commands/compare.ts';
import { pairFor } from '../commands/pair.ts';
import { driftChildren, type DriftTreeNode } from '../compare/driftNodes.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { applyWithConsent } from './applyWithConsent.ts';

/** Carries chosen settings of the source over to the target, after showing the exact JSON, or writes them as Bicep. */
export async function carryConfiguration(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Carry Configuration Over');
  const { source, target } = await pairFor(ui, { id: 'carryConfiguration', title }, clicked, selected);
  const nodes = driftNodesOf(clicked, selected);
  const picked = nodes.length === 0 ? undefined : new Set(titlesBelow(nodes));
  const plan = await withProgress(
    'notification',
    vscode.l10n.t('Looking at the configuration of {0} and {1}', source.name, target.name),
    async (signal) => {
      await ui.signIn.ensureForServices([source, target], signal);
      return (await ui.services()).carry.configuration(source, target, signal);
    },
  );
  const rows = await chooseRows(ui, title, plan, picked);
  const changes = rows.flatMap(({ change }) => change ?? []);
  const how = await ui.prompts.pick({
    id: 'carryConfiguration.how',
    title,
    choices: [
      {
        label: vscode.l10n.t('Preview and Apply…'),
        detail: vscode.l10n.t('Shows the exact change, asks, writes, reads again and compares'),
        icon: 'diff',
        value: 'apply' as const,
      },
      {
        label: vscode.l10n.t('Export as Bicep'),
        detail: vscode.l10n.t('The target with these settings as a file, to be deployed by other means'),
        icon: 'file-code',
        value: 'bicep' as const,
      },
    ],
  });
  if (how === undefined || how === back) throw left();
  if (how === 'bicep') {
    await exportBicep(plan, rows);
    return;
  }
  const words = vscode.l10n.t('Carry over to {0}', plan.target.name);
  try {
    await applyWithConsent(ui, { title: words, pair: plan.pair, changes, resources: plan.resources });
  } finally {
    await compareAgain(ui, source, target);
  }
}

/** Titles of the settings at and below nodes, without those that the user set aside. */
const titlesBelow = (nodes: readonly DriftTreeNode[]): readonly string[] =>
  nodes.flatMap((node) =>
    node.kind === 'entry' ? (node.excluded ? [] : (node.entry.path[0] ?? [])) : titlesBelow(driftChildren(node)),
  );

async function chooseRows(
  ui: Ui,
  title: string,
  { rows, source, target }: CarryPlan,
  picked: ReadonlySet<string> | undefined,
): Promise<readonly CarryRow[]> {
  const chosen = await ui.prompts.pickMany({
    id: 'carryConfiguration.rows',
    title,
    placeholder: vscode.l10n.t('Settings of {0} that {1} shall have', source.name, target.name),
    nothing: () => vscode.l10n.t('{0} has every setting of {1} that can be carried over.', target.name, source.name),
    choices: rows
      .filter(({ state }) => state !== 'same')
      .map((row) => {
        const unavailable = row.blocked ?? (row.change === undefined ? row.guidance : undefined);
        return {
          label: row.title,
          // Why it cannot be chosen stands below it.
          description: unavailable === undefined ? row.guidance : row.source,
          detail: row.change === undefined ? row.guidance : changeLines(row.change).join('; '),
          value: row,
          picked: unavailable === undefined && (picked?.has(row.title) ?? true),
          ...(unavailable === undefined ? {} : { unavailable }),
        };
      }),
  });
  if (chosen === undefined || chosen === back || chosen.length === 0) throw left();
  return chosen.filter(({ change }) => change !== undefined);
}

/** As a new file of the user's own, which can be edited and saved. */
async function exportBicep({ target, resources, source }: CarryPlan, rows: readonly CarryRow[]): Promise<void> {
  const content = serviceBicep(
    target.resourceId,
    resources[target.resourceId.toLowerCase()] ?? {},
    rows.flatMap(({ change }) => change ?? []),
    vscode.l10n.t('{0} with settings of {1}', target.name, source.name),
  );
  await openNew(content, 'bicep');
}

/** Opens a text as a new file; where the language is not known to the editor, as plain text. */
export async function openNew(content: string, language: string): Promise<vscode.TextEditor> {
  const known = (await vscode.languages.getLanguages()).includes(language);
  const document = await vscode.workspace.openTextDocument({ content, ...(known ? { language } : {}) });
  return vscode.window.showTextDocument(document);
}
