import type {
  Verification,
  VerificationDepth,
  VerificationProgress,
  VerificationRequest,
} from '../../services/verify/verification.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { differenceLines, verificationLines } from '../output/verificationLines.ts';
import { openProgressFile } from '../progressFile.ts';
import { provedPair, type PairOptions } from '../provedPair.ts';
import { UsageError, type Session } from '../session.ts';

export interface VerifyOptions extends PairOptions {
  readonly depth: VerificationDepth;
  readonly types?: readonly string[];
  readonly since?: string;
  readonly till?: string;
  readonly sample?: string;
  readonly ids?: boolean;
  readonly history?: boolean;
  /** File that keeps how far it is. */
  readonly progress?: string;
}

/** Verifies: 0 when everything is equal, 1 with differences or when something could not be compared, 2 on failure. */
export async function verify(session: Session, options: VerifyOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  const sample = options.sample === undefined ? undefined : Number(options.sample);
  if (sample !== undefined && !(Number.isInteger(sample) && sample >= 1 && sample <= 1_000_000))
    throw new UsageError('--sample takes a whole number from 1 to 1,000,000.');
  const since = instant('--since', options.since);
  const till = instant('--till', options.till);
  if (options.ids === true && options.depth !== 'range') throw new UsageError('--ids goes with --depth range.');
  const { source, target, migration } = await provedPair(session, options);
  const request: VerificationRequest = {
    source,
    target,
    ...(migration === undefined ? {} : { migration }),
    depth: options.depth,
    ...(options.types === undefined ? {} : { types: options.types }),
    ...(since === undefined ? {} : { since }),
    ...(till === undefined ? {} : { till }),
    ...(sample === undefined ? {} : { sample }),
    ...(options.ids === true ? { ids: true } : {}),
    ...(options.history === true ? { history: true } : {}),
  };
  const kept = await openProgressFile(options.progress, request);
  const result = await services.verify(
    { ...request, ...(kept.resume === undefined ? {} : { resume: kept.resume }) },
    signal,
    { progress: progressTeller(session), checkpoint: kept.write },
  );
  await kept.remove();
  for (const difference of result.differences) output.record('difference', difference);
  for (const range of result.openRanges) output.record('range', range);
  const { differences, openRanges, ...summary } = result;
  output.record('verified', { ...summary, differences: differences.length, ranges: openRanges.length });
  for (const line of [...verificationLines(result), ...differenceLines(result.differences)]) output.line(line);
  return exitCodeOf(result);
}

const exitCodeOf = ({ outcome }: Verification): ExitCode =>
  outcome === 'equal' ? exitCodes.success : exitCodes.needsAttention;

/** Tells progress at most once for every stage and tenth of the way. */
export function progressTeller({ output }: Session): (progress: VerificationProgress) => void {
  let last = '';
  return (progress) => {
    const { stage, type, done, total } = progress;
    const tenth = total === undefined || total === 0 ? '' : Math.floor((done / total) * 10);
    const now = `${stage} ${tenth}`;
    if (now === last) return;
    last = now;
    output.record('progress', progress);
    const amount = total === undefined ? '' : ` ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    output.line(`${stage}${type === undefined ? '' : ` ${type}`}${amount} …`);
  };
}

function instant(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new UsageError(`${option} takes a date, or a date and time, such as 2024-05-01T00:00:00Z.`);
  return at;
}
