import type { JournalEvent } from '../events.ts';
import { encodeEvent } from '../journal/eventFormat.ts';
import { encodeSnapshot } from '../journal/snapshotFormat.ts';
import type { Driver, JournalStore, Log } from '../ports.ts';
import { fold } from '../state/apply.ts';
import type { MigrationState } from '../state/state.ts';

export interface JournalWriterOptions {
  readonly store: JournalStore;
  /** The present lease; it changes when it is renewed. */
  readonly driver: () => Driver;
  readonly state: MigrationState;
  readonly log: Log;
  /** Records after which the journal is rotated; default: when it has outgrown its last snapshot. */
  readonly snapshotEvery?: number;
}

/** The journal as its driver writes it: one append after the other, and the state that follows from them. */
export class JournalWriter {
  readonly #options: JournalWriterOptions;
  #state: MigrationState;
  #snapshotAt: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#snapshotAt = options.state.sequence;
  }

  get state(): MigrationState {
    return this.#state;
  }

  /** Durable and folded when resolved. What comes after a failed write is refused with the same failure. */
  record(events: readonly JournalEvent[]): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(events));
    // Whoever recorded is told; the chain itself must not count as unhandled.
    this.#writing.catch(() => undefined);
    return this.#writing;
  }

  async #write(events: readonly JournalEvent[]): Promise<void> {
    const { store, driver, log } = this.#options;
    await store.append(driver(), this.#state.sequence, events.map(encodeEvent));
    this.#state = fold(this.#state, events) ?? this.#state;
    for (const event of events) log.info(`Journal: ${event.kind}`, aboutOf(event));
    if (!this.#isDue()) return;
    this.#snapshotAt = this.#state.sequence;
    await store.snapshot(driver(), this.#state.sequence, encodeSnapshot(this.#state));
  }

  #isDue(): boolean {
    const { snapshotEvery, store } = this.#options;
    return snapshotEvery === undefined ? store.isLong() : this.#state.sequence - this.#snapshotAt >= snapshotEvery;
  }
}

function aboutOf(event: JournalEvent): Readonly<Record<string, unknown>> {
  return {
    ...('window' in event ? { window: event.window } : {}),
    ...('operation' in event ? { operation: event.operation } : {}),
    ...('failure' in event && event.failure !== undefined ? { failure: event.failure.kind } : {}),
  };
}
