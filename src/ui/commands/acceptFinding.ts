import * as vscode from 'vscode';
import { remember } from '../../assess/changes.ts';
import { FailureError } from '../../failure/failure.ts';
import { back } from '../platform/prompts.ts';
import { readinessMarkdown, severityWords } from '../readiness/readinessReport.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { actionsFor, type ShownReadiness } from './assessReadiness.ts';

/** Accepts a finding of a report with a reason, or takes that back; kept for the next assessments of these services. */
export async function acceptFinding(ui: Ui, clicked: unknown): Promise<void> {
  const shown = shownOf(clicked);
  const { assessment, accepted, pair, uri } = shown;
  const id = await ui.prompts.pick({
    id: 'acceptFinding.finding',
    title: vscode.l10n.t('Accept Finding'),
    placeholder: vscode.l10n.t('What was decided about, and need not be looked at again'),
    choices: assessment.findings.map(({ id: value, severity, title, evidence }) => ({
      label: title,
      description: Object.hasOwn(accepted, value) ? vscode.l10n.t('Accepted') : severityWords(severity),
      detail: evidence.seen,
      value,
    })),
  });
  if (id === undefined || id === back) throw left();
  const reason = await ui.prompts.input({
    id: 'acceptFinding.reason',
    title: vscode.l10n.t('Accept Finding'),
    prompt: vscode.l10n.t('Why? Leave empty to take an acceptance back.'),
    value: accepted[id] ?? '',
  });
  if (reason === undefined || reason === back) throw left();
  const others = Object.entries(accepted).filter(([key]) => key !== id);
  const now = reason.trim() === '' ? others : [...others, [id, reason.trim().slice(0, 500)] as const];
  const changed = { ...shown, accepted: Object.fromEntries(now) };
  await ui.memory.setReadiness(pair, { findings: assessment.findings.map(remember), accepted: changed.accepted });
  ui.documents.update(uri, readinessMarkdown(changed));
  ui.documents.setActions(uri, actionsFor(changed));
}

/** The report whose button was pressed. */
function shownOf(argument: unknown): ShownReadiness {
  if (typeof argument === 'object' && argument !== null && 'assessment' in argument && 'pair' in argument)
    return argument as ShownReadiness;
  throw new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('Findings are accepted in a report.'),
    nextStep: vscode.l10n.t('Run Assess Readiness, then choose "Accept Finding…" above the report.'),
  });
}
