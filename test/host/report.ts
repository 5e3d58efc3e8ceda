import { connect } from 'node:net';
import type { Socket } from 'node:net';
import Mocha from 'mocha';

import { reportPortVariable } from '../vscode/reportLines.ts';
import type { ReportLine } from '../vscode/reportLines.ts';

/**
 * Runs the tests and tells the harness about each.
 * @returns the number of failed tests and hooks.
 */
export async function reportTo(mocha: Mocha): Promise<number> {
  const socket = await connected(Number(process.env[reportPortVariable]));
  const tell = (line: ReportLine): void => void socket.write(`${JSON.stringify(line)}\n`);
  function ToHarness(runner: Mocha.Runner): void {
    listen(runner, tell);
  }
  mocha.reporter(ToHarness as unknown as Mocha.ReporterConstructor);
  const failed = await new Promise<number>((resolve) => mocha.run(resolve));
  await new Promise<void>((resolve) => socket.end(resolve));
  return failed;
}

function listen(runner: Mocha.Runner, tell: (line: ReportLine) => void): void {
  const events = Mocha.Runner.constants;
  let depth = 0;
  let passed = 0;
  let failed = 0;
  runner.on(events.EVENT_SUITE_BEGIN, (suite) => {
    if (!suite.root) tell({ kind: 'suite', depth: ++depth, title: suite.title });
  });
  runner.on(events.EVENT_SUITE_END, (suite) => {
    if (!suite.root) depth--;
  });
  runner.on(events.EVENT_TEST_PASS, (test) => {
    passed++;
    tell({ kind: 'pass', depth: depth + 1, title: test.title, ms: test.duration ?? 0 });
  });
  runner.on(events.EVENT_TEST_FAIL, (test, error: unknown) => {
    failed++;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: 'fail', depth: depth + 1, title: test.title, fullTitle: test.fullTitle(), message });
  });
  runner.on(events.EVENT_RUN_END, () => tell({ kind: 'end', passed, failed }));
}

async function connected(port: number): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}
