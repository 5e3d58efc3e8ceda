import * as vscode from 'vscode';
import type { MigrationState } from '../migrations/migrationState.ts';
import { formatDuration } from '../words/format.ts';
import { left } from './askFor.ts';
import { chosenMigrations } from './chosenMigrations.ts';
import type { Command } from './command.ts';

/**
 * Takes the last window of migrations that are kept in sync, after the user said that nothing writes to their sources
 * any more. The time counts from that answer.
 */
export const finishMigrations: Command = async (ui, clicked, selected) => {
  const { chosen } = await chosenMigrations(ui, [clicked, selected], 'finish', vscode.l10n.t('Finish Migration'));
  const answer = await ui.prompts.message({
    id: 'finish.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Have you stopped all writes to {0}?', chosen.map(sourceName).join(', ')),
    detail: chosen.map(detailOf).join('\n\n'),
    buttons: [{ id: 'finish', label: vscode.l10n.t('Writes Are Stopped: Finish') }],
  });
  if (answer !== 'finish') throw left();
  const frozenAt = Date.now();
  for (const { overview } of chosen) {
    ui.log.info('Migration asked to finish', { migration: overview.id });
    await ui.signIn.ensureFor(overview.plan, new AbortController().signal);
    await ui.migrations.handle(overview.id)?.finish(frozenAt);
  }
};

const sourceName = ({ overview }: MigrationState): string => overview.plan.source.name;

function detailOf({ overview }: MigrationState): string {
  const lag = overview.sync?.lagMs;
  return [
    vscode.l10n.t(
      'One last window is taken at once and brought to the target. Then the newest change of the source is compared with the one before: if anything was written meanwhile, the migration goes on in sync and says so.',
    ),
    ...(lag === undefined ? [] : [vscode.l10n.t('The copy of {0} is {1} old.', overview.name, formatDuration(lag))]),
  ].join(' ');
}
