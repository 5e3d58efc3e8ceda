import * as vscode from 'vscode';
import type { CleanupItem } from '../../cutover/cleanupPlan.ts';
import { migrationId } from '../../engine/ids.ts';
import { bytes } from '../../report/words.ts';
import { cleanupMarkdown, decommissionMarkdown, sizeWords } from '../finish/cleanupReport.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { formatCount } from '../words/format.ts';
import { askForMigration, left } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

const titleOf = (name: string): string => vscode.l10n.t('Clean Up {0}', name);

/** Lists what a migration made, lets the user choose, deletes what was chosen, and shows the proof. */
export async function cleanUp(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'cleanUp', vscode.l10n.t('Clean Up Migration')));
  const { plan, name } = (await ui.migrations.open(id)).overview();
  const services = await ui.services();
  const review = await withProgress(
    'notification',
    vscode.l10n.t('Looking for what {0} made', name),
    async (signal, say) => {
      await ui.signIn.ensureFor(plan, signal);
      return services.cleanup.review(migrationId(id), signal, (what) => say(what));
    },
  );
  const chosen = await choose(ui, name, review.items);
  await confirm(ui, chosen, review.warnings);
  ui.log.info('Clean-up asked for', { migration: id, items: chosen.length });
  const result = await withProgress('notification', titleOf(name), (signal, say) =>
    services.cleanup.remove(
      migrationId(id),
      chosen.map((item) => item.id),
      signal,
      (_, done, total) => say(vscode.l10n.t('{0} of {1} files', formatCount(done), formatCount(total))),
    ),
  );
  const again =
    result.kept.length + result.failures.length === 0
      ? []
      : [{ title: vscode.l10n.t('$(refresh) Clean Up Again…'), command: 'fhirMigration.cleanUp', arguments: [id] }];
  const page = ui.documents.create('cleanup', name, 'md', cleanupMarkdown(name, result), [
    ...again,
    {
      title: vscode.l10n.t('$(checklist) Decommission Checklist'),
      command: 'fhirMigration.decommission',
      arguments: [id],
    },
  ]);
  await ui.documents.show(page);
}

async function choose(ui: Ui, name: string, items: readonly CleanupItem[]): Promise<readonly CleanupItem[]> {
  const chosen = await ui.prompts.pickMany({
    id: 'cleanUp.items',
    title: titleOf(name),
    placeholder: vscode.l10n.t('What shall be deleted or put back? The source and its data are never touched.'),
    nothing: () => vscode.l10n.t('Nothing that this migration made is left.'),
    choices: items.map((item) => ({
      label: item.title,
      description: sizeWords(item),
      value: item,
      group: item.kind === 'change' ? vscode.l10n.t('Put back') : vscode.l10n.t('Delete'),
      // What was set for the migration may be wanted afterwards: that is a choice of its own.
      picked: item.blocked === undefined && item.kind !== 'change',
      ...(item.blocked === undefined ? {} : { unavailable: item.blocked }),
    })),
  });
  const possible = chosen === back ? undefined : chosen?.filter(({ blocked }) => blocked === undefined);
  if (possible === undefined || possible.length === 0) throw left();
  return possible;
}

async function confirm(ui: Ui, chosen: readonly CleanupItem[], warnings: readonly string[]): Promise<void> {
  const files = chosen.reduce((sum, item) => sum + item.files, 0);
  const size = bytes(chosen.reduce((sum, item) => sum + item.bytes, 0));
  const rest = chosen.filter(({ kind }) => kind === 'container' || kind === 'change');
  const answer = await ui.prompts.message({
    id: 'cleanUp.confirm',
    severity: 'warning',
    modal: true,
    text: vscode.l10n.t('Delete {0} files ({1})?', formatCount(files), size),
    detail: [
      ...warnings,
      ...rest.map(({ title }) => title),
      vscode.l10n.t('Deleted files come back only where the storage account keeps deleted blobs.'),
    ].join('\n'),
    buttons: [{ id: 'delete', label: vscode.l10n.t('Delete') }],
  });
  if (answer !== 'delete') throw left();
}

/** Opens what a person goes through before the source is deleted. */
export async function decommission(ui: Ui, clicked: unknown): Promise<void> {
  const title = vscode.l10n.t('Decommission Checklist');
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'decommission', title));
  const { plan } = (await ui.migrations.open(id)).overview();
  const items = await withProgress('notification', title, async (signal) => {
    await ui.signIn.ensureFor(plan, signal);
    return (await ui.services()).cleanup.decommission(migrationId(id), signal);
  });
  const page = ui.documents.create(
    'decommission',
    plan.source.name,
    'md',
    decommissionMarkdown(plan.source.name, items),
    [{ title: vscode.l10n.t('$(refresh) Look Again'), command: 'fhirMigration.decommission', arguments: [id] }],
  );
  await ui.documents.show(page);
}
