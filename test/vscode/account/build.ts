import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

import { repositoryFolder } from '../folders.ts';

/** Name of the authentication provider that the extension registers. */
export const sandboxAccountProvider = 'sandbox-account';

const manifest = {
  name: 'sandbox-account',
  displayName: 'Sandbox Account',
  description: 'Signs in to the sandbox the way the Microsoft account signs in to Azure.',
  version: '0.0.1',
  publisher: 'fhir-migration-tests',
  license: 'MIT',
  engines: { vscode: '^1.105.0' },
  main: './extension.cjs',
  contributes: { authentication: [{ id: sandboxAccountProvider, label: 'Sandbox' }] },
};

/** Builds the extension into a folder, for use under development. */
export async function buildSandboxAccount(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  await build({
    entryPoints: [join(repositoryFolder, 'test', 'vscode', 'account', 'extension.ts')],
    outfile: join(folder, 'extension.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
}

/** Builds the extension into a package that can be installed, and returns its path. */
export async function packageSandboxAccount(folder: string): Promise<string> {
  await buildSandboxAccount(folder);
  const packagePath = join(folder, 'sandbox-account.vsix');
  await writeFile(join(folder, 'README.md'), `${manifest.description}\n`);
  const vsce = join(repositoryFolder, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', packagePath];
  await promisify(execFile)(process.execPath, [vsce, 'package', ...options], { cwd: folder });
  return packagePath;
}
