import type { Locator, Page } from 'playwright-core';

/** Entries of the menu that is open. */
export function menuEntries(page: Page): Locator {
  return page.locator('.monaco-menu').getByRole('menuitem');
}

/** Chooses an entry of the menu that is open, by its whole name. */
export async function chooseFromMenu(page: Page, entry: string): Promise<void> {
  const item = page.locator('.monaco-menu').getByRole('menuitem', { name: entry, exact: true });
  await item.waitFor();
  // A menu ignores the mouse for a moment after it opens, so that a long press does not choose; the keyboard is heard.
  await item.hover();
  await item.click();
  await item.waitFor({ state: 'hidden' });
}
