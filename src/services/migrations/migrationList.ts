import type { MigrationId } from '../../engine/ids.ts';
import { newMigrationId, writeCreation } from '../../engine/journal/createMigration.ts';
import { FileJournal } from '../../engine/journal/fileJournal.ts';
import { listFileJournals } from '../../engine/journal/listJournals.ts';
import type { Plan } from '../../engine/plan.ts';
import { toFailure, type Failure } from '../../failure/failure.ts';
import { Migration, type MigrationSurroundings } from './migration.ts';

/** The migrations of one journal folder. A migration has one handle, however often it is asked for. */
export class MigrationList {
  readonly #folder: string;
  readonly #surroundings: MigrationSurroundings;
  readonly #open = new Map<MigrationId, Promise<Migration>>();
  /** What handles that were disposed still have to finish. */
  readonly #ending = new Set<Promise<void>>();

  constructor(folder: string, surroundings: Omit<MigrationSurroundings, 'closed'>) {
    this.#folder = folder;
    this.#surroundings = {
      ...surroundings,
      closed: (id, ended) => {
        this.#open.delete(id);
        this.#ending.add(ended);
        const done = (): void => void this.#ending.delete(ended);
        ended.then(done, done);
      },
    };
  }

  async all(problem: (id: MigrationId, failure: Failure) => void = () => undefined): Promise<readonly Migration[]> {
    const ids = await listFileJournals(this.#folder);
    const opened = await Promise.all(
      ids.map((id) =>
        this.open(id).catch((error: unknown) => {
          problem(id, toFailure(error));
          return undefined;
        }),
      ),
    );
    return opened.filter((migration) => migration !== undefined);
  }

  /** @throws FailureError `journal` when there is none of this id, or it cannot be read */
  open(id: MigrationId): Promise<Migration> {
    const open = this.#open.get(id);
    if (open !== undefined) return open;
    const opening = Migration.open(FileJournal.open(this.#folder, id), this.#surroundings);
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id));
    return opening;
  }

  /** Writes the journal of a new migration and drives it. */
  async start(plan: Plan): Promise<Migration> {
    const { clock, random, driverId } = this.#surroundings;
    const id = newMigrationId(clock.now(), random);
    await writeCreation(await FileJournal.create(this.#folder, id), plan, driverId, clock.now());
    const migration = await this.open(id);
    await migration.drive();
    return migration;
  }

  /** Names of unfinished migrations that somebody drives into a target now. */
  async driving(targetEndpoint: string): Promise<readonly string[]> {
    const target = targetEndpoint.replace(/\/+$/, '').toLowerCase();
    return (await this.all()).flatMap((migration) => {
      const { plan, name } = migration.overview();
      const same = plan.target.endpoint.replace(/\/+$/, '').toLowerCase() === target;
      return same && migration.driver() !== undefined ? [name] : [];
    });
  }

  /** Stops driving everything from here; nothing on the servers is touched. */
  async dispose(): Promise<void> {
    const all = await Promise.allSettled(this.#open.values());
    const migrations = all.flatMap((opened) => (opened.status === 'fulfilled' ? [opened.value] : []));
    await Promise.all(migrations.map((migration) => migration.detach()));
    for (const migration of migrations) migration.dispose();
    await Promise.allSettled(this.#ending);
  }
}
