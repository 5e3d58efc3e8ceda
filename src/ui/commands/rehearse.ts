import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Plan } from '../../engine/plan.ts';
import { FailureError, toFailure } from '../../failure/failure.ts';
import type { MigrationHandle } from '../../services/contract.ts';
import { planService } from '../../services/planDraft.ts';
import { writtenPrediction } from '../../services/prediction/predictionText.ts';
import type { Slice } from '../../services/rehearsal/rehearsalPlan.ts';
import { withRehearsal } from '../../services/rehearsal/rehearsalRecord.ts';
import { back, type Choice, type ChoiceStream } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import { endpointKey } from '../tree/buildTree.ts';
import type { Ui } from '../ui.ts';
import { formatCount, formatInstant } from '../words/format.ts';
import { left, serviceChoices, serviceStream } from './askFor.ts';
import { writeRecords } from './keepPredictions.ts';
import { planFrom } from './planFrom.ts';
import { preflightWithProgress } from './runPreflight.ts';

/** Moves a slice of a plan to learn how fast the services are; its rates then feed the plan's predictions. */
export async function rehearse(ui: Ui, clicked: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('A plan is started only from a folder that you trust.'),
      nextStep: vscode.l10n.t('Trust this folder with "Workspaces: Manage Workspace Trust", then start again.'),
    });
  const { uri, plan } = await planFrom(ui, clicked);
  const slice = await askForSlice(ui, plan);
  const scratch = await askForScratch(ui, plan);
  const rehearsal = await withProgress('notification', vscode.l10n.t('Finding the slice'), async (signal) => {
    await ui.signIn.ensureFor(plan, signal);
    return (await ui.services()).rehearsalPlan(plan, slice, scratch && planService(scratch), signal);
  });
  await confirm(ui, plan, rehearsal);
  const report = await preflightWithProgress(ui, rehearsal, false);
  const failed = report.checks.find(({ outcome }) => outcome === 'failure');
  if (failed !== undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('The rehearsal was not started: {0}: {1}', failed.title, failed.found),
      ...(failed.nextStep === undefined ? {} : { nextStep: failed.nextStep }),
    });
  const handle = await ui.migrations.start(rehearsal);
  ui.log.info('Rehearsal started', { migration: handle.id });
  await ui.panels.open(handle.id);
  record(ui, uri, handle).catch((error: unknown) =>
    ui.log.warn('The rehearsal could not be recorded in its plan', { kind: toFailure(error).kind }),
  );
}

/** Waits for the end, then writes slice, result and new predictions into the plan file. */
async function record(ui: Ui, uri: vscode.Uri, handle: MigrationHandle): Promise<void> {
  const { phase } = await handle.stopped();
  if (phase !== 'complete' && phase !== 'needsAttention') return;
  const { plan } = await planFrom(ui, uri);
  const { prediction } = await (await ui.services()).summarize(plan, new AbortController().signal);
  await writeRecords(uri, {
    rehearsals: await withRehearsal(plan, handle),
    predictions: writtenPrediction(prediction, Date.now()),
  });
  void vscode.window.setStatusBarMessage(vscode.l10n.t('Rehearsal recorded in the plan, with new predictions'), 8000);
}

async function askForSlice(ui: Ui, plan: Plan): Promise<Slice> {
  const days = (count: number, label: string): Choice<Slice> => ({ label, value: { days: count } });
  const resources = (count: number): Choice<Slice> => ({
    label: vscode.l10n.t('The newest {0} resources', formatCount(count)),
    detail: vscode.l10n.t('Needs a source that can be counted'),
    value: { resources: count },
  });
  const answer = await ui.prompts.pick({
    id: 'rehearse.slice',
    title: vscode.l10n.t('Rehearse {0}', plan.name),
    placeholder: vscode.l10n.t('How much shall be moved? More tells more.'),
    choices: [
      days(1, vscode.l10n.t('The last day')),
      days(7, vscode.l10n.t('The last 7 days')),
      days(30, vscode.l10n.t('The last 30 days')),
      resources(10_000),
      resources(100_000),
      resources(1_000_000),
    ],
  });
  if (answer === undefined || answer === back) throw left();
  return answer;
}

/** Another service that takes the slice; undefined: the plan's own target. */
async function askForScratch(ui: Ui, plan: Plan): Promise<DiscoveredService | undefined> {
  const own = {
    label: vscode.l10n.t('{0}, the target of the plan', plan.target.name),
    detail: vscode.l10n.t('The slice stays there; the migration finds it already there'),
    value: 'own' as const,
  };
  const taken = new Set([endpointKey(plan.target.endpoint), endpointKey(plan.source.endpoint)]);
  const choices: ChoiceStream<DiscoveredService | 'own'> = (show) =>
    serviceStream(ui)((services, busy) => {
      const others = services.filter(({ kind, endpoint }) => kind === 'ahds' && !taken.has(endpointKey(endpoint)));
      show([own, ...serviceChoices(others)], busy);
    });
  const answer = await ui.prompts.pick({
    id: 'rehearse.target',
    title: vscode.l10n.t('Rehearse {0}', plan.name),
    placeholder: vscode.l10n.t('Which service takes the slice?'),
    choices,
  });
  if (answer === undefined || answer === back) throw left();
  return answer === 'own' ? undefined : answer;
}

async function confirm(ui: Ui, plan: Plan, { scope, target }: Plan): Promise<void> {
  const [since, till] = [scope.since, scope.till].map((text) => formatInstant(Date.parse(text ?? '')));
  const answer = await ui.prompts.message({
    id: 'rehearse.confirm',
    severity: 'info',
    modal: true,
    text: vscode.l10n.t('Move a slice of {0} to {1}?', plan.source.name, target.name),
    detail: vscode.l10n.t(
      'What changed from {0} until {1} is exported to the staging account and imported into {2}, where it stays. Nothing is written to {3}.',
      since ?? '',
      till ?? '',
      target.endpoint,
      plan.source.name,
    ),
    buttons: [{ id: 'start', label: vscode.l10n.t('Rehearse') }],
  });
  if (answer !== 'start') throw left();
}
