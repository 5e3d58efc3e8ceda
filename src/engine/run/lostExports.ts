import { toFailure, type Failure } from '../../failure/failure.ts';
import { isKeptOut } from '../../failure/keptOut.ts';
import { isOurs } from '../exports/exportRequest.ts';
import type { OperationId } from '../ids.ts';
import type { Instant, StagingPort } from '../ports.ts';
import { freshBudget, retryTime, spend } from '../state/budget.ts';
import type { AbandonedExport, ExportOperation } from '../state/state.ts';
import type { RunContext } from './context.ts';

const second = 1_000;
/** Folders carry whole seconds, and clocks drift. */
const margin = 120 * second;
/** A job is picked up within a minute by default (ExportJobConfiguration); its folder comes with its first file. */
const grace = 150 * second;
const searchEvery = 15 * second;
/** No request is waited for longer, so that a job made later is not its. */
const longestRequest = 300 * second;

interface Lost {
  readonly serverTime: Instant;
  readonly intendedAt: Instant;
  readonly lostAt: Instant;
}

/** Folders that an export may have made whose answer was lost, oldest first. */
async function foldersOfLost(
  context: RunContext,
  lost: Lost,
  except: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly { readonly folder: string; readonly jobId: string }[]> {
  const latest = lost.serverTime + endOfRequest(lost) - lost.intendedAt + margin;
  const folders = await exportFolders(context, lost.serverTime - margin, signal);
  return folders
    .filter(({ jobId, createdAt }) => createdAt <= latest && !except.has(jobId))
    .sort((a, b) => a.createdAt - b.createdAt)
    .map(({ folder, jobId }) => ({ folder, jobId }));
}

/** None where nobody may look: the export is then done again. */
async function exportFolders(
  context: RunContext,
  since: Instant,
  signal: AbortSignal,
): ReturnType<StagingPort['exportFolders']> {
  try {
    return await context.staging.exportFolders(since, signal);
  } catch (error) {
    if (!isKeptOut(toFailure(error))) throw error;
    return [];
  }
}

/** When the request was over, also when that was noticed only by a later driver. */
function endOfRequest({ intendedAt, lostAt }: Pick<Lost, 'intendedAt' | 'lostAt'>): Instant {
  return Math.min(lostAt, intendedAt + longestRequest);
}

/** Looks once for the folder of an export whose answer was lost; without a trace after a while, it is done again. */
export async function findExport(context: RunContext, id: OperationId, signal: AbortSignal): Promise<void> {
  const operation = context.state().exports.get(id);
  if (operation === undefined) return;
  const started = context.clock.now();
  const found = await candidateOf(context, operation, signal);
  const at = context.clock.now();
  if (found !== undefined) {
    const statusUrl = context.source.exportStatusUrl(found.jobId);
    return context.record({ kind: 'exportCandidate', at, operation: id, ...found, statusUrl });
  }
  const { intendedAt, lostAt } = operation;
  if (started < endOfRequest({ intendedAt, lostAt: lostAt ?? started }) + grace) {
    context.polled(id, {
      lastAt: at,
      runningAt: undefined,
      nextAt: at + searchEvery,
      resources: undefined,
      failure: undefined,
      budget: freshBudget,
    });
    return;
  }
  const { windows, plan } = context.state();
  const failure: Failure = {
    kind: 'network',
    message: 'The answer to an export request was lost, and no trace of the export was found in the staging account.',
    service: plan.source.name,
  };
  const budget = spend(windows.get(operation.window)?.budget ?? freshBudget, at);
  const exhausted = retryTime(budget, plan.options.attempts, failure, at, context.random) === undefined;
  await context.record({ kind: 'exportAbandoned', at, operation: id, failure, retryAt: exhausted ? undefined : at });
}

/** The first folder that may be a lost export's. */
export async function candidateOf(
  context: RunContext,
  operation: ExportOperation,
  signal: AbortSignal,
): Promise<{ readonly folder: string; readonly jobId: string } | undefined> {
  const except = new Set([...context.state().exportJobs, ...operation.refusedJobs]);
  const lost = { ...operation, lostAt: operation.lostAt ?? context.clock.now() };
  return (await foldersOfLost(context, lost, except, signal))[0];
}

/** Looks once more for an export that was given up and done again; cancels it when it still runs. */
export async function findOrphans(context: RunContext, lost: AbandonedExport, signal: AbortSignal): Promise<void> {
  const folders = await foldersOfLost(context, lost, context.state().exportJobs, signal);
  const orphans: { jobId: string; cancelled: boolean }[] = [];
  for (const { jobId } of folders) {
    const outcome = await endOrphan(context, lost, jobId, signal);
    if (outcome !== undefined) orphans.push({ jobId, cancelled: outcome === 'cancelled' });
  }
  await context.record({ kind: 'orphansChecked', at: context.clock.now(), operation: lost.id, orphans });
}

/** Undefined: the job is not ours. */
async function endOrphan(
  context: RunContext,
  lost: AbandonedExport,
  jobId: string,
  signal: AbortSignal,
): Promise<'cancelled' | 'ended' | undefined> {
  const statusUrl = context.source.exportStatusUrl(jobId);
  const status = await context.source.exportStatus(statusUrl, signal);
  switch (status.state) {
    case 'completed':
      return isOurs(
        context.state().plan,
        { ...lost, type: context.state().windows.get(lost.window)?.type },
        status.manifest,
      )
        ? 'ended'
        : undefined;
    case 'failed':
    case 'gone':
      // Gone too when an earlier driver cancelled it and died before it could say so.
      return 'ended';
    case 'running':
      break;
  }
  try {
    await context.source.cancelExport(statusUrl, signal);
    return 'cancelled';
  } catch (error) {
    // A retired source refuses to cancel: the job runs out by itself.
    if (toFailure(error).kind === 'retired') return 'ended';
    throw error;
  }
}
