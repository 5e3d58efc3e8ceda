import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runTests } from '@vscode/test-electron';

import { makeRunFolder, repositoryFolder } from './folders.ts';
import type { HostRun } from './hostRun.ts';
import type { RunTotals } from './reportServer.ts';

/**
 * Runs the same tests in VS Code itself, on a machine with a display; it is downloaded when needed. The extension is
 * the repository's own folder.
 */
export async function runInDesktop(run: HostRun): Promise<RunTotals> {
  await promisify(execFile)(process.execPath, ['esbuild.mjs'], { cwd: repositoryFolder });
  const runFolder = await makeRunFolder();
  const workspace = join(runFolder, 'workspace');
  const userFolder = join(runFolder, 'u', 'User');
  await mkdir(workspace);
  await mkdir(userFolder, { recursive: true });
  await writeFile(join(userFolder, 'settings.json'), JSON.stringify(run.settings));
  const ended = runTests({
    extensionDevelopmentPath: [repositoryFolder, run.account],
    extensionTestsPath: run.tests,
    extensionTestsEnv: { ...run.env },
    launchArgs: [
      workspace,
      `--user-data-dir=${join(runFolder, 'u')}`,
      `--extensions-dir=${join(runFolder, 'x')}`,
      '--disable-workspace-trust',
      '--skip-welcome',
    ],
  });
  // A failed test makes the exit code bad as well; what counts is the report, unless it never comes.
  const totals = run.report.totals();
  return await Promise.race([totals, ended.then(() => totals)]);
}
