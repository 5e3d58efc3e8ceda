import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The middle of the window: tabs, texts and webviews. */
export class EditorArea {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The tab with this title. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('.part.editor').getByRole('tab', { name: title });
  }

  async titles(): Promise<string[]> {
    return await this.page.locator('.part.editor .tab .monaco-icon-label-container').allInnerTexts();
  }

  /** The lines on screen of the active text editor. */
  get text(): Locator {
    return this.page.locator('.part.editor .monaco-editor .view-lines');
  }

  /** A link above a line of the active editor. */
  codeLens(text: string | RegExp): Locator {
    return this.page.locator('.part.editor .codelens-decoration a').filter({ hasText: text });
  }

  /** An icon at the right of the tabs. */
  action(name: string | RegExp): Locator {
    return this.page.locator('.part.editor .editor-actions').getByRole('button', { name });
  }

  /** Sides of the diff that is open: the original and the changed one. */
  get diffSides(): Locator {
    return this.page.locator('.part.editor .monaco-diff-editor .editor .view-lines');
  }

  /** The page inside the webview that is shown. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }
}
