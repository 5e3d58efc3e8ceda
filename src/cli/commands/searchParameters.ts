import { FailureError } from '../../failure/failure.ts';
import { foreignReindexCode } from '../../services/searchParameters/contract.ts';
import type { CopiedParameter } from '../../services/searchParameters/copyParameters.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { table } from '../output/table.ts';
import type { Session } from '../session.ts';
import { stagingIn } from '../stagingOption.ts';

export interface CopySearchParametersOptions {
  readonly source: string;
  readonly target: string;
  readonly only?: readonly string[];
  readonly overwrite?: readonly string[];
  readonly reindex?: boolean;
  readonly staging?: string;
  readonly container?: string;
}

/**
 * Copies custom search parameters, each told as it is done: 0 when all are on the target, 1 when some are not, or
 * searches do not use them yet.
 */
export async function copySearchParametersCommand(
  session: Session,
  options: CopySearchParametersOptions,
): Promise<ExitCode> {
  const { services, output, signal } = session;
  const { source, target, only, overwrite } = options;
  const choice = {
    ...(only === undefined ? {} : { only }),
    ...(overwrite === undefined ? {} : { overwrite }),
    ...(await stagingIn(session, options)),
  };
  let told = 0;
  const tell = (one: CopiedParameter): void => {
    told += 1;
    output.record('searchParameter', one);
    output.line(`${one.outcome.padEnd(12)}  ${one.url}`);
    if (one.failure !== undefined) output.failure(one.failure);
  };
  const copied = await services.searchParameters.copy(source, target, choice, signal, tell);
  copied.slice(told).forEach(tell);
  if (signal.aborted) return exitCodes.interrupted;
  if (copied.length === 0) output.line('The source has no custom search parameters.');
  const failed = copied.some(({ outcome }) => outcome === 'failed');
  if (options.reindex !== true) return failed ? exitCodes.needsAttention : exitCodes.success;
  if (copied.some(({ outcome }) => outcome === 'created' || outcome === 'replaced'))
    await follow(session, target, false);
  const ready = await tellReadiness(session, target);
  return failed || !ready ? exitCodes.needsAttention : exitCodes.success;
}

export interface ReindexCommandOptions {
  readonly target: string;
  readonly join?: boolean;
  readonly cancel?: string;
}

/** Starts a reindex and follows it, or cancels the one that is named: 0 done, 1 when some parameter is not ready. */
export async function reindex(session: Session, { target, join, cancel }: ReindexCommandOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  if (cancel !== undefined) {
    const cancelled = await services.searchParameters.cancelReindex(target, cancel, signal);
    output.record('reindexCancelled', { cancelled });
    output.line(cancelled ? 'The reindex was cancelled.' : 'No reindex is running.');
    return exitCodes.success;
  }
  await follow(session, target, join === true);
  return (await tellReadiness(session, target)) ? exitCodes.success : exitCodes.needsAttention;
}

async function follow({ services, output, signal }: Session, target: string, join: boolean): Promise<void> {
  let told = '';
  let job = '';
  try {
    await services.searchParameters.reindex(
      target,
      (progress) => {
        output.record('reindex', progress);
        job = progress.jobId;
        const types = Object.entries(progress.types ?? {}).map(
          ([type, count]) => `${count.toLocaleString('en')} ${type}`,
        );
        const text = [
          progress.joined ? `Following the reindex ${progress.jobId} that runs already` : `Reindex ${progress.jobId}`,
          progress.percent === undefined ? 'waiting' : `${progress.percent} %`,
          ...(types.length === 0 ? [] : [types.join(', ')]),
        ].join(' · ');
        if (text !== told) output.line(text);
        told = text;
      },
      { join },
      signal,
    );
  } catch (error) {
    if (FailureError.is(error, 'cancelled') && job !== '')
      output.line(`The reindex goes on at the server; reindex --join follows it, reindex --cancel ${job} stops it.`);
    if (FailureError.is(error, 'conflict') && error.failure.code === foreignReindexCode)
      output.line('A reindex runs already: reindex --join follows it, reindex --cancel with its job id stops it.');
    throw error;
  }
  output.line('The reindex is complete.');
}

async function tellReadiness({ services, output, signal }: Session, target: string): Promise<boolean> {
  const readiness = await services.searchParameters.ready(target, signal);
  for (const one of readiness) output.record('readiness', one);
  const rows = readiness.map(({ url, ready, status }) => [ready ? 'ready' : 'NOT READY', status, url]);
  if (rows.length > 0) for (const line of table(['searches', 'status', 'search parameter'], rows)) output.line(line);
  return readiness.every(({ ready }) => ready);
}
