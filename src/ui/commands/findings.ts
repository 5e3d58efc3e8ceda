import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import { fixOf } from '../readiness/fixes.ts';
import type { ShownReadiness } from '../readiness/findingsList.ts';
import { headingOf } from '../readiness/readinessReport.ts';
import type { Ui } from '../ui.ts';
import { findingsOf } from './findingsOf.ts';

/** Opens the report of the findings that are shown, at the one that was clicked. */
export async function showFinding(ui: Ui, clicked: unknown): Promise<void> {
  const { shown } = ui.findings;
  if (shown === undefined) return;
  const editor = await ui.documents.show(shown.report);
  const [finding] = findingsOf(clicked, undefined);
  if (finding === undefined) return;
  const at = editor.document.getText().indexOf(`\n${headingOf(finding)}\n`);
  if (at < 0) return;
  const place = editor.document.positionAt(at + 1);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.AtTop);
}

/** Does what this product can do about a finding. */
export async function fixFinding(ui: Ui, clicked: unknown): Promise<void> {
  const { shown } = ui.findings;
  const [finding] = findingsOf(clicked, undefined);
  const fix = finding === undefined ? undefined : fixOf(finding.id);
  if (shown === undefined || fix === undefined) return;
  const { source, target, plans } = shown;
  switch (fix.needs) {
    case 'plan':
      await vscode.commands.executeCommand(fix.command, planOf(shown, plans));
      return;
    case 'pair':
      await vscode.commands.executeCommand(fix.command, source.id, pairOf(shown));
      return;
    case 'source':
      await vscode.commands.executeCommand(fix.command, source.id);
      return;
    case 'target':
      await vscode.commands.executeCommand(fix.command, target?.id);
  }
}

const pairOf = ({ source, target }: ShownReadiness): readonly string[] => [
  source.id,
  ...(target === undefined ? [] : [target.id]),
];

/** What is set for a migration is set for its plan. */
function planOf({ source, target }: ShownReadiness, [plan]: readonly vscode.Uri[]): vscode.Uri {
  if (plan !== undefined) return plan;
  throw new FailureError({
    kind: 'invalidInput',
    message:
      target === undefined
        ? vscode.l10n.t('{0} was assessed without a target.', source.name)
        : vscode.l10n.t('No plan file moves {0} to {1} yet.', source.name, target.name),
    nextStep: vscode.l10n.t('Right-click {0} and choose "Migrate to…" to make one, then assess again.', source.name),
  });
}

/** Closes the Findings view; what was accepted is kept. */
export function closeFindings(ui: Ui): Promise<void> {
  ui.findings.show(undefined);
  return Promise.resolve();
}

/** Assesses the services of the Findings view again. */
export async function assessAgain(ui: Ui): Promise<void> {
  const { shown } = ui.findings;
  if (shown !== undefined)
    await vscode.commands.executeCommand('fhirMigration.assessReadiness', shown.source.id, pairOf(shown));
}
