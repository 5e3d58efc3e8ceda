import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { differenceLines } from '../output/verificationLines.ts';
import { provedPair, type PairOptions } from '../provedPair.ts';
import { isConflict } from '../../verify/differences.ts';
import { UsageError, type Session } from '../session.ts';
import { progressTeller } from './verify.ts';

export interface ReconcileOptions extends PairOptions {
  readonly types?: readonly string[];
  readonly whatIf?: boolean;
  /** Name of the target, typed as a confirmation: the extras are deleted. */
  readonly delete?: string;
  /** Compare the ids of all resources instead of counts. */
  readonly ids?: boolean;
}

/**
 * Finds what the target has and the source does not, lists it, and deletes it only when the name of the target is
 * typed. What the target wrote itself is left to `conflicts`. 0 when nothing is left to delete, 1 when something is, 2 on
 * failure.
 */
export async function reconcile(session: Session, options: ReconcileOptions): Promise<ExitCode> {
  const { services, output, signal } = session;
  if ((options.delete !== undefined) === (options.whatIf === true))
    throw new UsageError(
      'Give --what-if to list what would be deleted, or --delete with the name of the target to delete it.',
    );
  const { overview, ...pair } = await provedPair(session, options);
  if (options.delete !== undefined && options.delete !== pair.target.name)
    throw new UsageError(`--delete takes the name of the target, which is ${pair.target.name}.`);
  if (overview?.blind === true)
    output.line('The source no longer answers: its exported files stand for it, so later deletions cannot be found.');
  const types = options.types === undefined ? {} : { types: options.types };
  const result = await services.verify({ ...pair, ...types, depth: 'range', ids: options.ids === true }, signal, {
    progress: progressTeller(session),
  });
  const found = result.differences.filter((difference) => difference.class === 'extraOnTarget');
  const extras = found.filter(({ reason, accepted }) => !isConflict(reason) && accepted === undefined);
  const written = found.filter(({ reason, accepted }) => isConflict(reason) && accepted === undefined).length;
  if (written > 0)
    output.line(`${written} were written on ${pair.target.name} itself and stay; fhir-migration conflicts lists them.`);
  for (const extra of extras) output.record('extra', extra);
  for (const line of differenceLines(extras)) output.line(line);
  const open = result.openRanges.length + (result.truncated ? 1 : 0);
  if (open > 0) output.line(`${open} ranges hold more than could be looked at one by one; reconcile again afterwards.`);
  if (extras.length === 0 || options.delete === undefined) {
    output.line(extras.length === 0 ? 'Nothing to delete.' : 'Nothing was deleted.');
    output.record('reconciled', { extras: extras.length, removed: 0, kept: 0, failed: 0, open });
    return extras.length + open === 0 ? exitCodes.success : exitCodes.needsAttention;
  }
  const { removed, kept, failures } = await services.removeExtras({ ...pair, extras }, signal);
  for (const failure of failures.slice(0, 5)) output.failure(failure);
  output.line(
    `${removed.toLocaleString('en')} deleted from ${pair.target.name}, ${kept} kept, ${failures.length} failed.`,
  );
  output.record('reconciled', { extras: extras.length, removed, kept, failed: failures.length, open });
  return kept + failures.length + open === 0 ? exitCodes.success : exitCodes.needsAttention;
}
