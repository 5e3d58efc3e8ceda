import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** One run of VS Code's server program. */
export interface Launch {
  readonly serverMain: string;
  readonly runFolder: string;
  readonly log: Writable;
  readonly env: Readonly<Record<string, string>>;
}

/** Starts the server program on a leash, with its temporary files in the run's folder. */
export async function startProcess(launch: Launch, args: readonly string[]): Promise<ChildProcess> {
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

/** @throws Error with the output when the program does not end well. */
export async function ended(child: ChildProcess): Promise<void> {
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

/** Waits until the server listens. */
export async function listeningPort(child: ChildProcess): Promise<number> {
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

/** Ends the server with everything that it started. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  const group = child.pid;
  if (group === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  // At once, for the data is thrown away and a polite end waits for extension hosts to say goodbye.
  if (process.platform === 'win32') spawn('taskkill', ['/PID', String(group), '/T', '/F'], { stdio: 'ignore' });
  else process.kill(-group, 'SIGKILL');
  await closed;
}
