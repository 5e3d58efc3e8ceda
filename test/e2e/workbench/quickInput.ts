import type { Locator, Page } from 'playwright-core';

/** The box at the top of the window that asks for a choice or a text. */
export class QuickInput {
  private readonly page: Page;
  readonly box: Locator;

  constructor(page: Page) {
    this.page = page;
    this.box = page.locator('.quick-input-widget:visible');
  }

  /** Waits until the question with this title is on screen, for example `Migrate (2/5)`. */
  async waitFor(title: string | RegExp): Promise<void> {
    await this.box.locator('.quick-input-title').filter({ hasText: title }).waitFor();
  }

  get title(): Locator {
    return this.box.locator('.quick-input-title');
  }

  get options(): Locator {
    return this.box.getByRole('option');
  }

  /** Accessible names of the choices on screen. */
  async names(): Promise<string[]> {
    const labels = await Promise.all((await this.options.all()).map((option) => option.getAttribute('aria-label')));
    return labels.map((label) => label ?? '');
  }

  async type(text: string): Promise<void> {
    await this.box.locator('input.input').fill(text);
  }

  /** Picks the first choice whose name starts with the text. */
  async choose(name: string): Promise<void> {
    const option = this.options.filter({ hasText: name }).first();
    await option.waitFor();
    await option.click();
  }

  /** Ticks a choice of several. */
  async tick(name: string): Promise<void> {
    await this.options
      .filter({ hasText: name })
      .first()
      .locator('.monaco-checkbox, input[type=checkbox]')
      .first()
      .click();
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  async back(): Promise<void> {
    await this.box.getByRole('button', { name: 'Back' }).click();
  }

  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.box.waitFor({ state: 'hidden' });
  }
}
