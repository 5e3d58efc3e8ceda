import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

export interface NpmRun {
  readonly folder: string;
  readonly args: readonly string[];
  /** Milliseconds after which npm is stopped and the run counts as failed. */
  readonly limitMs: number;
}

/**
 * Runs npm in a folder, with this process's own Node for npm and for everything that it starts.
 * @throws Error with the end of npm's output when it fails or takes too long.
 */
export async function runNpm(run: NpmRun): Promise<void> {
  const npmScript = process.env.npm_execpath;
  const [command, args] =
    npmScript?.endsWith('.js') === true
      ? [process.execPath, [npmScript, ...run.args]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', run.args];
  const output: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: run.folder,
      env: npmEnvironment(),
      shell: command.endsWith('.cmd'),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: run.limitMs,
      killSignal: 'SIGKILL',
    });
    child.stdout.on('data', (data: Buffer) => output.push(data.toString()));
    child.stderr.on('data', (data: Buffer) => output.push(data.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${run.args.join(' ')} failed in ${run.folder}:\n${output.join('').slice(-4000)}`));
    });
  });
}

/** Without the settings that an outer `npm run` hands down, which would make this npm act on the outer project. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_(local_prefix|prefix|noproxy))/.test(name) && name !== 'INIT_CWD',
  );
  return { ...Object.fromEntries(kept), PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
}
