import Mocha from 'mocha';

import { grepVariable } from '../vscode/reportLines.ts';
import { reportTo } from './report.ts';

/** Every test file of this folder, in the order in which they run. The harness refuses to run when one is missing. */
const testFiles = [
  () => import('./activation.test.ts'),
  () => import('./manifest.test.ts'),
  () => import('./services.test.ts'),
  () => import('./planning.test.ts'),
  () => import('./running.test.ts'),
  () => import('./compare.test.ts'),
  () => import('./assess.test.ts'),
  () => import('./carryOver.test.ts'),
  () => import('./verify.test.ts'),
  () => import('./finish.test.ts'),
  () => import('./settings.test.ts'),
  () => import('./deciding.test.ts'),
  () => import('./rehearsing.test.ts'),
];

/** What VS Code calls inside the extension host; the same for a desktop's VS Code and for the server's. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, forbidPending: true, failZero: true });
  const wanted = process.env[grepVariable];
  if (wanted !== undefined) mocha.grep(wanted);
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, 'test/host', mocha);
  for (const load of testFiles) await load();
  const failed = await reportTo(mocha);
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}
