import type { HostFact } from '../../engine/events.ts';
import type { MigrationOverview } from '../../engine/overview.ts';
import { FailureError } from '../../failure/failure.ts';
import type { MigrationHandle } from '../contract.ts';

/** A driver looks for requests many times in this time. */
const patienceMs = 20_000;

/**
 * Journals a fact and resolves when it is there, whoever drives.
 * @throws FailureError `journal` when the driver does not take it in time; it may still take it later
 */
export async function tellAndSee(
  migration: Pick<MigrationHandle, 'tell' | 'overview' | 'onChange'>,
  fact: HostFact,
  isThere: (overview: MigrationOverview) => boolean,
): Promise<void> {
  await migration.tell(fact);
  await new Promise<void>((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      stop();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(notTaken())), patienceMs);
    const look = (): void => {
      if (isThere(migration.overview())) end(resolve);
    };
    const stop = migration.onChange(look);
    look();
  });
}

const notTaken = (): FailureError =>
  new FailureError({
    kind: 'journal',
    message: 'Whoever drives the migration has not journalled this yet.',
    nextStep: 'See whether the other window or process still answers, then look again.',
  });
