import { createWriteStream } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { logsFolder, makeRunFolder } from './folders.ts';
import { installServer } from './install.ts';
import { ended, listeningPort, startProcess, stopProcess } from './serverProcess.ts';

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
    const text = JSON.stringify({ ...quietSettings, ...options.settings, ...settings }, undefined, 2);
    // A remote window takes settings of machine scope from the machine alone, once it knows their scope.
    for (const folder of ['User', 'Machine']) {
      await mkdir(join(dataFolder, 'data', folder), { recursive: true });
      await writeFile(join(dataFolder, 'data', folder, 'settings.json'), text);
    }
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
        await keepLogs(dataFolder, options.name);
        await rm(runFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      },
    };
  } catch (error) {
    await rm(runFolder, { recursive: true, force: true });
    throw error;
  }
}

/** What VS Code and the extensions logged, for whoever looks into a failure afterwards. */
async function keepLogs(dataFolder: string, name: string): Promise<void> {
  const kept = join(logsFolder, name);
  await rm(kept, { recursive: true, force: true });
  await cp(join(dataFolder, 'data', 'logs'), kept, { recursive: true });
}
