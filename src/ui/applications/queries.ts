import * as vscode from 'vscode';
import { exampleQueries } from '../../compare/queries/exampleQueries.ts';
import { parseQueries, queriesFileEnding, type Query } from '../../compare/queries/parseQueries.ts';
import { FailureError } from '../../failure/failure.ts';
import type { QueryComparison } from '../../services/queries/compareQueries.ts';
import { askForService, left } from '../commands/askFor.ts';
import { pairFor } from '../commands/pair.ts';
import { servicesOf } from '../commands/selection.ts';
import { back } from '../platform/prompts.ts';
import { withProgress } from '../platform/signals.ts';
import type { Ui } from '../ui.ts';
import { queriesMarkdown } from './queriesReport.ts';

const languageId = 'fhirqueries';
let problemsShown: vscode.DiagnosticCollection | undefined;

/** Opens a new file of searches with examples that a service understands. */
export async function newQueries(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const [chosen] = servicesOf(clicked, selected, ui.catalog.services);
  const service = chosen ?? (await askForService(ui, 'newQueries', vscode.l10n.t('New Query File for')));
  const content = await withProgress(
    'notification',
    vscode.l10n.t('Reading the capability statement of {0}', service.name),
    async (signal) => exampleQueries(await (await ui.services()).metadata(service.endpoint, signal)),
  );
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: languageId }));
}

/** Runs the searches of a file on both services and opens a report that fills as the answers come. */
export async function compareQueries(ui: Ui, clicked: unknown, selected: unknown): Promise<void> {
  const document = await queriesDocument(ui, clicked);
  const isFile = clicked instanceof vscode.Uri;
  const title = vscode.l10n.t('Run Queries on Both Services');
  const wanted = queriesIn(document);
  const { source, target } = await pairFor(
    ui,
    { id: 'compareQueries', title },
    isFile ? undefined : clicked,
    isFile ? undefined : selected,
  );
  const done: QueryComparison[] = [];
  const text = (running: boolean): string =>
    queriesMarkdown({ source: source.name, target: target.name, total: wanted.length, compared: done, running });
  const report = ui.documents.create('queries', `${source.name} and ${target.name}`, 'md', text(true));
  await ui.documents.show(report, 'beside');
  try {
    await withProgress('notification', title, async (signal, say) => {
      await ui.signIn.ensureForServices([source, target], signal);
      await (
        await ui.services()
      ).compareQueries(
        source,
        target,
        wanted,
        (one) => {
          done.push(one);
          say(vscode.l10n.t('{0} of {1}', done.length, wanted.length));
          ui.documents.update(report, text(true));
        },
        signal,
      );
    });
  } finally {
    ui.documents.update(report, text(false));
  }
  ui.log.info('Queries compared', { queries: done.length, different: done.filter(({ equal }) => !equal).length });
}

async function queriesDocument(ui: Ui, clicked: unknown): Promise<vscode.TextDocument> {
  if (clicked instanceof vscode.Uri && clicked.path.endsWith(queriesFileEnding))
    return vscode.workspace.openTextDocument(clicked);
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === languageId) return active;
  const found = await vscode.workspace.findFiles(`**/*${queriesFileEnding}`, undefined, 200);
  const [only] = found;
  if (only === undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('There is no file of searches in this workspace.'),
      nextStep: vscode.l10n.t('Make one with "New Query File…"; its name ends in .fhirqueries.'),
    });
  if (found.length === 1) return vscode.workspace.openTextDocument(only);
  const choices = found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), value: uri }));
  const answer = await ui.prompts.pick({ id: 'queries', title: vscode.l10n.t('Which queries?'), choices });
  if (answer === undefined || answer === back) throw left();
  return vscode.workspace.openTextDocument(answer);
}

/** @throws FailureError `invalidInput` for lines that are no searches; they are marked in the editor */
function queriesIn(document: vscode.TextDocument): readonly Query[] {
  const { queries, problems } = parseQueries(document.getText());
  problemsShown ??= vscode.languages.createDiagnosticCollection('fhirMigration.queries');
  problemsShown.set(
    document.uri,
    problems.map(({ line, message }) => new vscode.Diagnostic(document.lineAt(line - 1).range, message)),
  );
  const [first] = problems;
  if (first !== undefined)
    throw new FailureError({
      kind: 'invalidInput',
      message: vscode.l10n.t('Line {0} is no search: {1}', first.line, first.message),
      nextStep: vscode.l10n.t('Correct what is marked in the editor, then run the queries again.'),
    });
  if (queries.length > 0) return queries;
  throw new FailureError({ kind: 'invalidInput', message: vscode.l10n.t('This file holds no searches.') });
}
