import * as vscode from 'vscode';
import { withDeidentification } from '../../services/planEditing.ts';
import { chooseConfiguration, uploadConfiguration } from '../plan/configurationFile.ts';
import { editPlan } from '../plan/editPlan.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { planFrom } from './planFrom.ts';

/** Uploads a configuration of de-identified exports and writes its name and version into the plan. */
export async function uploadDeidentification(ui: Ui, clicked: unknown): Promise<void> {
  const { uri, plan } = await planFrom(ui, clicked);
  const text = await chooseConfiguration(ui);
  if (text === undefined) throw left();
  const deidentified = await uploadConfiguration(ui, plan, text);
  await editPlan(uri, (old) => withDeidentification(old, deidentified));
  await vscode.window.showTextDocument(uri, { preview: false });
  ui.log.info('De-identification configuration uploaded', { migration: plan.name });
  const next = await ui.prompts.message({
    id: 'deidentify.done',
    severity: 'info',
    text: vscode.l10n.t(
      'The plan names the configuration and its version in {0}. Before anything is imported, a probe export proves that it applies.',
      plan.staging.accountName,
    ),
    buttons: [{ id: 'preflight', label: vscode.l10n.t('Run Preflight') }],
  });
  if (next === 'preflight') await vscode.commands.executeCommand('fhirMigration.runPreflight', uri);
}
