import * as vscode from 'vscode';
import { remember } from '../../assess/changes.ts';
import type { Finding } from '../../assess/finding.ts';
import { FailureError } from '../../failure/failure.ts';
import { back } from '../platform/prompts.ts';
import type { ShownReadiness } from '../readiness/findingsList.ts';
import { readinessMarkdown, severityWords } from '../readiness/readinessReport.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { findingsOf } from './findingsOf.ts';
import { writeRecords } from './keepPredictions.ts';

/**
 * Accepts findings with a reason: those that were clicked, or one that is chosen. The reason is kept in the memory and in
 * the plan files of the two services.
 */
export async function acceptFinding(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const shown = shownIn(ui);
  const clickedOnes = findingsOf(clicked, selected);
  const findings = clickedOnes.length > 0 ? clickedOnes : [await chooseFinding(ui, shown)];
  const reason = await ui.prompts.input({
    id: 'acceptFinding.reason',
    title: vscode.l10n.t('Accept Finding'),
    prompt: vscode.l10n.t('Why? It is kept with the plan.'),
    value: findings.map(({ id }) => shown.accepted[id]).find((known) => known !== undefined) ?? '',
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('Give a reason.') : undefined),
  });
  if (reason === undefined || reason === back) throw left();
  const added = findings.map(({ id }) => [id, reason.trim().slice(0, 500)] as const);
  await keep(ui, shown, { ...shown.accepted, ...Object.fromEntries(added) });
}

/** Takes the acceptance of findings back. */
export async function withdrawFinding(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const shown = shownIn(ui);
  const gone = new Set(findingsOf(clicked, selected).map(({ id }) => id as string));
  await keep(ui, shown, Object.fromEntries(Object.entries(shown.accepted).filter(([id]) => !gone.has(id))));
}

async function keep(ui: Ui, shown: ShownReadiness, accepted: Readonly<Record<string, string>>): Promise<void> {
  const changed = { ...shown, accepted };
  await ui.memory.setReadiness(shown.pair, { findings: shown.assessment.findings.map(remember), accepted });
  for (const plan of shown.plans) await writeRecords(plan, { accepted: { ...accepted } });
  ui.documents.update(shown.report, readinessMarkdown(changed));
  ui.findings.show(changed);
}

async function chooseFinding(ui: Ui, { assessment, accepted }: ShownReadiness): Promise<Finding> {
  const finding = await ui.prompts.pick({
    id: 'acceptFinding.finding',
    title: vscode.l10n.t('Accept Finding'),
    placeholder: vscode.l10n.t('What was decided about, and need not be looked at again'),
    choices: assessment.findings.map((value) => ({
      label: value.title,
      description: Object.hasOwn(accepted, value.id) ? vscode.l10n.t('Accepted') : severityWords(value.severity),
      detail: value.evidence.seen,
      value,
    })),
  });
  if (finding === undefined || finding === back) throw left();
  return finding;
}

function shownIn(ui: Ui): ShownReadiness {
  const { shown } = ui.findings;
  if (shown !== undefined) return shown;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('No assessment is shown.'),
    nextStep: vscode.l10n.t('Run Assess Readiness first.'),
  });
}
