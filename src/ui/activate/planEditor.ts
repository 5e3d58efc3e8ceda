import * as vscode from 'vscode';
import { readPlan } from '../../services/planReading.ts';
import { planReviewLine } from '../documents/planSummaryDocument.ts';
import { planFileEnding } from '../plan/planFile.ts';
import type { PlanReviews } from '../plan/planReviews.ts';
import { planHover } from '../plan/planHover.ts';
import { planProblems } from '../plan/planProblems.ts';
import { Owner, type Disposable } from '../platform/owner.ts';
import type { ServiceCatalog } from '../tree/serviceCatalog.ts';

const selector: vscode.DocumentSelector = { pattern: `**/*${planFileEnding}` };

const isPlan = (document: vscode.TextDocument): boolean => document.uri.path.endsWith(planFileEnding);

/** What plan files get in the editor beside their JSON schema: problems, buttons, and what is known of their services. */
export function supportPlanFiles(reviews: PlanReviews, catalog: ServiceCatalog): Disposable {
  const owner = new Owner();
  const diagnostics = owner.add(vscode.languages.createDiagnosticCollection('fhirMigration'));
  const lensesChanged = owner.add(new vscode.EventEmitter<void>());
  const check = (document: vscode.TextDocument): void => {
    if (isPlan(document)) diagnostics.set(document.uri, problemsIn(document));
  };
  owner.onDispose(reviews.onChange(() => lensesChanged.fire()));
  owner.add(vscode.workspace.onDidOpenTextDocument(check));
  owner.add(vscode.workspace.onDidChangeTextDocument(({ document }) => check(document)));
  owner.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => diagnostics.delete(uri)));
  owner.add(
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: (document) => lensesFor(document, reviews),
    }),
  );
  owner.add(
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position) => {
        const found = planHover(document.getText(), document.offsetAt(position), catalog.services);
        if (found === undefined) return undefined;
        const range = new vscode.Range(
          document.positionAt(found.offset),
          document.positionAt(found.offset + found.length),
        );
        return new vscode.Hover(new vscode.MarkdownString(found.markdown), range);
      },
    }),
  );
  vscode.workspace.textDocuments.forEach(check);
  return owner;
}

function problemsIn(document: vscode.TextDocument): vscode.Diagnostic[] {
  const schemaIsChecked = vscode.extensions.getExtension('vscode.json-language-features') !== undefined;
  return planProblems(document.getText(), schemaIsChecked).map(({ message, severity, offset, length }) => {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    const diagnostic = new vscode.Diagnostic(
      range,
      message,
      severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
    );
    diagnostic.source = 'FHIR Migration';
    return diagnostic;
  });
}

function lensesFor(document: vscode.TextDocument, reviews: PlanReviews): vscode.CodeLens[] {
  const top = new vscode.Range(0, 0, 0, 0);
  const { plan } = readPlan(document.getText());
  if (plan === undefined) return [];
  const review = reviews.known(plan);
  const summary = review === undefined ? vscode.l10n.t('Review: counts, windows, preflight') : planReviewLine(review);
  const lens = (title: string, command: string): vscode.CodeLens =>
    new vscode.CodeLens(top, { title, command, arguments: [document.uri] });
  return [
    lens(vscode.l10n.t('$(play) Start Migration'), 'fhirMigration.startMigration'),
    lens(vscode.l10n.t('$(checklist) Run Preflight'), 'fhirMigration.runPreflight'),
    lens(vscode.l10n.t('$(tools) Prepare…'), 'fhirMigration.prepare'),
    lens(`$(list-ordered) ${summary}`, 'fhirMigration.summarizePlan'),
  ];
}
