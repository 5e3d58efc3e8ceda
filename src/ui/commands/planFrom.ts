import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import { readPlan } from '../../services/planReading.ts';
import { planFileEnding, planFileGlob } from '../plan/planFile.ts';
import { back } from '../platform/prompts.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';

/** A plan file and the plan in it. */
export interface OpenPlan {
  readonly uri: vscode.Uri;
  readonly plan: Plan;
}

/**
 * The plan that a command was called for: of the file it names, of the active editor, or one the user picks.
 * What is being edited counts, and is saved, so that the file says what runs.
 * @throws FailureError `invalidInput` when the file is no valid plan; its problems are shown in the editor
 */
export async function planFrom(ui: Ui, argument: unknown): Promise<OpenPlan> {
  const uri = uriOf(argument) ?? activePlan() ?? (await askForPlan(ui));
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const reading = readPlan(document.getText());
  if (reading.plan !== undefined) return { uri, plan: reading.plan };
  await vscode.window.showTextDocument(document);
  const [first] = reading.problems;
  const more = reading.problems.length - 1;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('{0} is not a valid plan: {1}', fileName(uri), first?.message ?? ''),
    nextStep:
      more > 0
        ? vscode.l10n.t('Correct this and {0} more problems, shown in the editor.', more)
        : vscode.l10n.t('Correct it: the place is marked in the editor.'),
  });
}

function uriOf(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string' && argument !== '') return vscode.Uri.parse(argument, true);
  return undefined;
}

function activePlan(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.path.endsWith(planFileEnding) === true ? uri : undefined;
}

async function askForPlan(ui: Ui): Promise<vscode.Uri> {
  const found = await vscode.workspace.findFiles(planFileGlob, undefined, 200);
  if (found.length === 0) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('There is no plan file in this workspace.'),
      nextStep: vscode.l10n.t('Right-click a service and choose "Migrate to…" to make one.'),
    });
  }
  const choices = found.map((uri) => ({
    label: fileName(uri),
    description: vscode.workspace.asRelativePath(uri),
    value: uri,
  }));
  if (choices.length === 1 && choices[0] !== undefined) return choices[0].value;
  const answer = await ui.prompts.pick({ id: 'plan', title: vscode.l10n.t('Which plan?'), choices });
  if (answer === undefined || answer === back) throw left();
  return answer;
}

const fileName = (uri: vscode.Uri): string => uri.path.split('/').at(-1) ?? uri.path;
