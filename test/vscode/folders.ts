import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, without a slash at the end. */
export const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Everything that the harness keeps between runs: the server, the browser, screenshots, logs. Ignored by git. */
export const keptFolder = join(repositoryFolder, '.vscode-test');

export const screenshotsFolder = join(keptFolder, 'screenshots');

export const logsFolder = join(keptFolder, 'logs');

/**
 * A new empty folder for one run. Its path is short because VS Code puts unix sockets below it, and their paths may
 * not be longer than about 103 characters; the temporary folder of macOS alone takes half of that.
 */
export async function makeRunFolder(): Promise<string> {
  return await mkdtemp(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'fm-'));
}
