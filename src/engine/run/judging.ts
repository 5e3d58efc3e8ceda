import pLimit from 'p-limit';
import { isTransient, toFailure } from '../../failure/failure.ts';
import { isKeptOut } from '../../failure/keptOut.ts';
import type { PartJudgement, PartRef, RetriedLines } from '../events.ts';
import type { ListedFile, RefusedFile } from '../imports/importList.ts';
import { isAboutVersions, judge, mayBeTaken, type Verdict } from '../imports/judge.ts';
import type { OperationId, WindowId } from '../ids.ts';
import type { Instant, LinePlace, RefusedLine } from '../ports.ts';
import type { Part } from '../state/state.ts';
import type { RunContext } from './context.ts';

/** Questions to the target at once. */
const lookUpsAtOnce = 4;
/** Lines held in memory while they are judged. */
const batchSize = 256;

/** Why a line could not be judged: its error file ended early, or nobody could be asked. */
const unread = 'unread';
const unjudged = 'unjudged';

type Reason = RefusedLine['reason'] | typeof unread | typeof unjudged;

/** Imports of refused lines alone, before they are left to a person. */
const mostRetries = 2;
/** A date ahead of the target's clock has to be past by more than 10 s, which an import allows (import contract, 3.5). */
const futureMargin = 15_000;
const longestWait = 3_600_000;

interface Candidate {
  readonly place: LinePlace;
  readonly url: string;
  readonly reason: Reason;
}

interface Tally {
  alreadyThere: number;
  superseded: number;
  failed: number;
  readonly reasons: Partial<Record<Reason, number>>;
  /** Failed lines that another import may take. */
  readonly candidates: Candidate[];
  /** The latest date ahead of the target's clock. */
  latest: Instant | undefined;
}

const freshTally = (): Tally => ({
  alreadyThere: 0,
  superseded: 0,
  failed: 0,
  reasons: {},
  candidates: [],
  latest: undefined,
});

/**
 * Finds out for every refused line of an import whether the target holds it, and stages those anew that another import
 * may take. Resource ids are used in memory only: the journal gets numbers per reason. `lastTry`: whoever cannot be asked
 * now is not asked again, and the lines count as failed.
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
  const parts: PartJudgement[] = [];
  for (const [index, ref] of operation.parts.entries()) {
    const part = partOf(context, ref);
    if (part?.state !== 'judging') continue;
    const files = refused.filter((file) => file.part === index);
    parts.push(await judgePart(context, ref, part, files, { signal, lastTry, name: id, all: false }));
  }
  await context.record({ kind: 'importJudged', at: context.clock.now(), operation: id, parts });
}

/** Judges all refused lines of a window's failed parts anew, from the error files of their first import on. */
export async function judgeLines(
  context: RunContext,
  id: WindowId,
  signal: AbortSignal,
  lastTry: boolean,
): Promise<void> {
  const window = context.state().windows.get(id);
  if (window?.exported === undefined) return;
  const { operation } = window.exported;
  const parts: PartJudgement[] = [];
  for (const [index, part] of window.parts.entries()) {
    if (part.state !== 'judging' || part.refusals === undefined) continue;
    const refusals = part.refusals;
    const files = ((await context.attachment(refusals.list)) as readonly RefusedFile[]).filter(
      (file) => file.part === refusals.part,
    );
    const name = `${operation}.${part.attempts}`;
    parts.push(
      await judgePart(context, { window: id, operation, part: index }, part, files, {
        signal,
        lastTry,
        name,
        all: true,
      }),
    );
  }
  await context.record({ kind: 'linesJudged', at: context.clock.now(), parts });
}

interface Judging {
  readonly signal: AbortSignal;
  readonly lastTry: boolean;
  /** Names what is staged anew: the same after a crash, another for every import of the migration. */
  readonly name: string;
  /** Somebody asked for it: also what no other import is expected to take is tried. */
  readonly all: boolean;
}

function partOf(context: RunContext, ref: PartRef): Part | undefined {
  const window = context.state().windows.get(ref.window);
  return window?.exported?.operation === ref.operation ? window.parts[ref.part] : undefined;
}

async function judgePart(
  context: RunContext,
  ref: PartRef,
  part: Part,
  files: readonly RefusedFile[],
  judging: Judging,
): Promise<PartJudgement> {
  const tally = freshTally();
  for (const file of files) await judgeFile(context, file, tally, judging);
  const { candidates, latest, ...verdicts } = tally;
  const retry =
    (part.retries ?? 0) < mostRetries ? await stageAgain(context, ref, part, candidates, judging) : undefined;
  // Candidates lie in their order: what does not fit into the new file is the rest of them.
  for (const { reason } of candidates.slice(retry?.resources ?? 0)) count(verdicts, 'failed', reason, 1);
  if (retry === undefined) return { ...ref, ...verdicts };
  const { targetClockOffset = 0 } = context.state().source ?? {};
  const now = context.clock.now();
  const wait = latest === undefined ? 0 : Math.min(latest - (now + targetClockOffset) + futureMargin, longestWait);
  return { ...ref, ...verdicts, retry, ...(wait > 0 ? { retryAt: now + wait } : {}) };
}

/** Writes lines to a file of their own; undefined when that cannot be done. */
async function stageAgain(
  context: RunContext,
  ref: PartRef,
  part: Part,
  candidates: readonly Candidate[],
  { signal, lastTry, name }: Judging,
): Promise<RetriedLines | undefined> {
  if (candidates.length === 0) return undefined;
  // A container may be shared: what belongs to which migration is seen from the path.
  const folder = `retries/${context.state().id}/${name}`;
  const inputs = [...Map.groupBy(candidates, ({ url }) => url)].map(([url, lines]) => ({
    url,
    places: lines.map(({ place }) => place),
  }));
  try {
    const path = `${folder}/${part.type}-${ref.window}-${ref.part}.ndjson`;
    const staged = await context.staging.stageLines({ inputs, path }, signal);
    if (staged === undefined) return undefined;
    const { url, etag, bytes, lines } = staged;
    const files: readonly ListedFile[] = [{ type: part.type, url, etag, count: lines, part: 0 }];
    const list = await context.attach(`retry-${name}-${ref.window}-${ref.part}`, files);
    return { list, folder, files: files.length, resources: lines, bytes };
  } catch (error) {
    if (mayPass(error, lastTry)) throw error;
    context.log.warn('Refused lines could not be staged anew', { kind: toFailure(error).kind });
    return undefined;
  }
}

async function judgeFile(context: RunContext, file: RefusedFile, tally: Tally, judging: Judging): Promise<void> {
  const { signal, lastTry, all } = judging;
  const limit = pLimit(lookUpsAtOnce);
  let done = 0;
  let rest: Reason = unread;
  const judgeBatch = async (lines: readonly RefusedLine[]): Promise<void> => {
    const verdicts = await Promise.all(lines.map((line) => limit(() => verdictOf(context, line, judging))));
    for (const [index, { verdict, reason, retry }] of verdicts.entries()) {
      const line = lines[index];
      if (verdict !== 'failed' || !(retry || all) || line?.place === undefined) {
        count(tally, verdict, reason, 1);
        continue;
      }
      tally.candidates.push({ place: line.place, url: file.inputUrl, reason });
      if (reason === 'future') tally.latest = Math.max(tally.latest ?? 0, line.lastUpdated ?? 0);
    }
    done += lines.length;
  };
  try {
    let batch: RefusedLine[] = [];
    for await (const line of context.staging.refusedLines(file, signal)) {
      if (done + batch.length >= file.count) break;
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
  count(tally, 'failed', rest, Math.max(0, file.count - done));
}

async function verdictOf(
  context: RunContext,
  line: RefusedLine,
  { signal, lastTry, all }: Judging,
): Promise<{ readonly verdict: Verdict; readonly reason: Reason; readonly retry: boolean }> {
  const { type, id, reason } = line;
  // An import that refuses a line for what it is has not stored it; only a later one may have.
  const isAsked = isAboutVersions(line) || all;
  if (!isAsked || type === null || id === undefined) {
    return { verdict: 'failed', reason, retry: mayBeTaken(line, []) };
  }
  try {
    const held = await context.target.heldVersions(type, id, signal);
    return { verdict: judge(line, held), reason, retry: mayBeTaken(line, held) };
  } catch (error) {
    if (mayPass(error, lastTry)) throw error;
    // An id that no service takes cannot be asked for: it is not on the target.
    return { verdict: 'failed', reason: toFailure(error).kind === 'invalidInput' ? reason : unjudged, retry: false };
  }
}

function mayPass(error: unknown, lastTry: boolean): boolean {
  const failure = toFailure(error);
  // Lines that cannot be looked into stay failed, for somebody to decide; the rest goes on.
  if (isKeptOut(failure)) return false;
  const { kind } = failure;
  if (kind === 'cancelled' || kind === 'notSignedIn' || kind === 'forbidden' || kind === 'locked') return true;
  return isTransient(failure) && !lastTry;
}

function count(tally: Pick<Tally, Verdict | 'reasons'>, verdict: Verdict, reason: Reason, lines: number): void {
  if (lines === 0) return;
  tally[verdict] += lines;
  if (verdict === 'failed') tally.reasons[reason] = (tally.reasons[reason] ?? 0) + lines;
}
