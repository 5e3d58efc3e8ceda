import * as vscode from 'vscode';
import type { OperationOverview } from '../../engine/overview.ts';
import { FailureError } from '../../failure/failure.ts';
import { offeredControls } from '../migrations/controls.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { back, type Choice } from '../platform/prompts.ts';
import { formatDuration } from '../words/format.ts';
import { phaseName } from '../words/migrationWords.ts';
import { askForMigration, left } from './askFor.ts';
import type { Command } from './command.ts';
import { migrationIdOf } from './selection.ts';

const title = (): string => vscode.l10n.t('Stop Migration');
const offers = ({ overview, driven }: MigrationState): boolean => offeredControls(overview, driven).includes('pause');

/**
 * Stops a migration until somebody resumes it: lists what runs on the services one by one, cancels there what the user
 * picks, and leaves the rest running.
 */
export const stopMigration: Command = async (ui, clicked) => {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'stop', title(), offers));
  await ui.migrations.open(id);
  const state = ui.migrations.state(id);
  if (state === undefined || !offers(state))
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('{0}: not possible for {1} now.', title(), state?.overview.name ?? id),
      nextStep: vscode.l10n.t('Its state is "{0}".', phaseName(state?.overview.phase ?? 'planned')),
    });
  const { overview } = state;
  const chosen =
    overview.operations.length === 0
      ? []
      : await ui.prompts.pickMany({
          id: 'stop.operations',
          title: vscode.l10n.t('Stop {0}: what is cancelled on its service?', overview.name),
          placeholder: vscode.l10n.t('Picked operations are cancelled and done again later; the others run on there'),
          choices: overview.operations.map((operation) => choiceOf(operation, overview.plan, Date.now())),
        });
  if (chosen === undefined || chosen === back) throw left();
  ui.log.info('Migration asked to stop', { migration: id, cancelled: chosen.length });
  await ui.migrations.handle(id)?.stop(chosen);
};

function choiceOf(
  { id, kind, jobId, windows, since }: OperationOverview,
  plan: MigrationState['overview']['plan'],
  now: number,
): Choice<OperationOverview['id']> {
  const service = kind === 'export' ? plan.source.name : plan.target.name;
  const job = jobId ?? vscode.l10n.t('unknown');
  return {
    label:
      kind === 'export'
        ? vscode.l10n.t('Export {0} on {1}', id, service)
        : vscode.l10n.t('Import {0} on {1}', id, service),
    description: vscode.l10n.t('job {0}, running for {1}', job, formatDuration(Math.max(0, now - since))),
    detail: vscode.l10n.t('Windows: {0}', windows.join(', ')),
    value: id,
    picked: true,
  };
}
