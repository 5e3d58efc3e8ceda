import type { PrepareRow, PrepareState } from '../../assess/prepare/row.ts';
import { changeLines } from '../../compare/changes/changeWords.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { tellChanges, undoRemembered } from '../output/changeReport.ts';
import { planIn, type Session, UsageError } from '../session.ts';

export interface PrepareOptions {
  readonly plan: string;
  readonly whatIf?: boolean;
  readonly yes?: boolean;
  readonly only?: readonly string[];
  readonly undo?: boolean;
}

const words: Readonly<Record<PrepareState, string>> = {
  ready: 'ready',
  change: 'TO SET',
  advice: 'LOOK AT',
  unknown: 'UNKNOWN',
};

/**
 * Lists what has to be set for the migration of a plan, and sets it only with `--yes`: 0 when nothing is left to set,
 * 1 when something is or could not be seen, 2 when a write failed.
 */
export async function prepare(session: Session, options: PrepareOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  if ((options.yes === true) === (options.whatIf === true))
    throw new UsageError('Give --what-if to list what would be changed, or --yes to change it.');
  const preparation = await services.prepare(await planIn(options.plan), signal);
  if (options.undo === true)
    return undoRemembered(session, await services.changes.remembered(preparation.pair), options.yes === true);
  const rows = chosen(preparation.rows, options.only);
  for (const row of rows) {
    output.record('row', row);
    for (const line of linesOf(row)) output.line(line);
  }
  const left = rows.filter(({ state }) => state === 'change' || state === 'unknown');
  const applicable = rows.filter(({ changes, blocked }) => changes.length > 0 && blocked === undefined);
  if (options.yes !== true || applicable.length === 0) {
    output.line(left.length === 0 ? 'Nothing is left to set.' : 'Nothing was changed.');
    output.record('prepared', { left: left.map(({ id }) => id) });
    return left.length === 0 ? exitCodes.success : exitCodes.needsAttention;
  }
  const changes = applicable.flatMap((row) => row.changes);
  const report = await services.changes.apply(preparation.pair, changes, signal, (change, status) =>
    output.record('progress', { id: change.id, status }),
  );
  const code = tellChanges(session, report);
  const open = left.filter((row) => !applicable.includes(row)).map(({ id }) => id);
  output.record('prepared', { left: open });
  if (code === exitCodes.success && open.length > 0) return exitCodes.needsAttention;
  return code;
}

function chosen(rows: readonly PrepareRow[], only: readonly string[] | undefined): readonly PrepareRow[] {
  if (only === undefined) return rows;
  const unknown = only.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined)
    throw new UsageError(`--only knows no ${unknown}. Choose among ${rows.map(({ id }) => id).join(', ')}.`);
  return rows.filter(({ id }) => only.includes(id));
}

function linesOf({ state, title, current, wanted, guidance, blocked, changes, commands, id }: PrepareRow): string[] {
  const first = `${words[state].padEnd(8)} ${title} [${id}]`;
  if (state === 'ready') return [first, `         ${current}${guidance === '' ? '' : `. ${guidance}`}`];
  return [
    first,
    `         now: ${current}`,
    `         wanted: ${wanted}`,
    ...(guidance === '' ? [] : [`         ${guidance}`]),
    ...(blocked === undefined ? changes.flatMap(changeLines).map((line) => `         would change: ${line}`) : []),
    ...(blocked === undefined ? [] : [`         ${blocked}`]),
    ...commands.map((line) => `         ${line}`),
  ];
}
