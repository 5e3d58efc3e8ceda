import type { MigrationId } from '../../engine/ids.ts';
import { newMigrationId, writeCreation } from '../../engine/journal/createMigration.ts';
import type { Plan } from '../../engine/plan.ts';
import { toFailure, type Failure } from '../../failure/failure.ts';
import { Migration, type MigrationSurroundings } from './migration.ts';
import type { FoundJournal } from './journalStores.ts';

/** The migrations of one journal folder and of the staging accounts beside it. A migration has one handle, however often it is asked for. */
export class MigrationList {
  readonly #surroundings: MigrationSurroundings;
  readonly #open = new Map<MigrationId, Promise<Migration>>();
  /** What handles that were disposed still have to finish. */
  readonly #ending = new Set<Promise<void>>();

  constructor(surroundings: Omit<MigrationSurroundings, 'closed'>) {
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
    const found = await this.#surroundings.journals.all(problem);
    const opened = await Promise.all(
      found.map((journal) =>
        this.#openFound(journal.store.migration, () => Promise.resolve(journal)).catch((error: unknown) => {
          problem(journal.store.migration, toFailure(error));
          return undefined;
        }),
      ),
    );
    return opened.filter((migration) => migration !== undefined);
  }

  /** @throws FailureError `journal` when there is none of this id, or it cannot be read */
  open(id: MigrationId): Promise<Migration> {
    return this.#openFound(id, () => this.#surroundings.journals.find(id));
  }

  #openFound(id: MigrationId, find: () => Promise<FoundJournal>): Promise<Migration> {
    const open = this.#open.get(id);
    if (open !== undefined) return open;
    const opening = find().then((found) => Migration.open(found, this.#surroundings));
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id));
    return opening;
  }

  /** Writes the journal of a new migration and drives it. */
  async start(plan: Plan): Promise<Migration> {
    const { clock, random, driverId } = this.#surroundings;
    const id = newMigrationId(clock.now(), random);
    const { store } = await this.#surroundings.journals.create(id, plan);
    await writeCreation(store, plan, driverId, clock.now());
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
