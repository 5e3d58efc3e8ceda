import { FailureError } from '../../failure/failure.ts';
import type { JournalEvent } from '../events.ts';
import type { JournalStore } from '../ports.ts';
import { fold } from '../state/apply.ts';
import type { MigrationState } from '../state/state.ts';
import { decodeEvent } from './eventFormat.ts';
import { decodeSnapshot } from './snapshotFormat.ts';

export interface ReadJournal {
  readonly state: MigrationState;
  /** A last record was cut off by a crash and dropped. */
  readonly torn: boolean;
}

/** Reads and folds a whole journal. Throws `journal` when it is damaged, foreign, newer or empty. */
export async function readJournal(store: JournalStore): Promise<ReadJournal> {
  const { snapshot, records, torn } = await store.read();
  const start = snapshot === undefined ? undefined : decodeSnapshot(snapshot.text);
  const state = fold(start, eventsOf(records));
  if (state === undefined) {
    throw new FailureError({
      kind: 'journal',
      message: `The journal of migration ${store.migration} does not begin with its creation.`,
      nextStep: 'Delete the journal folder and start the migration again: nothing was started on a server.',
    });
  }
  return { state, torn };
}

function* eventsOf(records: readonly { readonly sequence: number; readonly text: string }[]): Iterable<JournalEvent> {
  for (const { sequence, text } of records) yield decodeEvent(text, sequence);
}
