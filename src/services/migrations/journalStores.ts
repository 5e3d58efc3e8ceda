import type { MigrationId } from '../../engine/ids.ts';
import { migrationId } from '../../engine/ids.ts';
import { BlobJournal } from '../../engine/journal/blobJournal.ts';
import { journalFailure } from '../../engine/journal/fileErrors.ts';
import { deleteFileJournal, FileJournal } from '../../engine/journal/fileJournal.ts';
import type { JournalBlobs } from '../../engine/journal/journalBlobs.ts';
import { listFileJournals } from '../../engine/journal/listJournals.ts';
import { moveJournal } from '../../engine/journal/moveJournal.ts';
import { deleteBlobJournal, moveToBlobs } from '../../engine/journal/moveToBlobs.ts';
import { moveToFolder } from '../../engine/journal/moveToFolder.ts';
import type { Plan } from '../../engine/plan.ts';
import type { Instant, JournalPlace, JournalStore } from '../../engine/ports.ts';
import { FailureError, toFailure, type Failure } from '../../failure/failure.ts';
import { isSame, SharedPlaces, type SharedPlace } from './sharedPlaces.ts';

/** A storage account that does not answer must not keep the journals of this machine waiting. */
const patienceMs = 15_000;
const idPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,80}$/;

/** A journal and, when it is shared, the account that it lies in. */
export interface FoundJournal {
  readonly store: JournalStore;
  readonly account: SharedPlace | undefined;
}

interface Time {
  readonly now?: () => Instant;
}

/** The journals of one folder and of the staging accounts that are looked into beside it. */
export class JournalStores {
  readonly shared: SharedPlaces;
  readonly #folder: string;
  readonly #blobsOf: (place: SharedPlace) => JournalBlobs;
  readonly #time: Time;

  /** @param time by which leases lapse; default the machine's own */
  constructor(folder: string, blobsOf: (place: SharedPlace) => JournalBlobs, time: Time = {}) {
    this.#folder = folder;
    this.#blobsOf = blobsOf;
    this.#time = time;
    this.shared = new SharedPlaces(folder);
  }

  /** Every journal, those of the folder first. An account that does not answer is told to `problem` and hides no other. */
  async all(problem: (id: MigrationId, failure: Failure) => void): Promise<readonly FoundJournal[]> {
    const [files, places] = await Promise.all([listFileJournals(this.#folder), this.shared.all()]);
    const found = new Map<MigrationId, FoundJournal>(
      files.map((id) => [id, { store: FileJournal.open(this.#folder, id, this.#time), account: undefined }]),
    );
    const listings = await Promise.all(
      places.map(async (place) => {
        const blobs = this.#blobsOf(place);
        const ids = await soon(blobs.folders(), place).catch((error: unknown) => {
          problem(migrationId(place.accountName), toFailure(error));
          return [];
        });
        return { place, blobs, ids: ids.filter((id) => idPattern.test(id)).map(migrationId) };
      }),
    );
    for (const { place, blobs, ids } of listings) {
      for (const id of ids) {
        // What a move has left in the folder counts no more.
        if (found.has(id) && !(await this.#isMovedAway(id))) continue;
        found.set(id, { store: BlobJournal.open(blobs, id, this.#time), account: place });
      }
    }
    return [...found.values()];
  }

  /** @throws FailureError `journal` when there is none of this id */
  async find(id: MigrationId): Promise<FoundJournal> {
    const isLocal = (await listFileJournals(this.#folder)).includes(id);
    if (isLocal && !(await this.#isMovedAway(id))) {
      return { store: FileJournal.open(this.#folder, id, this.#time), account: undefined };
    }
    const problems: Failure[] = [];
    const all = await this.all((_, failure) => problems.push(failure));
    const found = all.find(({ store }) => store.migration === id);
    if (found !== undefined) return found;
    const [problem] = problems;
    if (problem !== undefined) throw new FailureError(problem);
    return { store: FileJournal.open(this.#folder, id, this.#time), account: undefined };
  }

  /** Makes the journal of a new migration where its plan says. */
  async create(id: MigrationId, plan: Plan): Promise<FoundJournal> {
    if (plan.journal === 'file')
      return { store: await FileJournal.create(this.#folder, id, this.#time), account: undefined };
    const account = plan.staging;
    const store = await BlobJournal.create(this.#blobsOf(account), id, this.#time);
    await this.shared.add(account);
    await this.shared.approve(id, plan);
    return { store, account };
  }

  /** Moves a journal that nobody drives. @throws FailureError `journal` when somebody does */
  async move({ store, account }: FoundJournal, to: JournalPlace, plan: Plan, driverId: string): Promise<FoundJournal> {
    if (store.place === to) return { store, account };
    const id = store.migration;
    if (to === 'staging') {
      const blobs = this.#blobsOf(plan.staging);
      // Known before it is there, so that it is found again when this process ends in between.
      await this.shared.add(plan.staging);
      const moved = await moveJournal(store, moveToBlobs(blobs, id), driverId);
      await this.shared.approve(id, plan);
      await deleteFileJournal(this.#folder, id);
      return { store: moved, account: plan.staging };
    }
    const moved = await moveJournal(store, moveToFolder(this.#folder, id), driverId);
    await deleteBlobJournal(this.#blobsOf(account ?? plan.staging), id);
    return { store: moved, account: undefined };
  }

  async #isMovedAway(id: MigrationId): Promise<boolean> {
    try {
      return (await FileJournal.open(this.#folder, id, this.#time).read()).movedTo !== undefined;
    } catch {
      return false;
    }
  }
}

/**
 * A shared journal may have been written by anybody who can write to the account: it must at least be about this account.
 * @throws FailureError `journal`
 */
export function checkAccount(plan: Plan, account: SharedPlace | undefined): void {
  if (account === undefined || isSame(plan.staging, account)) return;
  throw journalFailure(
    `The journal in ${account.accountName} is of a migration with another staging account; it was not opened.`,
    'Ask whoever started the migration to move its journal.',
  );
}

async function soon<T>(work: Promise<T>, { accountName }: SharedPlace): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The storage account ${accountName} did not answer within ${patienceMs / 1_000} seconds.`;
      reject(new FailureError({ kind: 'network', message, service: accountName }));
    }, patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
