import type { Locator, Page } from 'playwright-core';

/** The boxes in the corner. */
export class Notifications {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The box with this text in it. */
  withText(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  async press(text: string | RegExp, button: string): Promise<void> {
    await this.withText(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** Texts of all boxes that are shown now. */
  async texts(): Promise<string[]> {
    return await this.page.locator('.notification-toast .notification-list-item-message').allInnerTexts();
  }
}
