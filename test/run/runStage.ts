import { spawn } from 'node:child_process';

import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { Stage } from './stages.ts';

/** Runs one npm script to its end, with its output going to `print` line by line and into the outcome. */
export async function runStage(stage: Stage, signal: AbortSignal, print: (line: string) => void): Promise<Outcome> {
  const started = performance.now();
  const child = spawn(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['run', '--silent', stage.script], {
    // A process group of its own, so that whatever the stage has started ends with it.
    detached: process.platform !== 'win32',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  let stoppedAtLimit = false;
  const end = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGTERM');
    } catch {
      // It ended by itself in this moment.
    }
  };
  const limit = setTimeout(() => {
    stoppedAtLimit = true;
    end();
  }, stage.limitMinutes * 60_000);
  signal.addEventListener('abort', end);

  let output = '';
  const collect = (data: string): void => {
    output += data;
    for (const line of data.replace(/\n$/, '').split('\n')) print(line);
  };
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', resolve);
  });
  clearTimeout(limit);
  signal.removeEventListener('abort', end);
  return outcomeOf(stage, { exitCode, output, stoppedAtLimit, seconds: (performance.now() - started) / 1000 });
}
