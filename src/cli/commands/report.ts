import { writeFile } from 'node:fs/promises';
import { FailureError } from '../../failure/failure.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';

export const reportForms = ['html', 'markdown', 'json'] as const;
type ReportForm = (typeof reportForms)[number];

export interface ReportOptions {
  readonly format?: ReportForm;
  readonly out?: string;
  readonly force?: boolean;
}

const endings: Readonly<Record<string, ReportForm>> = { html: 'html', htm: 'html', md: 'markdown', json: 'json' };

/** Writes the report of a migration: 0 when nothing speaks against it and it was verified, 1 otherwise, 2 on failure. */
export async function report(session: Session, id: string | undefined, options: ReportOptions): Promise<ExitCode> {
  const { services, output } = session;
  const ending = options.out?.split('.').at(-1)?.toLowerCase() ?? '';
  const form = options.format ?? endings[ending] ?? 'markdown';
  if (form === 'html' && options.out === undefined)
    throw new UsageError('An HTML report is a file: name it with --out report.html.');
  const handle = await chosenMigration(services, id);
  try {
    const made = await services.report(handle.id);
    if (options.out === undefined) output.line(made[form]);
    else await write(options.out, made[form], options.force === true);
    output.record('report', {
      migration: handle.id,
      good: made.good,
      verdict: made.verdict,
      file: options.out ?? null,
    });
    if (options.out !== undefined) output.line(`${made.verdict}\nThe report is in ${options.out}.`);
    return made.good ? exitCodes.success : exitCodes.needsAttention;
  } finally {
    handle.dispose();
  }
}

async function write(path: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: overwrite ? 'w' : 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'EEXIST') throw new UsageError(`${path} exists. Give --force to overwrite it.`);
    throw new FailureError({ kind: 'diskFull', message: `The report could not be written to ${path}: ${code}.` });
  }
}
