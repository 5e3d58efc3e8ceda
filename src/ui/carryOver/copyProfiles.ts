import * as vscode from 'vscode';
import { hasFailed } from '../../compare/comparison.ts';
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

const types: ReadonlySet<string> = new Set(['StructureDefinition', 'ValueSet', 'CodeSystem']);

/** Copies chosen profiles, value sets and code systems in dependency order, and opens a report with the result of each. */
export async function copyProfiles(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const title = vscode.l10n.t('Copy Profiles and Terminology');
  const { source, target } = await pairFor(ui, { id: 'copyProfiles', title }, clicked, selected);
  const picked = entriesBelow(driftNodesOf(clicked, selected)).flatMap(({ path }) => path[1] ?? []);
  const copied = await withStaging(ui, source, async (staging) => {
    const { aspects } = await withProgress(
      'notification',
      vscode.l10n.t('Comparing the profiles of {0} and {1}', source.name, target.name),
      async (signal) => {
        await ui.signIn.ensureForServices([source, target], signal);
        return (await ui.services()).compare(source, target, ['profiles'], signal, staging);
      },
    );
    const [result] = aspects;
    if (result !== undefined && hasFailed(result)) throw new FailureError(result.failure);
    const entries = (result?.entries ?? []).filter(({ path }) => types.has(path[0] ?? ''));
    const chosen = await chooseEntries(ui, target.name, entries, {
      id: 'copyProfiles.which',
      title: vscode.l10n.t('Profiles and terminology to copy to {0}', target.name),
      nothing: vscode.l10n.t('{0} has every profile, value set and code system of {1}.', target.name, source.name),
      nameOf: ({ path }) => path[1] ?? '',
      overwrites: ({ state }) => state === 'different',
      preset: picked.length === 0 ? undefined : new Set(picked),
    });
    return withProgress(
      'notification',
      vscode.l10n.t('Copying {0} definitions to {1}', chosen.only.length, target.name),
      async (signal, say) =>
        (await ui.services()).profiles.copy(
          source,
          target,
          { ...chosen, ...(staging === undefined ? {} : { staging }) },
          (_copied, done, total) => say(vscode.l10n.t('{0} of {1}', done, total)),
          signal,
        ),
    );
  });
  const rows = copied.map(({ type, key, ...result }) => ({ name: `${type} ${key}`, ...result }));
  const text = copyReportMarkdown(title, source.name, target.name, rows, undefined);
  await ui.documents.show(ui.documents.create('copied', `Profiles to ${target.name}`, 'md', text));
  ui.log.info('Profiles copied', { copied: copied.length });
  await compareAgain(ui, source, target);
}
