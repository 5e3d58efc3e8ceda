import { windowId } from '../../engine/ids.ts';
import type { FailedLine } from '../../engine/run/failedLines.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';

export interface FailedLinesOptions {
  readonly window?: string;
}

/** Lists the lines that imports refused and that the target does not hold. Exit code 1 when some are not decided. */
export async function failedLines(
  { services, output, signal }: Session,
  id: string | undefined,
  options: FailedLinesOptions,
): Promise<ExitCode> {
  const handle = await chosenMigration(services, id);
  const only = options.window === undefined ? undefined : windowId(options.window);
  let open = 0;
  const rows: (readonly (string | number)[])[] = [];
  for await (const line of handle.failedLines(only, signal)) {
    if (!line.accepted) open += line.lines;
    output.record('failedLine', line);
    rows.push(rowOf(line));
  }
  const header = ['window', 'type', 'id', 'version', 'last updated', 'reason', 'lines', 'decision'];
  if (rows.length === 0) output.line('No line failed.');
  else for (const text of table(header, rows)) output.line(text);
  handle.dispose();
  return open > 0 ? exitCodes.needsAttention : exitCodes.success;
}

function rowOf(line: FailedLine): readonly (string | number)[] {
  const { window, type, id = 'unknown', versionId = '', lastUpdated, reason, lines, accepted } = line;
  const date = lastUpdated === undefined ? '' : new Date(lastUpdated).toISOString();
  return [window, type, id, versionId, date, reason, lines, accepted ? 'accepted' : 'open'];
}

export interface AcceptLinesOptions {
  readonly window: readonly string[];
  readonly because: string;
}

/** Leaves the failed lines of windows behind, with a reason that the journal keeps. */
export async function acceptLines(
  { services, output, signal }: Session,
  id: string | undefined,
  { window: windows, because }: AcceptLinesOptions,
): Promise<ExitCode> {
  if (because.trim() === '') throw new UsageError('Say with --because why the lines may be left behind.');
  const handle = await chosenMigration(services, id);
  const known = handle.overview().windows;
  for (const name of windows) {
    const window = known.find((candidate) => candidate.id === name);
    if (window === undefined) throw new UsageError(`There is no window ${name}.`);
    await handle.acceptLines(window.id, because, signal);
    output.record('accepted', { migration: handle.id, window: name, lines: window.failed, because });
    output.line(`Window ${name}: ${window.failed} failed lines are accepted.`);
  }
  output.line(`fhir-migration resume ${handle.id} goes on with the rest.`);
  handle.dispose();
  return exitCodes.success;
}
