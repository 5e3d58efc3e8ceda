import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import type { RunningSandbox, SandboxOptions } from '../sandbox/contract.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { packageSandboxAccount } from '../vscode/account/build.ts';
import { launchBrowser } from '../vscode/browser.ts';
import { extensionPackage } from '../vscode/extensionPackage.ts';
import { makeRunFolder } from '../vscode/folders.ts';
import { accountEnvironment, settingsFor } from '../vscode/sandboxSettings.ts';
import { startServer } from '../vscode/server.ts';
import type { VscodeServer } from '../vscode/server.ts';
import { Workbench } from './workbench/workbench.ts';

/** A sandbox, a VS Code with the installed extension whose settings point to it, and a browser. */
export interface Story {
  readonly sandbox: RunningSandbox;
  readonly server: VscodeServer;
  /** The folder that the windows open. */
  readonly workspace: string;
  /**
   * Opens a window on the workspace. All windows share the server, and so the extension's storage; each has its own
   * memory of open editors and sign-ins, as a second machine of the same person would.
   */
  openWindow(): Promise<Workbench>;
  close(): Promise<void>;
}

export interface StoryOptions {
  readonly name: string;
  readonly world: SandboxOptions;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export async function openStory(options: StoryOptions): Promise<Story> {
  const cleanup = new AsyncDisposableStack();
  try {
    const sandbox = await startSandbox(options.world);
    cleanup.defer(() => sandbox.stop());
    const scratch = await makeRunFolder();
    cleanup.defer(() => rm(scratch, { recursive: true, force: true }));
    const server = await startServer({
      name: options.name,
      settings: { ...settingsFor(sandbox), ...options.settings },
      env: accountEnvironment(sandbox),
      extensions: [await packageSandboxAccount(join(scratch, 'account')), await extensionPackage()],
    });
    cleanup.defer(() => server.stop());
    const workspace = join(server.runFolder, 'workspace');
    await mkdir(workspace);
    const browser = await launchBrowser();
    cleanup.defer(() => browser.close());
    return {
      sandbox,
      server,
      workspace,
      openWindow: () => openWindow(browser, server.address(workspace)),
      close: () => cleanup.disposeAsync(),
    };
  } catch (error) {
    await cleanup.disposeAsync();
    throw error;
  }
}

async function openWindow(browser: Browser, address: string): Promise<Workbench> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const workbench = new Workbench(page);
  await workbench.open(address);
  return workbench;
}
