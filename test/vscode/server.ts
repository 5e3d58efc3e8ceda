import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { logsFolder, makeRunFolder } from './folders.ts';
import { installServer } from './install.ts';

export interface ServerOptions {
  /** Names the log file below `.vscode-test/logs`. */
  readonly name: string;
  /** Added to quiet defaults. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Extension packages to install before the start. */
  readonly extensions?: readonly string[];
  /** Seen by the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Whether pages may name an extension under development and tests to run; such windows show no notifications. */
  readonly runsTests?: boolean;
}

export interface VscodeServer {
  readonly origin: string;
  /** Below it lie `data` (settings, storage, logs), `extensions` and whatever a test puts there. */
  readonly runFolder: string;
  /** The workbench's address for a folder. */
  address(folder: string, payload?: readonly (readonly [string, string])[]): string;
  writeSettings(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Ends the server with everything that it started, and removes the run's folder. */
  stop(): Promise<void>;
}

const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'files.simpleDialog.enable': true,
};

/** Starts a VS Code server on loopback with folders of its own. */
export async function startServer(options: ServerOptions): Promise<VscodeServer> {
  const { serverMain } = await installServer(console.log);
  const runFolder = await makeRunFolder();
  const dataFolder = join(runFolder, 'data');
  const writeSettings = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    await mkdir(join(dataFolder, 'data', 'User'), { recursive: true });
    const text = JSON.stringify({ ...quietSettings, ...options.settings, ...settings }, undefined, 2);
    await writeFile(join(dataFolder, 'data', 'User', 'settings.json'), text);
  };
  await writeSettings({});
  const shared = ['--accept-server-license-terms', '--server-data-dir', dataFolder];
  await mkdir(logsFolder, { recursive: true });
  const log = createWriteStream(join(logsFolder, `${options.name}-server.log`));
  const launch = { serverMain, runFolder, log, env: options.env ?? {} };
  try {
    for (const file of options.extensions ?? []) {
      await ended(await startProcess(launch, ['--install-extension', file, '--force', ...shared]));
    }
    const server = await startProcess(launch, [
      ...shared,
      '--host=127.0.0.1',
      `--port=${options.port ?? 0}`,
      '--without-connection-token',
      '--telemetry-level=off',
      ...(options.runsTests === true ? ['--enable-smoke-test-driver'] : []),
    ]);
    const port = await listeningPort(server);
    const origin = `http://127.0.0.1:${port}`;
    return {
      origin,
      runFolder,
      address: (folder, payload) =>
        `${origin}/?${new URLSearchParams({ folder, ...(payload && { payload: JSON.stringify(payload) }) }).toString()}`,
      writeSettings,
      stop: async () => {
        await stopProcess(server);
        log.end();
        await rm(runFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      },
    };
  } catch (error) {
    await rm(runFolder, { recursive: true, force: true });
    throw error;
  }
}

interface Launch {
  readonly serverMain: string;
  readonly runFolder: string;
  readonly log: Writable;
  readonly env: Readonly<Record<string, string>>;
}

async function startProcess(launch: Launch, args: readonly string[]): Promise<ChildProcess> {
  const temporary = join(launch.runFolder, 't');
  await mkdir(temporary, { recursive: true });
  const leash = fileURLToPath(new URL('leash.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', leash, launch.serverMain, ...args], {
    cwd: launch.runFolder,
    // A process group of its own, so that the extension hosts end with the server.
    detached: true,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      // No gallery: nothing leaves the machine.
      EXTENSIONS_GALLERY: '{}',
      TMPDIR: temporary,
      XDG_RUNTIME_DIR: temporary,
      ...launch.env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.pipe(launch.log, { end: false });
  child.stderr?.pipe(launch.log, { end: false });
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  let output = '';
  const collect = (data: Buffer): void => void (output += data.toString());
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`VS Code's server ended with ${code}:\n${output}`);
}

async function listeningPort(child: ChildProcess): Promise<number> {
  let output = '';
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`VS Code's server ended with ${code}:\n${output}`)));
    const read = (data: Buffer): void => {
      output += data.toString();
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
}

async function stopProcess(child: ChildProcess): Promise<void> {
  const group = child.pid;
  if (group === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  // At once, for the data is thrown away and a polite end waits for extension hosts to say goodbye.
  if (process.platform === 'win32') spawn('taskkill', ['/PID', String(group), '/T', '/F'], { stdio: 'ignore' });
  else process.kill(-group, 'SIGKILL');
  await closed;
}
