import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launchBrowser } from './browser.ts';
import { buildForHostTests } from './bundles.ts';
import { runInDesktop } from './electron.ts';
import type { HostRun } from './hostRun.ts';
import { repositoryFolder, screenshotsFolder } from './folders.ts';
import { reportPortVariable } from './reportLines.ts';
import { startReportServer } from './reportServer.ts';
import type { RunTotals } from './reportServer.ts';
import { startServer } from './server.ts';

/** Longer than any run should take, shorter than the patience of a build machine. */
const limitMs = 8 * 60_000;
const compiledTests = join(repositoryFolder, 'dist', 'test', 'host', 'index.cjs');

/** Runs test/host inside the extension host of a real VS Code, with the extension under development. */
async function runHostTests(): Promise<RunTotals> {
  await buildForHostTests();
  const report = await startReportServer(console.log);
  const env = { [reportPortVariable]: String(report.port) };
  const runInHost = process.env.VSCODE_TEST_ELECTRON === '1' ? runInDesktop : runInServer;
  try {
    return await runInHost({ extension: repositoryFolder, tests: compiledTests, env, totals: report.totals });
  } finally {
    await report.close();
  }
}

async function runInServer(run: HostRun): Promise<RunTotals> {
  await using cleanup = new AsyncDisposableStack();
  const server = await startServer({ name: 'host', env: run.env, runsTests: true });
  cleanup.defer(() => server.stop());
  const workspace = join(server.runFolder, 'workspace');
  await mkdir(workspace);
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(
    server.address(workspace, [
      ['extensionDevelopmentPath', `vscode-remote://remote${run.extension}`],
      ['extensionTestsPath', `vscode-remote://remote${run.tests}`],
    ]),
  );
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`The tests did not end within ${limitMs / 60_000} minutes.`)),
      limitMs,
    );
    cleanup.defer(() => clearTimeout(timer));
  });
  try {
    return await Promise.race([run.totals, late]);
  } catch (error) {
    await page.screenshot({ path: join(screenshotsFolder, 'host-tests-broke-off.png') });
    throw error;
  }
}

const totals = await runHostTests();
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
