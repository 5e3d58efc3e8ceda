import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { FailureError, toFailure } from '../failure/failure.ts';
import { cloudChoice } from './cloudChoice.ts';
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { consoleLog } from './log.ts';
import { createOutput } from './output/output.ts';
import { createProgram, usageCode, type GlobalOptions } from './program.ts';
import { UsageError, type Session } from './session.ts';
import { tokenChoice } from './tokenChoice.ts';

const interrupted = new AbortController();
let output = createOutput(process.argv.includes('--json'), process.stdout, process.stderr);
let session: Session | undefined;

async function open(options: GlobalOptions): Promise<Session> {
  output = createOutput(options.json === true, process.stdout, process.stderr);
  const services = await import('../services/services.ts');
  const cloud = await cloudChoice(options.cloud);
  session = {
    services: services.createServices({
      cloud,
      tokens: tokenChoice(services, cloud, options, process.env),
      journalFolder: options.journal,
      log: consoleLog(options.verbose === true, (text) => process.stderr.write(text)),
      userAgent: `fhir-migration/${packageJson.version}`,
    }),
    output,
    signal: interrupted.signal,
  };
  return session;
}

function codeOfError(error: unknown): ExitCode {
  if (error instanceof CommanderError) return usageCode(error);
  if (error instanceof UsageError) {
    output.failure({ kind: 'invalidInput', message: error.message });
    return exitCodes.usage;
  }
  if (FailureError.is(error, 'cancelled')) return exitCodes.interrupted;
  output.failure(toFailure(error));
  return exitCodes.failed;
}

// Whoever reads the output, such as `head`, may have seen enough: the work and its exit code are not touched by that.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

// The second Ctrl-C ends at once: the journal makes that safe too.
process.once('SIGINT', () => {
  interrupted.abort();
  process.once('SIGINT', () => process.exit(exitCodes.interrupted));
});
process.once('SIGTERM', () => interrupted.abort());

const program = createProgram(
  packageJson.version,
  join(homedir(), '.fhir-migration'),
  open,
  (code) => (process.exitCode = code),
);
// In a function, because the bundle is CommonJS, which knows no await at the top.
async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = codeOfError(error);
  } finally {
    await session?.services.dispose();
  }
}

void main();
