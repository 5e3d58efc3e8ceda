import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { repositoryFolder } from './folders.ts';

/**
 * Builds the extension and the tests that run in its host.
 * @throws Error when the build fails, or when a test file of the host tests is not in their list.
 */
export async function buildForHostTests(): Promise<void> {
  const folder = join(repositoryFolder, 'test', 'host');
  const list = await readFile(join(folder, 'index.ts'), 'utf8');
  const forgotten = (await readdir(folder)).filter(
    (file) => file.endsWith('.test.ts') && !list.includes(`'./${file}'`),
  );
  if (forgotten.length > 0) throw new Error(`test/host/index.ts does not name ${forgotten.join(', ')}.`);
  try {
    await promisify(execFile)(process.execPath, ['esbuild.mjs'], { cwd: repositoryFolder });
  } catch (error) {
    throw new Error(`The build failed:\n${(error as { stderr?: string }).stderr ?? String(error)}`, { cause: error });
  }
}
