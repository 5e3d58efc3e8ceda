import pLimit from 'p-limit';
import { isTransient, toFailure } from '../../failure/failure.ts';
import type { PartJudgement, PartRef } from '../events.ts';
import type { RefusedFile } from '../imports/importList.ts';
import { isAboutVersions, judge, type Verdict } from '../imports/judge.ts';
import type { OperationId } from '../ids.ts';
import type { RefusedLine } from '../ports.ts';
import type { RunContext } from './context.ts';

/** Questions to the target at once. */
const lookUpsAtOnce = 4;
/** Lines held in memory while they are judged. */
const batchSize = 256;

/** Why a line could not be judged: its error file ended early, or nobody could be asked. */
const unread = 'unread';
const unjudged = 'unjudged';

type Reason = RefusedLine['reason'] | typeof unread | typeof unjudged;

interface Tally {
  alreadyThere: number;
  superseded: number;
  failed: number;
  readonly reasons: Partial<Record<Reason, number>>;
}

/**
 * Finds out for every refused line of an import whether the target holds it. Resource ids are used in memory only: the
 * journal gets numbers per reason. `lastTry`: whoever cannot be asked now is not asked again, and the lines count as
 * failed.
 */
export async function judgeImport(
  context: RunContext,
  id: OperationId,
  signal: AbortSignal,
  lastTry: boolean,
): Promise<void> {
  const operation = context.state().imports.get(id);
  if (operation?.result === undefined) return;
  const refused = (await context.attachment(operation.result)) as readonly RefusedFile[];
  const tallies = operation.parts.map((): Tally => ({ alreadyThere: 0, superseded: 0, failed: 0, reasons: {} }));
  for (const file of refused) {
    const tally = tallies[file.part];
    if (tally !== undefined) await judgeFile(context, file, tally, signal, lastTry);
  }
  const parts = operation.parts.flatMap((ref, index) => judgementOf(context, ref, tallies[index]));
  await context.record({ kind: 'importJudged', at: context.clock.now(), operation: id, parts });
}

function judgementOf(context: RunContext, ref: PartRef, tally: Tally | undefined): readonly PartJudgement[] {
  const part = context.state().windows.get(ref.window)?.parts[ref.part];
  return tally === undefined || part?.state !== 'judging' ? [] : [{ ...ref, ...tally }];
}

async function judgeFile(
  context: RunContext,
  file: RefusedFile,
  tally: Tally,
  signal: AbortSignal,
  lastTry: boolean,
): Promise<void> {
  const limit = pLimit(lookUpsAtOnce);
  let judged = 0;
  let rest: Reason = unread;
  const judgeBatch = async (lines: readonly RefusedLine[]): Promise<void> => {
    const verdicts = await Promise.all(lines.map((line) => limit(() => verdictOf(context, line, signal, lastTry))));
    for (const { verdict, reason } of verdicts) count(tally, verdict, reason, 1);
    judged += lines.length;
  };
  try {
    let batch: RefusedLine[] = [];
    for await (const line of context.staging.refusedLines(file, signal)) {
      if (judged + batch.length >= file.count) break;
      batch.push(line);
      if (batch.length < batchSize) continue;
      await judgeBatch(batch);
      batch = [];
    }
    await judgeBatch(batch);
  } catch (error) {
    if (mayPass(error, lastTry)) throw error;
    rest = unjudged;
    context.log.warn('An error file of an import could not be read', { kind: toFailure(error).kind });
  }
  count(tally, 'failed', rest, Math.max(0, file.count - judged));
}

async function verdictOf(
  context: RunContext,
  line: RefusedLine,
  signal: AbortSignal,
  lastTry: boolean,
): Promise<{ readonly verdict: Verdict; readonly reason: Reason }> {
  if (!isAboutVersions(line) || line.type === null || line.id === undefined) {
    return { verdict: 'failed', reason: line.reason };
  }
  try {
    const held = await context.target.heldVersions(line.type, line.id, signal);
    return { verdict: judge(line, held), reason: line.reason };
  } catch (error) {
    if (mayPass(error, lastTry)) throw error;
    return { verdict: 'failed', reason: unjudged };
  }
}

function mayPass(error: unknown, lastTry: boolean): boolean {
  const { kind } = toFailure(error);
  if (kind === 'cancelled' || kind === 'notSignedIn' || kind === 'forbidden' || kind === 'locked') return true;
  return isTransient(toFailure(error)) && !lastTry;
}

function count(tally: Tally, verdict: Verdict, reason: Reason, lines: number): void {
  if (lines === 0) return;
  tally[verdict] += lines;
  if (verdict === 'failed') tally.reasons[reason] = (tally.reasons[reason] ?? 0) + lines;
}
