import type { Instant, JournalStore } from '../ports.ts';
import { requestEvents } from '../run/controls.ts';
import { fold } from '../state/apply.ts';
import { encodeEvent } from './eventFormat.ts';
import { readJournal } from './readJournal.ts';

/**
 * Journals what was left for the driver of a migration that nobody drives, and lets go of it again.
 * @throws FailureError `journal` when somebody became the driver in the meantime, who takes it instead
 */
export async function takeTold(store: JournalStore, driverId: string, now: Instant): Promise<void> {
  const driver = await store.acquire(driverId);
  try {
    let { state } = await readJournal(store);
    for (const request of await store.takeRequests(driver))
      for (const event of requestEvents(state, request, now)) {
        await store.append(driver, state.sequence, [encodeEvent(event)]);
        state = fold(state, [event]) ?? state;
      }
  } finally {
    await store.release(driver);
  }
}
