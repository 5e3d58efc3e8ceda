import * as vscode from 'vscode';
import { migrationId } from '../../engine/ids.ts';
import type { MadeReport } from '../../services/report/contract.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import { reportInFront, showReport } from '../report/reportPanels.ts';
import type { Ui } from '../ui.ts';
import { askForMigration, left } from './askFor.ts';
import { migrationIdOf } from './selection.ts';

/** Makes the report of a migration and shows it in the editor. */
export async function openReport(ui: Ui, clicked: unknown): Promise<void> {
  const id = migrationIdOf(clicked) ?? (await askForMigration(ui, 'openReport', vscode.l10n.t('Open Report')));
  const { html } = await make(ui, id);
  const name = ui.migrations.state(id)?.overview.name ?? id;
  showReport(id, vscode.l10n.t('Report: {0}', name), html);
}

type Form = 'html' | 'markdown' | 'json';
const endings: Readonly<Record<Form, string>> = { html: 'html', markdown: 'md', json: 'json' };

/** Makes the report anew and writes it to a file that the user chooses; offers to open it. */
export async function saveReport(ui: Ui, clicked: unknown): Promise<void> {
  const title = vscode.l10n.t('Save Report');
  const id = migrationIdOf(clicked) ?? reportInFront() ?? (await askForMigration(ui, 'saveReport', title));
  const form = await ui.prompts.pick<Form>({
    id: 'saveReport.form',
    title,
    placeholder: vscode.l10n.t('No form holds content or ids of resources.'),
    choices: [
      { label: 'HTML', description: vscode.l10n.t('one file for every browser, printable'), value: 'html' },
      { label: 'Markdown', description: vscode.l10n.t('for a wiki or a ticket'), value: 'markdown' },
      { label: 'JSON', description: vscode.l10n.t('for programs'), value: 'json' },
    ],
  });
  if (form === undefined || form === back) throw left();
  const report = await make(ui, id);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const ending = endings[form];
  const address = await ui.prompts.saveFile({
    id: 'saveReport.file',
    title,
    proposal: folder === undefined ? undefined : vscode.Uri.joinPath(folder, `${report.name}.${ending}`).toString(),
    kind: { name: vscode.l10n.t('Report'), extension: ending },
  });
  if (address === undefined) throw left();
  const uri = vscode.Uri.parse(address, true);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(report[form], 'utf8'));
  ui.log.info('Report saved', { migration: id, form });
  const answer = await ui.prompts.message({
    id: 'saveReport.done',
    severity: 'info',
    text: vscode.l10n.t('The report was saved as {0}.', uri.path.split('/').at(-1) ?? ''),
    buttons: [
      form === 'html'
        ? { id: 'browser', label: vscode.l10n.t('Open in Browser') }
        : { id: 'editor', label: vscode.l10n.t('Open') },
    ],
  });
  if (answer === 'browser') await ui.prompts.openInBrowser(address);
  if (answer === 'editor') await vscode.window.showTextDocument(uri);
}

async function make(ui: Ui, id: string): Promise<MadeReport> {
  await ui.migrations.open(id);
  return withProgress('fhirMigration.migrations', vscode.l10n.t('Making the report'), async () =>
    (await ui.services()).report(migrationId(id)),
  );
}
