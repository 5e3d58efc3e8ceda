import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { repositoryFolder } from './folders.ts';

/** The environment variable that names a package which is there already. */
export const packageVariable = 'FHIR_MIGRATION_VSIX';

let building: Promise<string> | undefined;

/** Path of the .vsix as users get it: the one that the environment names, or one that is built now, once a process. */
export async function extensionPackage(): Promise<string> {
  const given = process.env[packageVariable];
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`${packageVariable} names ${given}, which does not exist.`);
    return given;
  }
  building ??= packageNow();
  return await building;
}

async function packageNow(): Promise<string> {
  const [command, options] = process.platform === 'win32' ? ['npm.cmd', { shell: true }] : ['npm', {}];
  await promisify(execFile)(command, ['run', '--silent', 'package'], { cwd: repositoryFolder, ...options });
  return join(repositoryFolder, 'fhir-migration-for-azure.vsix');
}

/** Packages a small extension of the harness, and returns the package's path. */
export async function packageFolder(folder: string): Promise<string> {
  const packagePath = join(folder, 'extension.vsix');
  await writeFile(join(folder, 'readme.md'), 'Part of the test harness.\n');
  const vsce = join(repositoryFolder, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', packagePath];
  await promisify(execFile)(process.execPath, [vsce, 'package', ...options], { cwd: folder });
  return packagePath;
}
