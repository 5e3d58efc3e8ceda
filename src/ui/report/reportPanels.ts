import * as vscode from 'vscode';

export const reportPanelType = 'fhirMigration.reportPanel';

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly migration: string;
}

/** Reports that are shown in the editor: one for each migration. */
const shown = new Map<string, Shown>();

/**
 * Shows the HTML of a report in the editor, in place of an older one of the same migration. The page has no script and
 * reaches nothing: its own policy and the editor's both see to that.
 */
export function showReport(migration: string, title: string, html: string): void {
  const open = shown.get(migration);
  if (open !== undefined) {
    open.panel.webview.html = html;
    open.panel.reveal();
    return;
  }
  const panel = vscode.window.createWebviewPanel(reportPanelType, title, vscode.ViewColumn.Active, {
    enableScripts: false,
    enableCommandUris: false,
    enableForms: false,
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel.webview.html = html;
  shown.set(migration, { panel, migration });
  panel.onDidDispose(() => shown.delete(migration));
}

/** The migration whose report has the focus. */
export function reportInFront(): string | undefined {
  return [...shown.values()].find(({ panel }) => panel.active)?.migration;
}
