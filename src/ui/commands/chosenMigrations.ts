import * as vscode from 'vscode';
import { FailureError } from '../../failure/failure.ts';
import type { Control } from '../../../webview/protocol.ts';
import { offeredControls } from '../migrations/controls.ts';
import type { MigrationState } from '../migrations/migrationState.ts';
import type { Ui } from '../ui.ts';
import { phaseName } from '../words/migrationWords.ts';
import { askForMigration } from './askFor.ts';
import { fitting, migrationIdsOf } from './selection.ts';

/**
 * The migrations that a control was asked of: those selected, or one that the user picks; split into those that offer it
 * now and the others. Throws `invalidInput` when none offers it.
 */
export async function chosenMigrations(
  ui: Ui,
  [clicked, selected]: readonly [clicked: unknown, selected: unknown],
  control: Control,
  title: string,
): Promise<{ readonly chosen: readonly MigrationState[]; readonly leftOut: readonly MigrationState[] }> {
  const offers = offering(control);
  const named = migrationIdsOf(clicked, selected);
  const ids = named.length > 0 ? named : [await askForMigration(ui, `control.${control}`, title, offers)];
  const states: MigrationState[] = [];
  for (const id of ids) {
    await ui.migrations.open(id);
    const state = ui.migrations.state(id);
    if (state !== undefined) states.push(state);
  }
  const { chosen, leftOut } = fitting(states, offers);
  const [notNow] = leftOut;
  if (chosen.length === 0 && notNow !== undefined) throw impossible(title, notNow);
  return { chosen, leftOut };
}

/** Whether a migration offers a control now. */
function offering(control: Control): (state: MigrationState) => boolean {
  return ({ overview, driven }) => offeredControls(overview, driven).includes(control);
}

/** The failure of a command that a migration does not offer now. */
function impossible(title: string, { overview }: MigrationState): FailureError {
  return new FailureError({
    kind: 'invalidInput',
    message: vscode.l10n.t('{0}: not possible for {1} now.', title, overview.name),
    nextStep: vscode.l10n.t('Its state is "{0}".', phaseName(overview.phase)),
  });
}
