/*
 * How much longer the extension's activation takes than that of an extension that does nothing, both in the same real
 * extension host. For the bench runner: `activation()` resolves with the figure, in milliseconds; the goal is at most 30.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

import { launchBrowser } from '../vscode/browser.ts';
import { bundleForHost } from '../vscode/bundles.ts';
import { extensionPackage, packageFolder } from '../vscode/extensionPackage.ts';
import { makeRunFolder } from '../vscode/folders.ts';
import { startServer } from '../vscode/server.ts';
import { unpackExtension } from '../vscode/unpack.ts';
import { openExchange } from './activation/exchange.ts';
import { activationAddressVariable } from './activation/report.ts';
import type { ActivationReport } from './activation/report.ts';

const measured = 'fhir-migration.fhir-migration-for-azure';
const empty = 'fhir-migration-bench.empty';
/** Extension hosts that are started; the first one only warms the file cache. */
const launches = 10;

export interface ActivationFigure {
  /** What the extension's activation takes more than the empty one's, milliseconds. */
  readonly aboveEmptyMs: number;
  /** The shortest activation of all launches: whatever else the machine does only adds to it. */
  readonly shortestMs: number;
  readonly shortestEmptyMs: number;
}

/** Measures the packaged extension. Needs a browser and VS Code's server, which it installs. */
export async function activation(): Promise<ActivationFigure> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = await makeRunFolder();
  cleanup.defer(() => rm(scratch, { recursive: true, force: true }));
  const bundle = await bundleForHost('bench/activation/inHost.ts');
  cleanup.defer(() => rm(bundle.folder, { recursive: true, force: true }));
  const exchange = await openExchange();
  cleanup.defer(() => exchange.close());
  const server = await startServer({
    name: 'bench-activation',
    env: { [activationAddressVariable]: exchange.address },
    extensions: [await packageWithoutEvents(cleanup), await packageFolder(await writeIdleExtension(scratch, empty))],
    runsTests: true,
  });
  cleanup.defer(() => server.stop());
  const workspace = join(server.runFolder, 'workspace');
  await mkdir(workspace);
  // Tests run only in a window with an extension under development; this one is neither measured nor activated.
  const bystander = await writeIdleExtension(scratch, 'fhir-migration-bench.bystander');
  const address = server.address(workspace, [
    ['extensionDevelopmentPath', `vscode-remote://remote${bystander}`],
    ['extensionTestsPath', `vscode-remote://remote${bundle.file}`],
  ]);
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());

  const reports: ActivationReport[] = [];
  for (let launch = 0; launch < launches; launch++) {
    // Who comes second finds more of Node's own modules loaded, so both take turns.
    const order = launch % 2 === 0 ? [empty, measured] : [measured, empty];
    const report = exchange.next({ order });
    await launchOnce(browser, address, report);
    reports.push(await report);
  }
  return figureOf(reports.slice(1));
}

async function launchOnce(browser: Browser, address: string, report: Promise<ActivationReport>): Promise<void> {
  const page = await browser.newPage();
  await page.goto(address);
  const { problem } = await report;
  await page.close();
  if (problem !== undefined) throw new Error(problem);
}

function figureOf(reports: readonly ActivationReport[]): ActivationFigure {
  const shortest = (id: string): number => Math.min(...reports.map(({ milliseconds }) => milliseconds[id] ?? NaN));
  const [shortestMs, shortestEmptyMs] = [shortest(measured), shortest(empty)];
  return { aboveEmptyMs: shortestMs - shortestEmptyMs, shortestMs, shortestEmptyMs };
}

/** The packaged extension, except that nothing activates it but the measurement. */
async function packageWithoutEvents(cleanup: AsyncDisposableStack): Promise<string> {
  const { folder, runFolder } = await unpackExtension(await extensionPackage());
  cleanup.defer(() => rm(runFolder, { recursive: true, force: true }));
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...manifest, scripts: {}, activationEvents: [] }));
  return await packageFolder(folder);
}

/** An extension whose activation does nothing. Returns its folder. */
async function writeIdleExtension(below: string, id: string): Promise<string> {
  const [publisher, name = ''] = id.split('.');
  const folder = join(below, name);
  await mkdir(folder);
  const manifest = {
    publisher,
    name,
    version: '0.0.1',
    engines: { vscode: '^1.105.0' },
    main: './main.cjs',
    activationEvents: [],
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'main.cjs'), 'exports.activate = () => {};\n');
  return folder;
}

if (import.meta.main) console.log(await activation());
