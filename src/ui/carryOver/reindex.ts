import * as vscode from 'vscode';
import type { DiscoveredService } from '../../azure/discovered.ts';
import { FailureError } from '../../failure/failure.ts';
import { foreignReindexCode } from '../../services/searchParameters/contract.ts';
import type { ReindexChoice, ReindexProgress } from '../../services/searchParameters/watchReindex.ts';
import { askForService, left } from '../commands/askFor.ts';
import { compareAgain } from '../commands/compare.ts';
import { nodeOf, servicesOf } from '../commands/selection.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { formatCount } from '../words/format.ts';
import { checkSearchParameters } from './checkSearchParameters.ts';

/** Types whose progress fits into a notification. */
const typesShown = 4;

/**
 * Reindexes a service and follows it: progress per type, and whoever stops is asked whether the job shall stop, too. One
 * that somebody else started is never taken over unasked.
 */
export async function reindex(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const target = await targetOf(ui, clicked, selected);
  try {
    await follow(ui, target, { own: ui.memory.reindexOf(target.id) });
  } catch (error) {
    if (!FailureError.is(error, 'conflict') || error.failure.code !== foreignReindexCode) throw error;
    const answer = await ui.prompts.message({
      id: 'reindex.foreign',
      severity: 'warning',
      modal: true,
      text: error.failure.message,
      detail: vscode.l10n.t(
        'It may not cover what was written since. Follow it to its end, then start one of your own.',
      ),
      buttons: [{ id: 'follow', label: vscode.l10n.t('Follow It') }],
    });
    if (answer === undefined) throw left();
    await follow(ui, target, { join: true });
  }
  const { shown } = ui.drift.list;
  if (shown?.target.id !== target.id) return;
  await compareAgain(ui, shown.source, shown.target);
  await checkSearchParameters(ui);
}

async function targetOf(ui: Ui, clicked: unknown, selected: unknown): Promise<DiscoveredService> {
  const { shown } = ui.drift.list;
  const isMeant = clicked === undefined || (nodeOf(clicked) !== undefined && nodeOf(clicked)?.kind !== 'service');
  if (shown !== undefined && isMeant) return shown.target;
  const [chosen] = servicesOf(clicked, selected, ui.catalog.services);
  return chosen ?? askForService(ui, 'reindex', vscode.l10n.t('Reindex'));
}

async function follow(ui: Ui, target: DiscoveredService, choice: ReindexChoice): Promise<void> {
  let last: ReindexProgress | undefined;
  try {
    await withProgress('notification', vscode.l10n.t('Reindexing {0}', target.name), async (signal, say) => {
      await ui.signIn.ensureForServices([target], signal);
      await (
        await ui.services()
      ).searchParameters.reindex(
        target,
        (progress) => {
          if (last === undefined && !progress.joined) void ui.memory.setReindex(target.id, progress.jobId);
          last = progress;
          say(progressWords(progress));
        },
        choice,
        signal,
      );
    });
  } catch (error) {
    if (FailureError.is(error, 'cancelled') && last !== undefined) await afterStop(ui, target, last);
    else await ui.memory.setReindex(target.id, undefined);
    throw error;
  }
  await ui.memory.setReindex(target.id, undefined);
  void ui.prompts.message({
    id: 'reindex.done',
    severity: 'info',
    text: vscode.l10n.t('The reindex of {0} is complete.', target.name),
    buttons: [],
  });
}

/** How far a reindex is, in words. */
export function progressWords({ percent, types, joined }: ReindexProgress): string {
  const counted = Object.entries(types ?? {}).sort(([, a], [, b]) => b - a);
  const named = counted.slice(0, typesShown).map(([type, count]) => `${type} ${formatCount(count)}`);
  return [
    joined ? vscode.l10n.t('started by somebody else') : undefined,
    percent === undefined ? vscode.l10n.t('waiting') : `${percent} %`,
    named.length === 0 ? undefined : named.join(', '),
    counted.length > typesShown ? vscode.l10n.t('{0} more types', counted.length - typesShown) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Watching has stopped; the job on the server goes on unless the user says otherwise. */
async function afterStop(ui: Ui, target: DiscoveredService, { jobId, joined }: ReindexProgress): Promise<void> {
  if (joined) return;
  const answer = await ui.prompts.message({
    id: 'reindex.stopped',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('The reindex of {0} goes on at the server.', target.name),
    detail: vscode.l10n.t(
      'It can be followed again with "Reindex…". Cancelled, it leaves new search parameters unused until the next one.',
    ),
    buttons: [
      { id: 'leave', label: vscode.l10n.t('Let It Run'), closes: true },
      { id: 'cancel', label: vscode.l10n.t('Cancel the Reindex') },
    ],
  });
  if (answer !== 'cancel') return;
  const { signal } = new AbortController();
  const cancelled = await (await ui.services()).searchParameters.cancelReindex(target, jobId, signal);
  await ui.memory.setReindex(target.id, undefined);
  void ui.prompts.message({
    id: 'reindex.cancelled',
    severity: 'info',
    text: cancelled
      ? vscode.l10n.t(
          'The reindex of {0} was cancelled. Search parameters that it did not finish are not used.',
          target.name,
        )
      : vscode.l10n.t('The reindex of {0} had ended already.', target.name),
    buttons: [],
  });
}
