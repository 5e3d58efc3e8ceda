import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError } from '../failure/failure.ts';

const longestMs = 120_000;
const mostBytes = 16 * 1_048_576;

/** Where the compiler is: on the path, or where the Azure CLI puts it. */
const places = (): readonly string[] => [
  'bicep',
  join(homedir(), '.azure', 'bin', process.platform === 'win32' ? 'bicep.exe' : 'bicep'),
];

/**
 * Compiles a Bicep file with the compiler of the user. Gives the template's JSON; undefined when there is no compiler.
 * @throws FailureError `invalidInput` with the compiler's own words when it refuses the file
 */
export async function compileBicep(text: string, signal: AbortSignal): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'fhir-migration-bicep-'));
  try {
    const file = join(folder, 'main.bicep');
    await writeFile(file, text);
    for (const place of places()) {
      const built = await run(place, ['build', '--stdout', file], signal);
      if (built === undefined) continue;
      if (built.failed)
        throw new FailureError({
          kind: 'invalidInput',
          message: 'The Bicep compiler refuses the file.',
          diagnostics: built.errors
            .replaceAll(file, 'the file')
            .split('\n')
            .filter((line) => line !== '')
            .slice(0, 5),
        });
      return JSON.parse(built.out) as unknown;
    }
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function run(
  command: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly failed: boolean; readonly out: string; readonly errors: string } | undefined> {
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: longestMs, maxBuffer: mostBytes, windowsHide: true };
    execFile(command, words, options, (error, out, errors) => {
      if (signal.aborted) reject(new FailureError({ kind: 'cancelled', message: 'Cancelled.' }, { cause: error }));
      else if (error !== null && (error.code === 'ENOENT' || error.code === 'EACCES')) resolve(undefined);
      else resolve({ failed: error !== null, out, errors });
    });
  });
}
