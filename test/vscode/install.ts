import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { keptFolder } from './folders.ts';
import { runNpm } from './npm.ts';

/** code-server 4.139.1 carries VS Code 1.139.1. */
const codeServerVersion = '4.139.1';
const serverFolder = join(keptFolder, 'server');
const vscodeBelow = join('node_modules', 'code-server', 'lib', 'vscode');

export interface ServerInstallation {
  /** The script that starts VS Code's server, and installs extensions into it. */
  readonly serverMain: string;
}

/**
 * Puts a VS Code server into `.vscode-test/server` unless it is there already. It needs nothing but the npm registry,
 * or an npm cache that was filled before. Two runs at once are safe: each installs beside, the first one is kept.
 * @throws Error with npm's own words when a package cannot be had.
 */
export async function installServer(log: (line: string) => void = () => undefined): Promise<ServerInstallation> {
  const installation = { serverMain: join(serverFolder, vscodeBelow, 'out', 'server-main.js') };
  const stamp = `code-server ${codeServerVersion} node ${process.versions.modules}`;
  if (await isStamped(stamp)) return installation;

  log(`Installing VS Code (code-server ${codeServerVersion}) into ${serverFolder}…`);
  await mkdir(keptFolder, { recursive: true });
  const making = await mkdtemp(join(keptFolder, 'making-'));
  try {
    await fill(making, log);
    await writeFile(join(making, 'stamp'), stamp);
    if (!(await isStamped(stamp))) {
      await rm(serverFolder, { recursive: true, force: true });
      await rename(making, serverFolder);
    }
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return installation;
}

async function isStamped(stamp: string): Promise<boolean> {
  const file = join(serverFolder, 'stamp');
  return existsSync(file) && (await readFile(file, 'utf8')) === stamp;
}

async function fill(folder: string, log: (line: string) => void): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'vscode-server', private: true }));
  // Without --ignore-scripts it compiles native modules for minutes and needs Kerberos headers.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await runNpm({ folder, args: ['install', `code-server@${codeServerVersion}`, ...quiet], limitMs: 300_000 });
  const vscode = join(folder, vscodeBelow);
  await runNpm({ folder: vscode, args: ['install', '--omit=dev', ...quiet], limitMs: 300_000 });
  try {
    // Only for complete log files and less noise; it needs a C++ compiler and Node's headers, so it may fail.
    const nativeLogging = ['@vscode/spdlog', '@vscode/native-watchdog'];
    await runNpm({ folder: vscode, args: ['rebuild', ...nativeLogging, '--loglevel=error'], limitMs: 90_000 });
  } catch {
    log('No compiler for the native logging of VS Code: it runs without.');
  }
}

if (import.meta.main) {
  const { serverMain } = await installServer(console.log);
  console.log(`VS Code's server: ${serverMain}`);
}
