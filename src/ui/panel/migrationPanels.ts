import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Log } from '../../engine/ports.ts';
import { toFailure } from '../../failure/failure.ts';
import { parseViewMessage, type SavedView, type ViewMessage } from '../../../webview/protocol.ts';
import type { MigrationList } from '../migrations/migrationList.ts';
import { processTimers } from '../platform/throttle.ts';
import { panelHtml } from './html.ts';
import { PanelFeed } from './panelFeed.ts';
import { mayOpen, parseSavedPanel } from './savedPanel.ts';
import { performAction } from './performAction.ts';

export const panelType = 'fhirMigration.migrationPanel';

/** What the panels need of the outside. */
export interface PanelPorts {
  readonly extensionUri: vscode.Uri;
  readonly migrations: MigrationList;
  readonly log: Log;
  readonly openInBrowser: (address: string) => Promise<void>;
  /** Presents what went wrong while an action of the panel was carried out. */
  readonly present: (error: unknown, during: string) => Promise<void>;
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: PanelFeed;
}

/** The panels of migrations: at most one for each, live while visible, restored after a reload. */
export class MigrationPanels implements vscode.WebviewPanelSerializer {
  readonly #ports: PanelPorts;
  readonly #open = new Map<string, OpenPanel>();
  readonly #views = new Map<string, SavedView>();
  readonly #stop: () => void;

  constructor(ports: PanelPorts) {
    this.#ports = ports;
    this.#stop = ports.migrations.onChange(() => {
      for (const { feed } of this.#open.values()) feed.changed();
    });
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(vscode.window.registerWebviewPanelSerializer(panelType, this), {
      dispose: () => {
        this.#stop();
        for (const { feed } of this.#open.values()) feed.dispose();
      },
    });
  }

  /** Ids of the migrations whose panels are open. */
  get openIds(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Opens the panel of a migration, or brings it to the front. */
  async open(id: string): Promise<void> {
    const known = this.#open.get(id);
    if (known !== undefined) {
      known.panel.reveal();
      return;
    }
    await this.#ports.migrations.open(id);
    const title = this.#ports.migrations.state(id)?.overview.name ?? vscode.l10n.t('Migration');
    const panel = vscode.window.createWebviewPanel(panelType, title, vscode.ViewColumn.Active, this.#options());
    this.#attach(panel, id, undefined);
  }

  /** Called by the editor for panels that were open when the window was closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = parseSavedPanel(state);
    // The saved roots name the folder of the version that was installed then.
    panel.webview.options = this.#options();
    if (saved !== undefined) {
      await this.#ports.migrations.open(saved.migrationId).catch((error: unknown) => {
        const { message, kind } = toFailure(error);
        this.#ports.log.warn(`A restored panel has no migration: ${message}`, { kind });
      });
    }
    this.#attach(panel, saved?.migrationId ?? '', saved?.view);
  }

  #options(): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return {
      enableScripts: true,
      enableCommandUris: false,
      enableForms: false,
      enableFindWidget: true,
      localResourceRoots: [vscode.Uri.joinPath(this.#ports.extensionUri, 'dist', 'webview')],
    };
  }

  #attach(panel: vscode.WebviewPanel, id: string, view: SavedView | undefined): void {
    const { migrations, extensionUri } = this.#ports;
    if (view !== undefined) this.#views.set(id, view);
    const feed = new PanelFeed({
      state: () => migrations.state(id),
      post: (message) => void panel.webview.postMessage(message),
      timers: processTimers,
      migrationId: id,
      locale: vscode.env.language,
      strings: vscode.l10n.bundle ?? {},
      view: () => this.#views.get(id),
      goneReason: () =>
        vscode.l10n.t('This migration is no longer here: its journal was moved or deleted, or is kept elsewhere.'),
    });
    this.#open.set(id, { panel, feed });
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'panel-dark.svg'),
    };
    const received = panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(id, feed, message));
    const shown = panel.onDidChangeViewState(() => feed.setVisible(panel.visible));
    panel.onDidDispose(() => {
      received.dispose();
      shown.dispose();
      feed.dispose();
      if (this.#open.get(id)?.panel === panel) this.#open.delete(id);
    });
    const asset = (name: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'webview', name)).toString();
    panel.webview.html = panelHtml({
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      script: asset('main.js'),
      styles: asset('main.css'),
      language: vscode.env.language,
      title: panel.title,
    });
  }

  #receive(id: string, feed: PanelFeed, raw: unknown): void {
    const message = parseViewMessage(raw);
    if (message === undefined) {
      this.#ports.log.warn('The panel sent a message that is not of its protocol; it was dropped');
      return;
    }
    this.#handle(id, feed, message).catch((error: unknown) => this.#ports.present(error, 'fhirMigration.panel'));
  }

  async #handle(id: string, feed: PanelFeed, message: ViewMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        feed.ready();
        return;
      case 'ask':
        feed.answer(message.id, message.window);
        return;
      case 'saveView':
        this.#views.set(id, message.view);
        return;
      case 'openLink': {
        const overview = this.#ports.migrations.state(id)?.overview;
        const own = [overview?.plan.source.endpoint, overview?.plan.target.endpoint].flatMap((endpoint) =>
          endpoint === undefined ? [] : [new URL(endpoint).hostname],
        );
        if (mayOpen(message.href, own)) await this.#ports.openInBrowser(message.href);
        else this.#ports.log.warn('The panel asked for an address that it may not open; it was dropped');
        return;
      }
      case 'action':
        await performAction(id, this.#ports.migrations.state(id)?.overview, message.action, message.about);
        return;
    }
  }
}
