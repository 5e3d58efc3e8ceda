/*
 * How much longer the extension's activation takes than that of an extension that does nothing, both in the same real
 * extension host. For the bench runner: `activation()` resolves with the figure, in milliseconds; the goal is at most 30.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';

import { launchBrowser } from '../vscode/browser.ts';
import { extensionPackage } from '../vscode/extensionPackage.ts';
import { makeRunFolder, repositoryFolder } from '../vscode/folders.ts';
import { startServer } from '../vscode/server.ts';
import { openExchange } from './activation/exchange.ts';
import { activationAddressVariable } from './activation/report.ts';
import type { ActivationReport } from './activation/report.ts';

const measured = 'fhir-migration.fhir-migration-for-azure';
const empty = 'fhir-migration-bench.empty';
/** Extension hosts that are started; the first one only warms the file cache. */
const launches = 8;

export interface ActivationFigure {
  /** Median over all launches of the difference between both activations, milliseconds. */
  readonly aboveEmptyMs: number;
  readonly medianMs: number;
  readonly medianEmptyMs: number;
}

/** Measures the packaged extension. Needs a browser and VS Code's server, which it installs. */
export async function activation(): Promise<ActivationFigure> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = await makeRunFolder();
  const emptyFolder = join(scratch, 'empty');
  await writeEmptyExtension(emptyFolder);
  const tests = join(scratch, 'inHost.cjs');
  await build({
    entryPoints: [join(repositoryFolder, 'test', 'bench', 'activation', 'inHost.ts')],
    outfile: tests,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'warning',
  });
  const exchange = await openExchange();
  cleanup.defer(() => exchange.close());
  const server = await startServer({
    name: 'bench-activation',
    env: { [activationAddressVariable]: exchange.address },
    extensions: [await extensionPackage()],
    runsTests: true,
  });
  cleanup.defer(() => server.stop());
  const measuredFolder = await installedFolder(join(server.runFolder, 'data', 'extensions'));
  const workspace = join(server.runFolder, 'workspace');
  await mkdir(workspace);
  const address = server.address(workspace, [
    ['extensionDevelopmentPath', `vscode-remote://remote${emptyFolder}`],
    ['extensionDevelopmentPath', `vscode-remote://remote${measuredFolder}`],
    ['extensionTestsPath', `vscode-remote://remote${tests}`],
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
  const of = (id: string): number[] => reports.map(({ milliseconds }) => milliseconds[id] ?? NaN);
  const [ours, theirs] = [of(measured), of(empty)];
  return {
    aboveEmptyMs: median(ours.map((value, index) => value - (theirs[index] ?? NaN))),
    medianMs: median(ours),
    medianEmptyMs: median(theirs),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

async function writeEmptyExtension(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [publisher, name] = empty.split('.');
  const manifest = { publisher, name, version: '0.0.1', engines: { vscode: '^1.105.0' }, main: './main.cjs' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'main.cjs'), 'exports.activate = () => {};\n');
}

async function installedFolder(extensions: string): Promise<string> {
  const folder = (await readdir(extensions)).find((each) => each.startsWith(measured));
  if (folder === undefined) throw new Error(`${measured} is not installed.`);
  return join(extensions, folder);
}

if (import.meta.main) console.log(await activation());
