import { migrationId, type MigrationId } from '../ids.ts';
import type { Plan } from '../plan.ts';
import type { Instant, JournalStore, Random } from '../ports.ts';
import { encodeEvent } from './eventFormat.ts';

/** Name of a new migration: when it was made, and enough at random that two never meet. */
export function newMigrationId(now: Instant, random: Random): MigrationId {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const tail = Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join('');
  return migrationId(`${stamp}-${tail}`);
}

/** Writes the first record of a new journal. Nothing is started yet; the lease is given back. */
export async function writeCreation(store: JournalStore, plan: Plan, driverId: string, now: Instant): Promise<void> {
  const driver = await store.acquire(driverId);
  try {
    await store.append(driver, 0, [encodeEvent({ kind: 'created', at: now, migration: store.migration, plan })]);
  } finally {
    await store.release(driver);
  }
}
