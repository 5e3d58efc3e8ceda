import { FailureError } from '../../failure/failure.ts';
import type { AttachmentName } from '../ids.ts';
import type { JournalContents, JournalPlace, JournalStore } from '../ports.ts';
import { fold } from '../state/apply.ts';
import { decodeEvent } from './eventFormat.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshotFormat.ts';

/** Where a journal is moved to. */
export interface MoveTarget {
  readonly place: JournalPlace;
  /** False while there is no whole journal of the migration. */
  exists(): Promise<boolean>;
  /** Writes a document of the journal to come. */
  document(name: AttachmentName, text: string): Promise<void>;
  /** Makes the journal, all of it in one step. */
  complete(contents: JournalContents): Promise<void>;
  open(): JournalStore;
}

/** What one append of a storage account takes: longer records are moved as the state that they lead to. */
const mostBytes = 3_500_000;

/**
 * Moves a journal. It is closed in the one place before it appears in the other, so that it is never in two; a move that
 * was interrupted in between is finished by moving again. Removing what is left in the first place is up to the caller.
 * Throws `journal` when somebody drives the migration or the journal is damaged.
 */
export async function moveJournal(from: JournalStore, to: MoveTarget, driverId: string): Promise<JournalStore> {
  const before = await from.read();
  if (before.damage !== undefined) throw new FailureError(before.damage);
  if (before.movedTo === to.place) {
    if (!(await to.exists())) await copy(from, before, to);
    return to.open();
  }
  if (await to.exists()) {
    throw new FailureError({ kind: 'journal', message: 'There is a journal of this migration in that place already.' });
  }
  const driver = await from.acquire(driverId);
  try {
    const requests = await from.takeRequests(driver);
    const contents = await from.read();
    await copyDocuments(from, to);
    await from.markMoved(driver, to.place);
    await to.complete(shortened(contents));
    const moved = to.open();
    for (const request of requests) await moved.request(request);
    return moved;
  } finally {
    await from.release(driver).catch(() => undefined);
  }
}

async function copy(from: JournalStore, contents: JournalContents, to: MoveTarget): Promise<void> {
  await copyDocuments(from, to);
  await to.complete(shortened(contents));
}

async function copyDocuments(from: JournalStore, to: MoveTarget): Promise<void> {
  for (const name of await from.documents()) await to.document(name, await from.readAttachment(name));
}

function shortened(contents: JournalContents): JournalContents {
  const { snapshot, records } = contents;
  const last = records.at(-1);
  if (last === undefined || records.reduce((sum, { text }) => sum + text.length, 0) <= mostBytes) return contents;
  const start = snapshot === undefined ? undefined : decodeSnapshot(snapshot.text);
  const state = fold(
    start,
    records.map(({ text, sequence }) => decodeEvent(text, sequence)),
  );
  if (state === undefined) return contents;
  return { snapshot: { sequence: last.sequence, text: encodeSnapshot(state) }, records: [], torn: false };
}
