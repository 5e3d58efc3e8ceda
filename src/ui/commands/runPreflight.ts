import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan.ts';
import type { PreflightReport } from '../../services/contract.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { preflightMarkdown, type PreflightProgress } from '../documents/preflightReport.ts';
import { withProgress } from '../platform/signals.ts';
import { samePlan } from '../plan/planReviews.ts';
import type { Ui } from '../ui.ts';
import { planFrom } from './planFrom.ts';

/** Runs the preflight of a plan and shows its report, which fills while the checks run. */
export async function runPreflight(ui: Ui, clicked: unknown): Promise<void> {
  const { uri, plan } = await planFrom(ui, clicked);
  const document = ui.documents.create('preflight', plan.name, 'md', reportText(ui, plan), actionsFor(uri));
  const stop = ui.reviews.onChange(({ plan: changed }) => {
    if (samePlan(changed, plan)) ui.documents.update(document, reportText(ui, plan));
  });
  await ui.documents.show(document);
  try {
    await preflightWithProgress(ui, plan, false);
  } finally {
    ui.documents.update(document, reportText(ui, plan));
    stop();
  }
}

/** Runs the preflight under a notification that can be cancelled and tells how far it is. */
export async function preflightWithProgress(ui: Ui, plan: Plan, mayReuse: boolean): Promise<PreflightReport> {
  return withProgress('notification', vscode.l10n.t('Preflight of {0}', plan.name), async (signal, say) => {
    await ui.signIn.ensureFor(plan, signal);
    const stop = ui.reviews.onChange(({ preflight }) => {
      const last = preflight?.checks.at(-1);
      if (preflight?.report === undefined && last !== undefined) say(last.title);
    });
    try {
      return await ui.reviews.preflight(plan, signal, mayReuse);
    } finally {
      stop();
    }
  });
}

/** Opens the report of the preflight that is known of a plan. */
export async function showPreflight(ui: Ui, uri: vscode.Uri, plan: Plan): Promise<void> {
  await ui.documents.show(ui.documents.create('preflight', plan.name, 'md', reportText(ui, plan), actionsFor(uri)));
}

function reportText(ui: Ui, plan: Plan): string {
  const nothing: PreflightProgress = { checks: [], report: undefined, failure: undefined };
  return preflightMarkdown(plan, ui.reviews.known(plan)?.preflight ?? nothing);
}

const actionsFor = (uri: vscode.Uri): readonly DocumentAction[] => [
  { title: vscode.l10n.t('$(refresh) Run Again'), command: 'fhirMigration.runPreflight', arguments: [uri] },
  { title: vscode.l10n.t('$(tools) Prepare…'), command: 'fhirMigration.prepare', arguments: [uri] },
  { title: vscode.l10n.t('$(play) Start Migration'), command: 'fhirMigration.startMigration', arguments: [uri] },
  { title: vscode.l10n.t('$(go-to-file) Open Plan'), command: 'vscode.open', arguments: [uri] },
];
