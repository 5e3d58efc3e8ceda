import * as vscode from 'vscode';
import type { Plan } from '../../engine/plan.ts';
import { FailureError } from '../../failure/failure.ts';
import { endpointKey } from '../tree/buildTree.ts';
import { isOver, phaseName } from '../words/migrationWords.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { left } from './askFor.ts';
import { planFrom } from './planFrom.ts';
import { preflightWithProgress, showPreflight } from './runPreflight.ts';

/** Starts the migration of a plan file, after its preflight has passed, and opens its panel. */
export async function startMigration(ui: Ui, clicked: unknown): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('A plan is started only from a folder that you trust.'),
      nextStep: vscode.l10n.t('Trust this folder with "Workspaces: Manage Workspace Trust", then start again.'),
    });
  }
  const { uri, plan } = await planFrom(ui, clicked);
  if (await openInstead(ui, plan)) return;
  const report = await preflightWithProgress(ui, plan, true);
  if (!report.ok) {
    await showPreflight(ui, uri, plan);
    const failures = report.checks.filter(({ outcome }) => outcome === 'failure');
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('{0} was not started: preflight found {1} failures.', plan.name, failures.length),
      diagnostics: failures.map(({ title, found }) => `${title}: ${found}`),
      nextStep: failures[0]?.nextStep ?? vscode.l10n.t('Resolve them, then start again.'),
    });
  }
  const handle = await withProgress('fhirMigration.migrations', vscode.l10n.t('Starting {0}', plan.name), () =>
    ui.migrations.start(plan),
  );
  ui.log.info('Migration started', { migration: handle.id });
  await ui.panels.open(handle.id);
}

/** The same source and target are being migrated already: going on there is what people mean nearly always. */
async function openInstead(ui: Ui, plan: Plan): Promise<boolean> {
  await ui.migrations.load();
  const same = (ui.migrations.states ?? []).find(
    ({ overview }) =>
      !isOver(overview.phase) &&
      endpointKey(overview.plan.source.endpoint) === endpointKey(plan.source.endpoint) &&
      endpointKey(overview.plan.target.endpoint) === endpointKey(plan.target.endpoint),
  );
  if (same === undefined) return false;
  const answer = await ui.prompts.message({
    id: 'startMigration.again',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('From {0} to {1} there is a migration already.', plan.source.name, plan.target.name),
    detail: vscode.l10n.t(
      '{0} is in the state "{1}". Starting another one exports the same data again; nothing is lost by it, but both take turns on the services.',
      same.overview.name,
      phaseName(same.overview.phase),
    ),
    buttons: [
      { id: 'open', label: vscode.l10n.t('Open the Existing One') },
      { id: 'start', label: vscode.l10n.t('Start Another One') },
    ],
  });
  if (answer === undefined) throw left();
  if (answer === 'open') await ui.panels.open(same.overview.id);
  return answer === 'open';
}
