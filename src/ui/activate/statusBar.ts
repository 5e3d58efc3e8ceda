import * as vscode from 'vscode';
import type { MigrationList } from '../migrations/migrationList.ts';
import { statusBarData } from '../migrations/statusBar.ts';

/** The one item in the status bar: there only while a migration runs or needs attention. */
export function createStatusBar(migrations: MigrationList): vscode.Disposable {
  let item: vscode.StatusBarItem | undefined;
  const draw = (): void => {
    const data = statusBarData(migrations.states ?? []);
    if (data === undefined) {
      item?.hide();
      return;
    }
    if (item === undefined) {
      item = vscode.window.createStatusBarItem('fhirMigration.status', vscode.StatusBarAlignment.Left);
      item.name = vscode.l10n.t('FHIR Migration');
    }
    item.text = data.text;
    item.tooltip = data.tooltip;
    item.accessibilityInformation = { label: data.accessibleLabel, role: 'button' };
    item.backgroundColor = data.attention ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.command = {
      title: vscode.l10n.t('Open Migration'),
      command: data.migration === undefined ? 'fhirMigration.migrations.focus' : 'fhirMigration.openMigration',
      arguments: data.migration === undefined ? [] : [data.migration],
    };
    item.show();
  };
  const stop = migrations.onChange(draw);
  return new vscode.Disposable(() => {
    stop();
    item?.dispose();
  });
}
