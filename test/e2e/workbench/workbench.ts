import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';

import { screenshotsFolder } from '../../vscode/folders.ts';
import { EditorArea } from './editorArea.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quickInput.ts';
import { ViewTree } from './viewTree.ts';

/** The marks are classes of the window, as VS Code has had them since its beginning. */
const themes = {
  light: { label: 'Light Modern', mark: 'vs' },
  dark: { label: 'Dark Modern', mark: 'vs-dark' },
  highContrast: { label: 'Dark High Contrast', mark: 'hc-black' },
  highContrastLight: { label: 'Light High Contrast', mark: 'hc-light' },
} as const;
export type Theme = keyof typeof themes;

/** VS Code's window as a person sees it: everything is found by its accessible role and name. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly editors: EditorArea;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.editors = new EditorArea(page);
  }

  /** Opens the address and waits until the window has its parts and its extension host has answered. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.ready();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor();
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
  }

  /** Shows the side bar of an activity-bar icon; it stays when it is shown already. */
  async openActivity(name: string): Promise<void> {
    const icon = this.page.locator('.part.activitybar').getByRole('tab', { name });
    if ((await icon.getAttribute('aria-expanded')) !== 'true') await icon.click();
  }

  /** A tree view in the side bar by its title. */
  tree(title: string): ViewTree {
    return new ViewTree(this.page, title);
  }

  /** Runs a command as the command palette offers it, for example `View: Close All Editors`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.box.waitFor();
    await this.quickInput.type(`>${title}`);
    await this.quickInput.choose(title);
  }

  /** Switches the colour theme and waits until the window wears it. */
  async setTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.type(themes[theme].label);
    await this.quickInput.choose(themes[theme].label);
    await this.page.locator(`.monaco-workbench.${themes[theme].mark}`).waitFor();
  }

  statusBarItem(name: string | RegExp): Locator {
    return this.page.locator('.part.statusbar').getByRole('button', { name });
  }

  /** The question in the middle of the window that must be answered. */
  get dialog(): Locator {
    return this.page.getByRole('dialog').and(this.page.locator('.monaco-dialog-box'));
  }

  /** Keeps a picture of the window in `.vscode-test/screenshots`. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshotsFolder, { recursive: true });
    await this.page.screenshot({ path: join(screenshotsFolder, `${name}.png`) });
  }
}
