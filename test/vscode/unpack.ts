import { createWriteStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { logsFolder, makeRunFolder } from './folders.ts';
import { installServer } from './install.ts';
import { ended, startProcess } from './serverProcess.ts';

export interface UnpackedExtension {
  readonly folder: string;
  /** To be removed after use. */
  readonly runFolder: string;
}

/**
 * Unpacks an extension's package, by VS Code's own installer, into a folder of its own: there it can be named as under
 * development, while the server that runs it does not have it installed.
 */
export async function unpackExtension(file: string): Promise<UnpackedExtension> {
  const { serverMain } = await installServer(console.log);
  const runFolder = await makeRunFolder();
  await mkdir(logsFolder, { recursive: true });
  const log = createWriteStream(join(logsFolder, 'unpack.log'));
  const extensions = join(runFolder, 'extensions');
  const args = ['--install-extension', file, '--extensions-dir', extensions, '--accept-server-license-terms'];
  const data = ['--server-data-dir', join(runFolder, 'data')];
  await ended(await startProcess({ serverMain, runFolder, log, env: {} }, [...args, ...data]));
  log.end();
  const installed = await readdir(extensions, { withFileTypes: true });
  const folder = installed.find((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  if (folder === undefined) throw new Error(`${file} was not unpacked.`);
  return { folder: join(extensions, folder.name), runFolder };
}
