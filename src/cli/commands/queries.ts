import { readFile } from 'node:fs/promises';
import { exampleQueries } from '../../compare/queries/exampleQueries.ts';
import { parseQueries, type Query } from '../../compare/queries/parseQueries.ts';
import type { QueryComparison } from '../../services/queries/compareQueries.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { serviceAt } from '../serviceAt.ts';
import { type Session, UsageError } from '../session.ts';

export interface QueriesOptions {
  readonly source: string;
  readonly target?: string;
  readonly file?: string;
  readonly examples?: boolean;
}

/** Runs the searches of a file on both services: 0 when all answers are equal, 1 when some differ. */
export async function queries(session: Session, options: QueriesOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  if (options.examples === true) {
    const { endpoint } = await serviceAt(services, options.source, signal);
    const text = exampleQueries(await services.metadata(endpoint, signal));
    output.record('examples', { text });
    for (const line of text.split('\n')) output.line(line);
    return exitCodes.success;
  }
  if (options.file === undefined || options.target === undefined)
    throw new UsageError('Give --file and --target, or --examples.');
  const wanted = await queriesIn(options.file);
  const compared = await services.compareQueries(
    options.source,
    options.target,
    wanted,
    (one) => tell(one, output),
    signal,
  );
  const different = compared.filter(({ equal }) => !equal).length;
  output.record('queriesCompared', { queries: compared.length, different });
  output.line(`${compared.length - different} of ${compared.length} searches give the same.`);
  return different === 0 ? exitCodes.success : exitCodes.needsAttention;
}

function tell(one: QueryComparison, output: Session['output']): void {
  output.record('query', one);
  output.line(`${one.equal ? 'same     ' : 'DIFFERENT'}  ${one.query}`);
  for (const { kind, source, target } of one.differences) {
    output.line(`           ${kind}  source: ${source}`);
    output.line(`           ${' '.repeat(kind.length)}  target: ${target}`);
  }
  for (const note of one.notes) output.line(`           ${note}`);
}

async function queriesIn(file: string): Promise<readonly Query[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}.`);
  }
  const { queries: found, problems } = parseQueries(text);
  if (problems.length > 0)
    throw new UsageError(problems.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'));
  if (found.length === 0) throw new UsageError(`${file} holds no searches.`);
  return found;
}
