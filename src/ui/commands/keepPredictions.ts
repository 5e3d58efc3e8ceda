import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import type { PlanRecords } from '../../services/planEditing.ts';
import { withRecords } from '../../services/planEditing.ts';
import { writtenPrediction } from '../../services/prediction/predictionText.ts';
import { editPlan } from '../plan/editPlan.ts';
import type { Ui } from '../ui.ts';
import { planFrom } from './planFrom.ts';

/** Writes what a plan was predicted to take into its file, for whoever reviews it. */
export async function keepPredictions(ui: Ui, clicked: unknown): Promise<void> {
  const { uri, plan } = await planFrom(ui, clicked);
  const prediction = ui.reviews.known(plan)?.summary?.prediction;
  if (prediction === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('Nothing was predicted for this plan yet.'),
      nextStep: vscode.l10n.t('Open the review of the plan and wait until its source is counted.'),
    });
  await writeRecords(uri, { predictions: writtenPrediction(prediction, Date.now()) });
}

/** Edits records of a plan file, so that the edit can be undone, and saves it. */
export async function writeRecords(uri: vscode.Uri, records: PlanRecords): Promise<void> {
  await editPlan(uri, (text) => withRecords(text, records));
}
