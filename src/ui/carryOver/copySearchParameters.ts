import * as vscode from 'vscode';
import { type Comparison, hasFailed } from '../../compare/comparison.ts';
import { FailureError } from '../../failure/failure.ts';
import { driftNodesOf } from '../commands/chooseDrift.ts';
import { compareAgain } from '../commands/compare.ts';
import { pairFor } from '../commands/pair.ts';
import { entriesBelow } from '../compare/driftNodes.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { chooseEntries } from './chooseEntries.ts';
import { copyReportMarkdown } from './copyReport.ts';
import { withStaging } from './withStaging.ts';

/** Copies chosen search parameters and opens a report with the result of each; offers the reindex that they need. */
export async function copySearchParameters(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Copy Search Parameters');
  const { source, target } = await pairFor(ui, { id: 'copySearchParameters', title }, clicked, selected);
  const picked = entriesBelow(driftNodesOf(clicked, selected)).flatMap(({ path }) => path[0] ?? []);
  const copied = await withStaging(ui, source, async (staging) => {
    const comparison = await withProgress(
      'notification',
      vscode.l10n.t('Comparing the search parameters of {0} and {1}', source.name, target.name),
      async (signal) => {
        await ui.signIn.ensureForServices([source, target], signal);
        return (await ui.services()).compare(source, target, ['searchParameters'], signal, staging);
      },
    );
    const chosen = await chooseEntries(ui, target.name, entriesIn(comparison), {
      id: 'copySearchParameters.which',
      title: vscode.l10n.t('Search parameters to copy to {0}', target.name),
      nothing: vscode.l10n.t('{0} has every custom search parameter of {1}.', target.name, source.name),
      nameOf: ({ path: [url = ''] }) => url,
      overwrites: ({ overwrites }) => overwrites === true,
      preset: picked.length === 0 ? undefined : new Set(picked),
    });
    return withProgress(
      'notification',
      vscode.l10n.t('Copying {0} search parameters to {1}', chosen.only.length, target.name),
      async (signal, say) =>
        (await ui.services()).searchParameters.copy(
          source,
          target,
          { ...chosen, ...(staging === undefined ? {} : { staging }) },
          signal,
          (_copied, done, total) => say(vscode.l10n.t('{0} of {1}', done, total)),
        ),
    );
  });
  const written = copied.some(({ outcome }) => outcome === 'created' || outcome === 'replaced');
  const text = copyReportMarkdown(
    title,
    source.name,
    target.name,
    copied.map(({ url, ...result }) => ({ name: url, ...result })),
    written ? vscode.l10n.t('Searches use them only after a reindex of the target.') : undefined,
  );
  const uri = ui.documents.create('copied', `Search parameters to ${target.name}`, 'md', text, [
    { title: vscode.l10n.t('$(sync) Reindex…'), command: 'fhirMigration.reindex', arguments: [target.id] },
  ]);
  await ui.documents.show(uri);
  ui.log.info('Search parameters copied', { copied: copied.length });
  await compareAgain(ui, source, target);
}

function entriesIn({ aspects: [result] }: Comparison) {
  if (result === undefined) return [];
  if (hasFailed(result)) throw new FailureError(result.failure);
  return result.entries;
}
