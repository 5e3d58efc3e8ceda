import type { Locator, Page } from 'playwright-core';

import { chooseFromMenu } from './menu.ts';

/** A tree view in the side bar. */
export class ViewTree {
  private readonly page: Page;
  private readonly pane: Locator;

  constructor(page: Page, title: string) {
    this.page = page;
    const header = page.getByRole('button', { name: new RegExp(`^${title}( - .*)? Section$`) });
    this.pane = page.locator('.pane').filter({ has: header });
  }

  /** The pane with header, toolbar and welcome. */
  get element(): Locator {
    return this.pane;
  }

  /** Items whose accessible name has the text or matches. */
  item(name: string | RegExp): Locator {
    return this.pane.getByRole('treeitem', { name });
  }

  /** Accessible names of the items on screen, from the top. */
  async names(): Promise<string[]> {
    const items = await this.pane.getByRole('treeitem').all();
    return (await Promise.all(items.map((item) => item.getAttribute('aria-label')))).map((name) => name ?? '');
  }

  async expand(name: string | RegExp): Promise<void> {
    const item = this.item(name).first();
    await item.waitFor();
    if ((await item.getAttribute('aria-expanded')) === 'false') await item.locator('.monaco-tl-twistie').click();
    await item.and(this.page.locator('[aria-expanded=true]')).waitFor();
  }

  /** Right-clicks an item and chooses from its menu. */
  async choose(name: string | RegExp, entry: string): Promise<void> {
    await this.item(name).first().click({ button: 'right' });
    await chooseFromMenu(this.page, entry);
  }

  /** Selects several items, in the manner of a person who holds Ctrl. */
  async select(...names: readonly (string | RegExp)[]): Promise<void> {
    for (const [index, name] of names.entries()) {
      await this.item(name)
        .first()
        .click({ modifiers: index === 0 ? [] : ['ControlOrMeta'] });
    }
  }

  /** Presses an icon of the view's own toolbar. */
  async pressToolbar(name: string): Promise<void> {
    await this.pane.locator('.pane-header').hover();
    await this.pane.locator('.pane-header').getByRole('button', { name }).click();
  }

  /** Words and buttons that stand where the view is empty. */
  get welcome(): Locator {
    return this.pane.locator('.welcome-view-content');
  }
}
