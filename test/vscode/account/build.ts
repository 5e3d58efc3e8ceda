import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

import { packageFolder } from '../extensionPackage.ts';
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
  return await packageFolder(folder);
}
