/*
 * `npm run test:host`, or with `-- --grep PATTERN` some of the tests.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { hostWorld, sandboxAdminVariable } from '../host/world.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { buildSandboxAccount } from './account/build.ts';
import { launchBrowser } from './browser.ts';
import { bundleForHost, checkHostTestList } from './bundles.ts';
import { runInDesktop } from './electron.ts';
import { extensionPackage, packageFolder } from './extensionPackage.ts';
import { makeRunFolder, screenshotsFolder } from './folders.ts';
import type { HostRun } from './hostRun.ts';
import { grepVariable, reportPortVariable } from './reportLines.ts';
import { startReportServer } from './reportServer.ts';
import type { RunTotals } from './reportServer.ts';
import { accountEnvironment, settingsFor } from './sandboxSettings.ts';
import { startServer } from './server.ts';
import { unpackExtension } from './unpack.ts';

/** Runs test/host inside the extension host of a real VS Code, with the packaged extension. */
async function runHostTests(): Promise<RunTotals> {
  const { grep } = parseArgs({ options: { grep: { type: 'string' } } }).values;
  await using cleanup = new AsyncDisposableStack();
  await checkHostTestList();
  const bundle = await bundleForHost('host/index.ts');
  cleanup.defer(() => rm(bundle.folder, { recursive: true, force: true }));
  const scratch = await makeRunFolder();
  cleanup.defer(() => rm(scratch, { recursive: true, force: true }));
  const account = join(scratch, 'account');
  await buildSandboxAccount(account);
  const sandbox = await startSandbox(hostWorld);
  cleanup.defer(() => sandbox.stop());
  const report = await startReportServer(console.log);
  cleanup.defer(() => report.close());
  const admin = { endpoint: sandbox.adminEndpoint, certificateAuthority: sandbox.certificateAuthority };
  const runInHost = process.env.VSCODE_TEST_ELECTRON === '1' ? runInDesktop : runInServer;
  return await runInHost({
    account,
    tests: bundle.file,
    settings: settingsFor(sandbox),
    env: {
      ...accountEnvironment(sandbox),
      [reportPortVariable]: String(report.port),
      [sandboxAdminVariable]: JSON.stringify(admin),
      ...(grep === undefined ? {} : { [grepVariable]: grep }),
    },
    report,
  });
}

async function runInServer(run: HostRun): Promise<RunTotals> {
  await using cleanup = new AsyncDisposableStack();
  const extension = await unpackExtension(await extensionPackage());
  cleanup.defer(() => rm(extension.runFolder, { recursive: true, force: true }));
  const server = await startServer({
    name: 'host',
    env: run.env,
    settings: run.settings,
    // A window can have only one extension under development.
    extensions: [await packageFolder(run.account)],
    runsTests: true,
  });
  cleanup.defer(() => server.stop());
  const workspace = join(server.runFolder, 'workspace');
  await mkdir(workspace);
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const remote = (path: string): string => `vscode-remote://remote${path}`;
  await page.goto(
    server.address(workspace, [
      ['extensionDevelopmentPath', remote(extension.folder)],
      ['extensionTestsPath', remote(run.tests)],
    ]),
  );
  try {
    return await run.report.totals();
  } catch (error) {
    await page.screenshot({ path: join(screenshotsFolder, 'host-tests-broke-off.png') });
    throw error;
  }
}

const totals = await runHostTests();
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
