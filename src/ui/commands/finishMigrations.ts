import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import { offeredControls } from '../migrations/controls.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import { formatDuration } from '../words/format.ts';
import { phaseName } from '../words/migrationWords.ts';
import { askForMigration, left } from './askFor.ts';
import type { Command } from './command.ts';
import { fitting, migrationIdsOf } from './selection.ts';

const title = (): string => vscode.l10n.t('Finish Migration');
const offers = ({ overview, driven }: MigrationState): boolean => offeredControls(overview, driven).includes('finish');

/**
 * Takes the last window of migrations that are kept in sync, after the user said that nothing writes to their sources
 * any more. The time counts from that answer.
 */
export const finishMigrations: Command = async (ui, clicked, selected) => {
  const named = migrationIdsOf(clicked, selected);
  const ids = named.length > 0 ? named : [await askForMigration(ui, 'control.finish', title(), offers)];
  const states: MigrationState[] = [];
  for (const id of ids) {
    await ui.migrations.open(id);
    const state = ui.migrations.state(id);
    if (state !== undefined) states.push(state);
  }
  const { chosen, leftOut } = fitting(states, offers);
  const [notNow] = leftOut;
  if (chosen.length === 0) {
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('{0}: not possible for {1} now.', title(), notNow?.overview.name ?? ''),
      nextStep: vscode.l10n.t('Its state is "{0}".', phaseName(notNow?.overview.phase ?? 'planned')),
    });
  }
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
