import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';

/** More is no configuration: the services refuse it. */
const largestBytes = 1_000_000;

/** Text of a configuration of de-identified exports that the user chooses; undefined when they left. */
export async function chooseConfiguration(ui: Ui): Promise<string | undefined> {
  const chosen = await ui.prompts.chooseFile({
    id: 'deidentify.file',
    title: vscode.l10n.t('De-identification Configuration'),
    kind: { name: vscode.l10n.t('De-identification configuration'), extension: 'json' },
  });
  if (chosen === undefined) return undefined;
  const uri = vscode.Uri.parse(chosen, true);
  if ((await vscode.workspace.fs.stat(uri)).size > largestBytes)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('The de-identification configuration cannot be used: it is larger than 1 MB.'),
    });
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
}

/** Uploads a configuration to the staging account of a plan, and tells its name and its version there. */
export async function uploadConfiguration(
  ui: Ui,
  plan: Plan,
  text: string,
): Promise<{ readonly config: string; readonly etag: string }> {
  const title = vscode.l10n.t('Uploading the de-identification configuration');
  return withProgress('notification', title, async (signal) => {
    await ui.signIn.ensureFor(plan, signal);
    return (await ui.services()).uploadDeidentification(plan.staging, text, signal);
  });
}
