import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../../src/ui/panel/html.ts';
import type { HostMessage, ViewMessage } from '../../../webview/protocol.ts';
import { launchBrowser } from '../../vscode/browser.ts';
import { repositoryFolder, screenshotsFolder } from '../../vscode/folders.ts';
import { themeNames, themes, type ThemeName } from './themes.ts';

const built = join(repositoryFolder, 'dist', 'webview');
const pictures = join(screenshotsFolder, 'panel');

/** A browser and a server that stand in for the editor: the built page under the strict policy that its host sets. */
export interface Stage {
  open(options?: OpenOptions): Promise<Panel>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** 2 shows the page as at 200 % zoom. */
  readonly zoom?: number;
  readonly forcedColors?: boolean;
  readonly reducedMotion?: boolean;
  /** What `getState` gives: what the editor kept of an earlier life. */
  readonly kept?: unknown;
}

/** One open page, and what it said and did. */
export interface Panel {
  readonly page: Page;
  /** Everything that the page asked of the network after it was loaded. */
  readonly requests: readonly string[];
  /** Violations of the content security policy, and uncaught errors. */
  readonly complaints: readonly string[];
  send(...messages: readonly HostMessage[]): Promise<void>;
  /** Ends when everything that was sent or done is drawn. */
  settled(): Promise<void>;
  sent(): Promise<readonly ViewMessage[]>;
  /** Waits until the page has sent so many messages of a type, and returns them. */
  received(type: ViewMessage['type'], count?: number): Promise<readonly ViewMessage[]>;
  kept(): Promise<unknown>;
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    /** Written by the stand-in of the editor's interface below. */
    stage: { sent: ViewMessage[]; kept: unknown; complaints: string[] };
  }
}

/** Builds the page as it ships and starts browser and server. */
export async function openStage(): Promise<Stage> {
  await promisify(execFile)(process.execPath, ['esbuild.mjs', '--production', '--only=webview'], {
    cwd: repositoryFolder,
  });
  const [browser, server] = await Promise.all([launchBrowser(), serve()]);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    open: async (options = {}) => await openPanel(browser, origin, options),
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serves the page that the extension gives to the editor, with its policy. */
async function serve(): Promise<Server> {
  const [script, style] = await Promise.all([readFile(join(built, 'main.js')), readFile(join(built, 'main.css'))]);
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host ?? ''}`;
    if (request.url === '/main.js') return response.setHeader('content-type', 'text/javascript').end(script);
    if (request.url === '/main.css') return response.setHeader('content-type', 'text/css').end(style);
    const [, wanted, css] = /^\/(\w+)(\.css)?$/.exec(request.url ?? '') ?? [];
    const name = themeNames.find((each) => each === wanted);
    if (name === undefined) return response.writeHead(404).end();
    const { classes, colors } = themes[name];
    if (css !== undefined) {
      const lines = Object.entries(colors).map(([variable, value]) => `--vscode-${variable}: ${value};`);
      return response.setHeader('content-type', 'text/css').end(`:root { ${lines.join('\n')} }`);
    }
    const html = panelHtml({
      cspSource: origin,
      nonce: randomBytes(16).toString('base64'),
      script: 'main.js',
      styles: 'main.css',
      language: 'en',
      title: 'Migration',
    });
    // The editor adds its colours and the kind of theme to whatever page it is given.
    const dressed = html
      .replace('<link ', `<link rel="stylesheet" href="${name}.css"><link `)
      .replace('<body>', `<body class="${classes.join(' ')}">`);
    return response.setHeader('content-type', 'text/html; charset=utf-8').end(dressed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs in the page before its script: the editor's interface. */
function actAsEditor(kept: unknown): void {
  window.stage = { sent: [], kept, complaints: [] };
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: ViewMessage) => window.stage.sent.push(message),
      getState: () => window.stage.kept,
      setState: (state: unknown) => {
        window.stage.kept = state;
      },
    }),
  });
  addEventListener('securitypolicyviolation', (event) => {
    window.stage.complaints.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}`);
  });
}

/** Runs in the page: ends when the messages sent before are handled and drawn, with the complaints until then. */
async function drawn(): Promise<string[]> {
  await new Promise<void>((resolve) => {
    const last = ({ data }: MessageEvent<unknown>): void => {
      if (data !== 'that was all') return;
      removeEventListener('message', last);
      // The first frame draws; the second one comes when that has happened.
      requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
    };
    addEventListener('message', last);
    window.postMessage('that was all', '*');
  });
  return window.stage.complaints.splice(0);
}

async function openPanel(browser: Browser, origin: string, options: OpenOptions): Promise<Panel> {
  const zoom = options.zoom ?? 1;
  const context = await browser.newContext({
    viewport: {
      width: Math.round((options.width ?? 1_100) / zoom),
      height: Math.round((options.height ?? 900) / zoom),
    },
    deviceScaleFactor: zoom,
    timezoneId: 'UTC',
    forcedColors: options.forcedColors === true ? 'active' : 'none',
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  let loaded = false;
  page.on('request', (request) => {
    if (loaded) requests.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`A dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(actAsEditor, options.kept);
  await page.goto(`${origin}/${options.theme ?? 'dark'}`);
  loaded = true;
  const sent = async (): Promise<readonly ViewMessage[]> => await page.evaluate(() => window.stage.sent);
  const settled = async (): Promise<void> => {
    complaints.push(...(await page.evaluate(drawn)));
  };
  const panel: Panel = {
    page,
    requests,
    complaints,
    sent,
    send: async (...messages) => {
      await page.evaluate((each) => each.forEach((message) => window.postMessage(message, '*')), messages);
      await settled();
    },
    settled,
    received: async (type, count = 1) => {
      await page.waitForFunction(
        ([wanted, least]) => window.stage.sent.filter((message) => message.type === wanted).length >= least,
        [type, count] as const,
      );
      return (await sent()).filter((message) => message.type === type);
    },
    kept: async () => await page.evaluate(() => window.stage.kept),
    picture: async (name) => {
      await settled();
      const path = join(pictures, `${name}.png`);
      await mkdir(dirname(path), { recursive: true });
      await page.screenshot({ path, fullPage: true, animations: 'disabled' });
    },
    close: async () => await context.close(),
  };
  await panel.received('ready');
  return panel;
}
