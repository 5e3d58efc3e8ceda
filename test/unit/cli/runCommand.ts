import { createOutput } from '../../../src/cli/output/output.ts';
import { createProgram } from '../../../src/cli/program.ts';
import type { Services } from '../../../src/services/contract.ts';
import { fakeServices } from './fakeServices.ts';

/** What a command printed, and its exit code. */
export interface Run {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
  readonly records: readonly { readonly event: string; readonly phase?: string }[];
}

/** Runs the words of a command line against services that are given. */
export async function run(services: Partial<Services>, words: readonly string[], interrupted = false): Promise<Run> {
  let [out, err] = ['', ''];
  let code: number | undefined;
  const json = words.includes('--json');
  const output = createOutput(json, { write: (text) => (out += text) }, { write: (text) => (err += text) });
  const signal = interrupted ? AbortSignal.abort() : new AbortController().signal;
  const open = (): Promise<{ services: Services; output: typeof output; signal: AbortSignal }> =>
    Promise.resolve({ services: fakeServices(services), output, signal });
  const program = createProgram('1.2.3', '/journals', open, (result) => (code = result));
  program.configureOutput({ writeOut: (text) => (out += text), writeErr: (text) => (err += text) });
  for (const command of program.commands) command.exitOverride().configureOutput(program.configureOutput());
  await program.parseAsync([...words], { from: 'user' });
  const records = json
    ? out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Run['records'][number])
    : [];
  return { code, out, err, records };
}
