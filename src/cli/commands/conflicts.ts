import type { MigrationHandle } from '../../services/contract.ts';
import { classesOf, differenceKey } from '../../services/verify/record.ts';
import { type Difference, isConflict, isImportable } from '../../verify/differences.ts';
import { exitCodes, type ExitCode } from '../exitCodes.ts';
import { differenceLines } from '../output/verificationLines.ts';
import { chosenMigration, type Session, UsageError } from '../session.ts';
import { progressTeller } from './verify.ts';

export interface ConflictsOptions {
  readonly types?: readonly string[];
  /** Resources as `Patient/p1`, or `all`: the version of the target stays. */
  readonly keepTarget?: readonly string[];
  /** The same: the version of the source is taken. */
  readonly takeSource?: readonly string[];
  readonly because?: string;
}

/**
 * Finds what the target itself changed before the cutover, and carries out the choice for each: 0 when all are decided,
 * 1 when some are not, 2 on failure.
 */
export async function conflicts(
  session: Session,
  id: string | undefined,
  { types, keepTarget = [], takeSource = [], because = '' }: ConflictsOptions,
): Promise<ExitCode> {
  const { services, output, signal } = session;
  if (keepTarget.length > 0 && because.trim() === '')
    throw new UsageError('Say with --because why the versions of the target are kept.');
  if (keepTarget.includes('all') && takeSource.includes('all'))
    throw new UsageError('All can either be kept or be taken from the source.');
  const handle = await chosenMigration(services, id);
  const { source, target } = handle.overview().plan;
  const request = { source, target, migration: handle.id, ...(types === undefined ? {} : { types }) };
  const { differences, openRanges, truncated } = await services.verify({ ...request, depth: 'range' }, signal, {
    progress: progressTeller(session),
  });
  const found = differences.filter(({ reason }) => isConflict(reason));
  const open = found.filter(({ accepted }) => accepted === undefined);
  const [kept, taken] = [chosenOf(open, keepTarget, takeSource), chosenOf(open, takeSource, keepTarget)];
  for (const conflict of found) output.record('conflict', conflict);
  for (const line of differenceLines(open)) output.line(line);
  if (kept.length > 0) await keep(handle, kept, because);
  const failed = taken.length === 0 ? 0 : await take(session, handle, taken);
  const left = open.length - kept.length - taken.length + failed;
  const unseen = openRanges.length + (truncated ? 1 : 0);
  if (unseen > 0) output.line(`${unseen} ranges hold more than could be looked at one by one; look again afterwards.`);
  output.line(
    found.length === 0
      ? `${target.name} changed nothing itself.`
      : `${left} conflicts are open, ${found.length - open.length + kept.length} kept as on ${target.name}, ${taken.length - failed} taken from ${source.name}.`,
  );
  output.record('conflicts', {
    found: found.length,
    open: left,
    kept: kept.length,
    taken: taken.length,
    failed,
    unseen,
  });
  handle.dispose();
  return left + unseen === 0 ? exitCodes.success : exitCodes.needsAttention;
}

const nameOf = ({ type, id }: Difference): string => `${type}/${id}`;

/** @throws UsageError for a name that is no open conflict, or that is named for both */
function chosenOf<T extends Difference>(open: readonly T[], names: readonly string[], others: readonly string[]): T[] {
  const known = new Set(open.map(nameOf));
  for (const name of names) {
    if (name !== 'all' && !known.has(name)) throw new UsageError(`${name} is no open conflict.`);
    if (name !== 'all' && others.includes(name)) throw new UsageError(`${name} is named for both choices.`);
  }
  const chosen = new Set(names);
  return open.filter((one) => chosen.has(nameOf(one)) || (chosen.has('all') && !others.includes(nameOf(one))));
}

/** The journal keeps a digest and the reason, never an id. */
async function keep(handle: MigrationHandle, kept: readonly Difference[], because: string): Promise<void> {
  await handle.tell({
    kind: 'differencesTreated',
    at: Date.now(),
    treatment: 'accepted',
    classes: classesOf(kept),
    because: because.trim().slice(0, 500),
    keys: kept.map((conflict) => differenceKey(handle.id, conflict)),
  });
}

/** How many are not as on the source afterwards. */
async function take(
  { services, output, signal }: Session,
  handle: MigrationHandle,
  taken: readonly Difference[],
): Promise<number> {
  const { source, target } = handle.overview().plan;
  const again = taken.filter(isImportable);
  const extras = taken.filter(({ class: name }) => name === 'extraOnTarget');
  let failed = 0;
  if (again.length > 0) {
    const { left } = await services.importAgain({ migration: handle.id, differences: again }, signal);
    failed += left.length;
    await handle.tell({ kind: 'differencesTreated', at: Date.now(), treatment: 'imported', classes: classesOf(again) });
  }
  if (extras.length > 0) {
    const removal = await services.removeExtras({ source, target, migration: handle.id, extras }, signal);
    failed += removal.kept + removal.failures.length;
    for (const failure of removal.failures.slice(0, 5)) output.failure(failure);
    await handle.tell({ kind: 'differencesTreated', at: Date.now(), treatment: 'deleted', classes: classesOf(extras) });
  }
  return failed;
}
