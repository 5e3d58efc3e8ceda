import * as vscode from 'vscode';
import { readSettings, settingNames, type SettingName, type Settings } from './settings.ts';

/** The settings of the editor, read when they change. */
export class EditorSettings implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly SettingName[]>();
  readonly #listening: vscode.Disposable;
  /** Names of the settings that changed. */
  readonly onChange = this.#changed.event;
  #current: Settings;

  constructor() {
    this.#current = read();
    this.#listening = vscode.workspace.onDidChangeConfiguration((event) => {
      const names = settingNames.filter((name) => event.affectsConfiguration(`fhirMigration.${name}`));
      if (names.length === 0) return;
      this.#current = read();
      this.#changed.fire(names);
    });
  }

  get current(): Settings {
    return this.#current;
  }

  /** Settings that somebody set, with their values. */
  set(): readonly { readonly name: SettingName; readonly value: unknown }[] {
    const configuration = vscode.workspace.getConfiguration('fhirMigration');
    return settingNames.flatMap((name) => {
      const found = configuration.inspect(name);
      const value = found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue;
      return value === undefined ? [] : [{ name, value }];
    });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }
}

function read(): Settings {
  const configuration = vscode.workspace.getConfiguration('fhirMigration');
  return readSettings((name) => configuration.get<unknown>(name));
}
