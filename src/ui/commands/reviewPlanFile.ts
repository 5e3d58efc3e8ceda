import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan.ts';
import type { DocumentAction } from '../documents/editorDocuments.ts';
import { planReviewMarkdown } from '../documents/planSummaryDocument.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';
import { samePlan } from '../plan/planReviews.ts';
import type { Ui } from '../ui.ts';
import { planFrom } from './planFrom.ts';

/** Opens the review of a plan beside it: counts, windows, preflight; it fills as the answers come. */
export async function reviewPlanFile(ui: Ui, uri: vscode.Uri): Promise<void> {
  const { plan } = await planFrom(ui, uri);
  const document = ui.documents.create('plans', plan.name, 'md', reviewText(ui, plan), reviewActions(uri));
  const stop = ui.reviews.onChange(({ plan: changed }) => {
    if (samePlan(changed, plan)) ui.documents.update(document, reviewText(ui, plan));
  });
  await ui.documents.show(document, 'beside');
  const abort = new AbortController();
  const { signal } = abort;
  // Whoever closes the review does not want the source to be counted for it any more.
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri: gone }) => {
    if (gone.toString() === document.toString()) abort.abort();
  });
  const work = async (): Promise<void> => {
    await ui.signIn.ensureFor(plan, signal);
    const preflight = ui.reviews.preflight(plan, signal, true).catch((error: unknown) => {
      // The review itself says why; only a bug deserves a message of its own.
      if (!FailureError.is(error)) throw error;
      ui.log.warn('The preflight could not be completed', { kind: toFailure(error).kind });
    });
    await Promise.all([ui.reviews.summarize(plan, signal), preflight]);
  };
  try {
    await work();
  } finally {
    closed.dispose();
    ui.documents.update(document, reviewText(ui, plan));
    stop();
  }
}

function reviewText(ui: Ui, plan: Plan): string {
  const review = ui.reviews.known(plan) ?? {
    plan,
    summary: undefined,
    summaryFailure: undefined,
    preflight: undefined,
  };
  return planReviewMarkdown(review);
}

const reviewActions = (uri: vscode.Uri): readonly DocumentAction[] => [
  { title: vscode.l10n.t('$(play) Start Migration'), command: 'fhirMigration.startMigration', arguments: [uri] },
  { title: vscode.l10n.t('$(checklist) Run Preflight'), command: 'fhirMigration.runPreflight', arguments: [uri] },
  { title: vscode.l10n.t('$(tools) Prepare…'), command: 'fhirMigration.prepare', arguments: [uri] },
  { title: vscode.l10n.t('$(beaker) Rehearse…'), command: 'fhirMigration.rehearse', arguments: [uri] },
  {
    title: vscode.l10n.t('$(save) Keep Predictions in the Plan'),
    command: 'fhirMigration.keepPredictions',
    arguments: [uri],
  },
  { title: vscode.l10n.t('$(go-to-file) Open Plan'), command: 'vscode.open', arguments: [uri] },
];
