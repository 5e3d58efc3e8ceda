import * as vscode from 'vscode';
import { changeLines } from '../../compare/changes/changeWords.ts';
import type { ChangePair, RememberedChange } from '../../compare/changes/remembered.ts';
import { FailureError } from '../../failure/failure.ts';
import { changePair } from '../../services/changes/changePair.ts';
import { tellReport } from '../changes/applyWithConsent.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { formatInstant } from '../words/format.ts';
import { left } from './askFor.ts';
import { atTheEnd } from './command.ts';
import { migrationIdOf } from './selection.ts';

/**
 * Puts back what was changed at Azure: for the two services that the command was called for, or of all that is
 * remembered. At the end of a migration it only offers to, and only if there is something.
 */
export async function undoChanges(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const services = await ui.services();
  const open = await services.changes.remembered(await pairOf(ui, clicked));
  if (selected === atTheEnd && !(await offered(ui, open))) return;
  if (open.length === 0)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('Nothing that was changed here is left to be put back.'),
    });
  const title = vscode.l10n.t('Put Back Changed Settings');
  const chosen = await choose(ui, title, open);
  const report = await withProgress('notification', title, (signal, say) =>
    services.changes.undo(chosen, signal, (change, status) => say(`${change.title}: ${status}`)),
  );
  await tellReport(ui, title, undefined, report);
}

async function offered(ui: Ui, open: readonly RememberedChange[]): Promise<boolean> {
  if (open.length === 0) return false;
  const answer = await ui.prompts.message({
    id: 'undoChanges.offer',
    severity: 'info',
    text: vscode.l10n.t('{0} settings were changed at Azure for this migration. Put them back now?', open.length),
    buttons: [{ id: 'choose', label: vscode.l10n.t('Choose What to Put Back…') }],
  });
  return answer === 'choose';
}

async function choose(ui: Ui, title: string, open: readonly RememberedChange[]): Promise<readonly RememberedChange[]> {
  const chosen = await ui.prompts.pickMany({
    id: 'undoChanges.choose',
    title,
    placeholder: vscode.l10n.t('What shall be as it was before?'),
    choices: open.map((record) => ({
      label: record.change.title,
      description: formatInstant(record.at),
      detail: changeLines(record.change).join('; '),
      value: record,
      picked: true,
    })),
  });
  if (chosen === undefined || chosen === back || chosen.length === 0) throw left();
  const lines = chosen.flatMap(({ change }) =>
    change.kind === 'settings'
      ? changeLines({ ...change, edits: change.before, before: change.edits })
      : changeLines(change).map((line) => vscode.l10n.t('{0}: is taken away', line)),
  );
  const answer = await ui.prompts.message({
    id: 'undoChanges.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Put {0} changes back?', chosen.length),
    detail: lines.join('\n'),
    buttons: [{ id: 'undo', label: vscode.l10n.t('Put Back') }],
  });
  if (answer !== 'undo') throw left();
  return chosen;
}

async function pairOf(ui: Ui, argument: unknown): Promise<ChangePair | undefined> {
  if (isPair(argument)) return { source: argument.source, target: argument.target };
  const id = migrationIdOf(argument);
  if (id === undefined) return undefined;
  const { plan } = (await ui.migrations.open(id)).overview();
  return changePair(plan.source, plan.target);
}

const isPair = (value: unknown): value is ChangePair =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  'target' in value &&
  typeof value.source === 'string' &&
  typeof value.target === 'string';
