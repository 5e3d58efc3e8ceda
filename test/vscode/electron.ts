import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';

import { makeRunFolder } from './folders.ts';
import type { HostRun } from './hostRun.ts';
import type { RunTotals } from './reportServer.ts';

/** Runs the same tests in VS Code itself, on a machine with a display; it is downloaded when needed. */
export async function runInDesktop(run: HostRun): Promise<RunTotals> {
  const runFolder = await makeRunFolder();
  const ended = runTests({
    extensionDevelopmentPath: run.extension,
    extensionTestsPath: run.tests,
    extensionTestsEnv: run.env,
    launchArgs: [
      `--user-data-dir=${join(runFolder, 'u')}`,
      `--extensions-dir=${join(runFolder, 'x')}`,
      '--disable-workspace-trust',
      '--skip-welcome',
    ],
  });
  // A failed test makes the exit code bad as well; what counts is the report, unless it never comes.
  return await Promise.race([run.totals, ended.then(() => run.totals)]);
}
