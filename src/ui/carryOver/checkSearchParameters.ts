import * as vscode from 'vscode';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';

/** Asks the target of the comparison whether searches use each of its custom parameters, and shows it at the gate. */
export async function checkSearchParameters(ui: Ui): Promise<void> {
  const { shown } = ui.drift.list;
  if (shown === undefined) return;
  const { target } = shown;
  const readiness = await withProgress(
    'notification',
    vscode.l10n.t('Trying the search parameters of {0}', target.name),
    async (signal) => {
      await ui.signIn.ensureForServices([target], signal);
      return (await ui.services()).searchParameters.ready(target, signal);
    },
  );
  ui.drift.list.setReadiness(target.id, readiness);
  ui.log.info('Search parameters tried', {
    parameters: readiness.length,
    ready: readiness.filter(({ ready }) => ready).length,
  });
}
