import * as vscode from 'vscode';
import type { ResourceJson } from '../../azure/resourceEdits.ts';
import { type Change, orderedSteps } from '../../compare/changes/change.ts';
import { changeLines } from '../../compare/changes/changeWords.ts';
import type { ChangePair } from '../../compare/changes/remembered.ts';
import type { ChangeReport } from '../../services/changes/contract.ts';
import { left } from '../commands/askFor.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { changeReportMarkdown } from './changeReport.ts';
import { showPreviews } from './previewChanges.ts';
import { previewsOf } from './previews.ts';

/** Changes that the user chose, and what is needed to show them. */
export interface ChosenChanges {
  /** What they are for, for example `Prepare move`. */
  readonly title: string;
  readonly pair: ChangePair;
  readonly changes: readonly Change[];
  /** Resources as they are, by their lower-case ids. */
  readonly resources: Readonly<Record<string, ResourceJson>>;
}

/**
 * Shows exactly what will be written, asks, writes, and tells what became of it; a report opens when something failed.
 * @throws FailureError `cancelled` when the user said no
 */
export async function applyWithConsent(ui: Ui, chosen: ChosenChanges): Promise<ChangeReport> {
  await askConsent(ui, chosen);
  const report = await withProgress('notification', chosen.title, async (signal, say) =>
    (await ui.services()).changes.apply(chosen.pair, chosen.changes, signal, (change, status) =>
      say(`${change.title}: ${status}`),
    ),
  );
  await tellReport(ui, chosen.title, chosen.pair, report);
  return report;
}

async function askConsent(ui: Ui, { title, changes, resources }: ChosenChanges): Promise<void> {
  const lines = orderedSteps(changes).flatMap(changeLines);
  const previews = previewsOf(changes, resources);
  const apply = { id: 'apply' as const, label: vscode.l10n.t('Apply') };
  const first = await ui.prompts.message({
    id: 'changes.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('{0}: apply {1} changes at Azure?', title, lines.length),
    detail: lines.join('\n'),
    buttons:
      previews.length === 0 ? [apply] : [apply, { id: 'show', label: vscode.l10n.t('Show JSON Before and After') }],
  });
  if (first === 'apply') return;
  if (first !== 'show') throw left();
  await showPreviews(ui, title, previews);
  // A notification would be gone before the change is read.
  const second = await ui.prompts.pick({
    id: 'changes.confirmShown',
    title: vscode.l10n.t('{0}: apply what the editor shows?', title),
    stays: true,
    choices: [
      { label: vscode.l10n.t('Apply'), icon: 'check', value: true },
      { label: vscode.l10n.t('Change Nothing'), icon: 'close', value: false },
    ],
  });
  if (second !== true) throw left();
}

/** Tells what became of changes: a message when all went well, the record of each otherwise. */
export async function tellReport(
  ui: Ui,
  title: string,
  pair: ChangePair | undefined,
  report: ChangeReport,
): Promise<void> {
  const outcomes = report.steps.map(({ outcome }) => outcome);
  ui.log.info('Changes applied', { steps: outcomes.length, ok: report.ok });
  if (report.ok) {
    void offerUndo(ui, title, pair);
    return;
  }
  const undo = pair === undefined ? [] : [pair];
  const document = ui.documents.create('changes', title, 'md', changeReportMarkdown(title, report), [
    { title: vscode.l10n.t('$(discard) Undo…'), command: 'fhirMigration.undoChanges', arguments: undo },
  ]);
  await ui.documents.show(document);
}

async function offerUndo(ui: Ui, title: string, pair: ChangePair | undefined): Promise<void> {
  const answer = await ui.prompts.message({
    id: 'changes.done',
    severity: 'info',
    text: vscode.l10n.t('{0}: done, read again and compared.', title),
    buttons: pair === undefined ? [] : [{ id: 'undo', label: vscode.l10n.t('Undo…') }],
  });
  if (answer === 'undo') await vscode.commands.executeCommand('fhirMigration.undoChanges', pair);
}
