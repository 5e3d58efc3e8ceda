import type { OperationOverview } from '../../engine/overview.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { phaseWords } from '../output/describe.ts';
import { table } from '../output/table.ts';
import { chosenMigration, UsageError, type Session } from '../session.ts';

export interface StopOptions {
  readonly cancel?: readonly string[];
  readonly leave?: boolean;
}

/**
 * Stops a migration until it is resumed. What runs on the services is listed one by one and cancelled there or left
 * running, as the user says; without a word about that, nothing is stopped and exit code 64 asks for one.
 */
export async function stop(
  { services, output, signal }: Session,
  id: string | undefined,
  options: StopOptions,
): Promise<ExitCode> {
  const handle = await chosenMigration(services, id);
  const { operations } = handle.overview();
  for (const operation of operations) output.record('operation', operation);
  if (operations.length > 0) for (const line of table(header, operations.map(rowOf))) output.line(line);
  const cancelled = chosen(operations, options);
  const driven = handle.driver() !== undefined && !handle.drivenHere;
  await handle.stop(cancelled.map((operation) => operation.id));
  if (!driven) await handle.stopped();
  output.record('stopped', { migration: handle.id, cancelled: cancelled.length });
  const words = driven ? 'its driver is asked to stop' : phaseWords(handle.overview().phase);
  output.line(`${handle.id}: ${words}; ${cancelled.length} of ${operations.length} operations are cancelled.`);
  handle.dispose();
  return signal.aborted ? exitCodes.interrupted : exitCodes.success;
}

const header = ['operation', 'kind', 'job', 'windows', 'since'];

function rowOf({ id, kind, jobId = 'unknown', windows, since }: OperationOverview): readonly string[] {
  return [id, kind, jobId, windows.join(' '), new Date(since).toISOString()];
}

function chosen(operations: readonly OperationOverview[], options: StopOptions): readonly OperationOverview[] {
  if (options.leave === true && options.cancel !== undefined)
    throw new UsageError('Give --leave or --cancel, not both.');
  if (options.leave === true || operations.length === 0) return [];
  if (options.cancel === undefined)
    throw new UsageError(
      'Nothing was stopped. Say with --cancel all, or --cancel and the operations above, what is cancelled on the services, or with --leave that all of it runs on.',
    );
  if (options.cancel.includes('all')) return operations;
  const unknown = options.cancel.filter((name) => !operations.some(({ id }) => id === name));
  if (unknown.length > 0) throw new UsageError(`No such operation is running: ${unknown.join(', ')}.`);
  return operations.filter(({ id }) => options.cancel?.includes(id));
}
