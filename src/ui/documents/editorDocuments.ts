import * as vscode from 'vscode';
import { documentScheme, type DocumentAddress, type DocumentStore } from './documentStore.ts';

/** A button above a document. */
export interface DocumentAction {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** Shows read-only documents in the editor, with buttons above them. */
export class EditorDocuments implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider {
  readonly #store: DocumentStore;
  readonly #actions = new Map<string, readonly DocumentAction[]>();
  readonly #actionsOfPath: (path: string) => readonly DocumentAction[];
  readonly #contentChanged = new vscode.EventEmitter<vscode.Uri>();
  readonly #lensesChanged = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#contentChanged.event;
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;
  readonly #stop: () => void;

  /** @param actionsOfPath buttons of documents that are made anew from their path */
  constructor(store: DocumentStore, actionsOfPath: (path: string) => readonly DocumentAction[]) {
    this.#store = store;
    this.#actionsOfPath = actionsOfPath;
    this.#stop = store.onChange((address) => this.#contentChanged.fire(uriOf(address)));
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(documentScheme, this),
      vscode.languages.registerCodeLensProvider({ scheme: documentScheme }, this),
      { dispose: () => this.#stop() },
      this.#contentChanged,
      this.#lensesChanged,
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return this.#store.read(addressOf(uri));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const own = this.#actions.get(document.uri.toString()) ?? this.#actionsOfPath(document.uri.path);
    const preview: DocumentAction = {
      title: vscode.l10n.t('$(open-preview) Preview'),
      command: 'markdown.showPreview',
      arguments: [document.uri],
    };
    const actions = document.uri.path.endsWith('.md') ? [...own, preview] : own;
    return actions.map(
      ({ title, command, arguments: args }) =>
        new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [...args] }),
    );
  }

  /** A new document; it is shown by {@link show}. */
  create(
    folder: string,
    name: string,
    extension: string,
    text: string,
    actions: readonly DocumentAction[] = [],
  ): vscode.Uri {
    const uri = uriOf(this.#store.create(folder, name, extension, text));
    this.#actions.set(uri.toString(), actions);
    return uri;
  }

  update(uri: vscode.Uri, text: string): void {
    this.#store.update(addressOf(uri), text);
  }

  /** Drops the text of a document that is closed. */
  forget(uri: vscode.Uri): void {
    this.#store.forget(addressOf(uri));
    this.#actions.delete(uri.toString());
  }

  setActions(uri: vscode.Uri, actions: readonly DocumentAction[]): void {
    this.#actions.set(uri.toString(), actions);
    this.#lensesChanged.fire();
  }

  /** The content of a document that is made from its path may have changed; asked again only while it is open. */
  touch(path: string): void {
    const open = vscode.workspace.textDocuments.some(({ uri }) => uri.scheme === documentScheme && uri.path === path);
    if (open) this.#store.touch(path);
  }

  async show(uri: vscode.Uri, where: 'active' | 'beside' = 'active'): Promise<vscode.TextEditor> {
    const document = await vscode.workspace.openTextDocument(uri);
    return vscode.window.showTextDocument(document, {
      preview: true,
      viewColumn: where === 'beside' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
      preserveFocus: where === 'beside',
    });
  }
}

/** The address of a document as the editor writes it. */
export function uriOf({ path, key }: DocumentAddress): vscode.Uri {
  return vscode.Uri.from({ scheme: documentScheme, path, query: key });
}

const addressOf = (uri: vscode.Uri): DocumentAddress => ({ path: uri.path, key: uri.query });
