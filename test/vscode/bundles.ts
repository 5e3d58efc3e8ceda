import { mkdir, mkdtemp, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

import { keptFolder, repositoryFolder } from './folders.ts';

export interface HostBundle {
  /** Module that exports `run(): Promise<void>`. */
  readonly file: string;
  /** To be removed after the run. */
  readonly folder: string;
}

/**
 * Bundles what runs inside an extension host. The bundle lies below the repository, so that it finds mocha, and in a
 * folder of its own, so that builds of the extension do not touch it.
 * @param entry path below `test`
 */
export async function bundleForHost(entry: string): Promise<HostBundle> {
  await mkdir(keptFolder, { recursive: true });
  const folder = await mkdtemp(join(keptFolder, 'bundle-'));
  const file = join(folder, 'index.cjs');
  await build({
    entryPoints: [join(repositoryFolder, 'test', entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return { file, folder };
}

/** @throws Error when a test file of the host tests is not in their list, and would never run. */
export async function checkHostTestList(): Promise<void> {
  const folder = join(repositoryFolder, 'test', 'host');
  const list = await readFile(join(folder, 'index.ts'), 'utf8');
  const forgotten = (await readdir(folder)).filter(
    (file) => file.endsWith('.test.ts') && !list.includes(`'./${file}'`),
  );
  if (forgotten.length > 0) throw new Error(`test/host/index.ts does not name ${forgotten.join(', ')}.`);
}
