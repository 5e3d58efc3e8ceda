import { FailureError, type Failure } from '../../failure/failure.ts';
import type { JournalEvent } from '../events.ts';
import type { JournalStore } from '../ports.ts';
import { fold } from '../state/apply.ts';
import type { MigrationState } from '../state/state.ts';
import { decide } from '../decide/decide.ts';
import { noObservations } from '../decide/observations.ts';
import { overview } from '../overview.ts';
import { decodeEvent } from './eventFormat.ts';
import { decodeSnapshot } from './snapshotFormat.ts';

export interface ReadJournal {
  readonly state: MigrationState;
  /** A last record was cut off by a crash and dropped. */
  readonly torn: boolean;
  /** The rest of the journal is damaged: the state is as far as it could be read, and nobody can drive it. */
  readonly damage: Failure | undefined;
}

/** Reads and folds a journal, up to the first damage. Throws `journal` when it is foreign, newer or empty. */
export async function readJournal(store: JournalStore): Promise<ReadJournal> {
  const { snapshot, records, torn, damage } = await store.read();
  const start = snapshot === undefined ? undefined : decodeSnapshot(snapshot.text);
  if (start !== undefined) checkShown(start);
  const state = fold(start, eventsOf(records));
  if (state === undefined && damage !== undefined) throw new FailureError(damage);
  if (state === undefined) {
    throw new FailureError({
      kind: 'journal',
      message: `The journal of migration ${store.migration} does not begin with its creation.`,
      nextStep: 'Delete the journal folder and start the migration again: nothing was started on a server.',
    });
  }
  return { state, torn, damage };
}

function* eventsOf(records: readonly { readonly sequence: number; readonly text: string }[]): Iterable<JournalEvent> {
  for (const { sequence, text } of records) yield decodeEvent(text, sequence);
}

/**
 * A state that was taken from a snapshot, and not lived through, must be one that can be shown and decided upon: others
 * can write to a journal that is shared.
 * @throws FailureError `journal`
 */
export function checkShown(state: MigrationState): void {
  try {
    overview(state, noObservations, state.createdAt);
    decide(state, noObservations, state.createdAt);
  } catch (error) {
    throw new FailureError(
      {
        kind: 'journal',
        message: 'The snapshot of the journal is not a state of a migration.',
        nextStep: 'Keep a copy of the journal and restore it from a backup.',
      },
      { cause: error },
    );
  }
}
