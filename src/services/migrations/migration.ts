import { noObservations, type Observations } from '../../engine/decide/observations.ts';
import type { MigrationId, OperationId, WindowId } from '../../engine/ids.ts';
import type { HostFact } from '../../engine/events.ts';
import { readJournal } from '../../engine/journal/readJournal.ts';
import { takeTold } from '../../engine/journal/takeTold.ts';
import type { Plan } from '../../engine/plan.ts';
import type {
  ChangeRequest,
  Clock,
  ControlRequest,
  Driver,
  FinishRequest,
  Instant,
  JournalPlace,
  JournalStore,
  Log,
  Random,
  StopRequest,
  StoredRecord,
  TellRequest,
} from '../../engine/ports.ts';
import { Attachments } from '../../engine/run/attachments.ts';
import type { MigrationPorts } from '../../engine/run/context.ts';
import { acceptance, type FailedLine, failedLines } from '../../engine/run/failedLines.ts';
import { leftovers, type Leftovers } from '../../engine/run/leftovers.ts';
import { Runner } from '../../engine/run/runner.ts';
import type { MigrationState } from '../../engine/state/state.ts';
import type { SettingsChange } from '../../engine/sync/settings.ts';
import { overview, type MigrationOverview } from '../../engine/overview.ts';
import { type Failure, FailureError, isTransient, toFailure } from '../../failure/failure.ts';
import { hostOf } from '../../http/serviceBase.ts';
import type { MigrationHandle } from '../contract.ts';
import { checkAccount, type FoundJournal, type JournalStores } from './journalStores.ts';
import type { SharedPlace } from './sharedPlaces.ts';

/** After a staging account was out of reach for longer than a driver waits. */
const againAfterMs = 60_000;

/** What a migration needs of the session that it is opened in. */
export interface MigrationSurroundings {
  readonly driverId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly portsOf: (plan: Plan, signal: AbortSignal) => Promise<MigrationPorts>;
  /** The journals around it, and what this machine may drive of those that are shared. */
  readonly journals: JournalStores;
  /** Told when a handle was disposed, with the end of what it drove. */
  readonly closed: (id: MigrationId, ended: Promise<void>) => void;
}

/** A migration in its journal: watched from here, and driven from here when it is asked to be. */
export class Migration implements MigrationHandle {
  readonly id: MigrationId;
  #store: JournalStore;
  #account: SharedPlace | undefined;
  readonly #surroundings: MigrationSurroundings;
  readonly #listeners = new Set<() => void>();
  #unwatch: () => void;
  #wantsToDrive = false;
  readonly #closing = new AbortController();
  #state: MigrationState;
  #observations: Observations = noObservations;
  #driver: Driver | undefined;
  #runner: Runner | undefined;
  #running: Promise<void> | undefined;
  /** However often it is asked to drive, it becomes the driver once. */
  #starting: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshAgain = false;

  private constructor(
    { store, account }: FoundJournal,
    state: MigrationState,
    driver: Driver | undefined,
    of: MigrationSurroundings,
  ) {
    this.id = store.migration;
    this.#store = store;
    this.#account = account;
    this.#state = state;
    this.#driver = driver;
    this.#surroundings = of;
    this.#unwatch = store.watch(() => void this.#refresh());
  }

  /** @throws FailureError `journal` when nothing of the journal can be read */
  static async open(found: FoundJournal, surroundings: MigrationSurroundings): Promise<Migration> {
    const { store, account } = found;
    const [{ state, damage }, driver] = await Promise.all([readJournal(store), store.driver()]);
    checkAccount(state.plan, account);
    const migration = new Migration(found, state, driver, surroundings);
    // A damaged journal is shown as far as it can be read, with what is wrong with it.
    migration.#observations = { ...noObservations, stopped: damage };
    return migration;
  }

  get drivenHere(): boolean {
    return this.#runner !== undefined;
  }

  get journalAt(): { readonly place: JournalPlace; readonly account?: string } {
    const account = this.#account?.accountName;
    return { place: this.#store.place, ...(account === undefined ? {} : { account }) };
  }

  async isApproved(): Promise<boolean> {
    return this.#store.place === 'file' || this.#surroundings.journals.shared.isApproved(this.id, this.#state.plan);
  }

  async approve(): Promise<void> {
    await this.#surroundings.journals.shared.approve(this.id, this.#state.plan);
  }

  /** Moves the journal; what is driven from here goes on afterwards. */
  async move(to: JournalPlace): Promise<void> {
    const { journals, driverId } = this.#surroundings;
    const wasDriven = this.drivenHere;
    await this.detach();
    try {
      const found = { store: this.#store, account: this.#account };
      const moved = await journals.move(found, to, this.#state.plan, driverId);
      this.#unwatch();
      this.#store = moved.store;
      this.#account = moved.account;
      this.#unwatch = moved.store.watch(() => void this.#refresh());
      await this.#refresh();
    } finally {
      if (wasDriven) await this.drive();
    }
  }

  overview(): MigrationOverview {
    const now = this.#surroundings.clock.now();
    return this.#runner === undefined
      ? overview(this.#state, this.#observations, now, localZone())
      : overview(this.#runner.state, this.#runner.observations(), now, localZone());
  }

  driver(): Driver | undefined {
    const driver = this.#runner?.driver ?? this.#driver;
    return driver !== undefined && driver.expiresAt > this.#surroundings.clock.now() ? driver : undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async control(request: ControlRequest): Promise<void> {
    await this.#ask(request);
  }

  async finish(frozenAt: Instant): Promise<void> {
    await this.#ask({ kind: 'finish', frozenAt: Math.floor(frozenAt) });
  }

  async stop(cancel: readonly OperationId[]): Promise<void> {
    await this.#ask({ kind: 'stop', cancel });
  }

  async change(settings: SettingsChange): Promise<void> {
    await this.#leave({ kind: 'change', settings });
  }

  async #ask(request: ControlRequest | FinishRequest | StopRequest): Promise<void> {
    if (this.driver() === undefined) await this.#checkApproval();
    await this.#store.request(request);
    if (this.#runner !== undefined) {
      this.#runner.asked();
      return;
    }
    this.#driver = await this.#store.driver();
    if (this.driver() === undefined) await this.drive();
  }

  async tell(fact: HostFact): Promise<void> {
    await this.#leave({ kind: 'tell', fact });
  }

  /** Leaves something for the driver to journal; where nobody drives, that is done here, and nothing is started. */
  async #leave(request: ChangeRequest | TellRequest): Promise<void> {
    await this.#store.request(request);
    if (this.#runner !== undefined) {
      this.#runner.asked();
      return;
    }
    this.#driver = await this.#store.driver();
    if (this.driver() !== undefined) return;
    await takeTold(this.#store, this.#surroundings.driverId, this.#surroundings.clock.now());
    await this.#refresh();
  }

  /**
   * Becomes the driver and starts to run, unless it does already.
   * @throws FailureError `journal` when somebody else drives
   */
  drive(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    if (this.#runner !== undefined) return;
    await this.#checkApproval();
    this.#wantsToDrive = true;
    const { driverId, clock, random, log, portsOf } = this.#surroundings;
    const driver = await this.#store.acquire(driverId);
    try {
      const { state } = await readJournal(this.#store);
      checkAccount(state.plan, this.#account);
      const ports = await portsOf(state.plan, this.#closing.signal);
      const changed = (): void => this.#tell();
      this.#runner = new Runner({ store: this.#store, driver, state, ports, clock, random, log, changed });
    } catch (error) {
      await this.#store.release(driver).catch(() => undefined);
      throw error;
    }
    this.#running = this.#runner.run().finally(() => {
      // The last state and the reason for the end stay visible after the runner is gone.
      this.#state = this.#runner?.state ?? this.#state;
      this.#observations = { ...noObservations, stopped: this.#runner?.stopped };
      const stopped = this.#runner?.stopped;
      const unheard = this.#runner?.unheard === true;
      this.#driver = undefined;
      this.#runner = undefined;
      this.#tell();
      if (stopped === undefined && unheard && this.#wantsToDrive) void this.#driveOnce();
      else if (stopped !== undefined && isTransient(stopped)) void this.#driveAgain();
    });
  }

  /** A staging account that was out of reach comes back: then this process goes on, unless another one drives by then. */
  async #driveAgain(): Promise<void> {
    const { clock } = this.#surroundings;
    for (;;) {
      await clock.sleep(againAfterMs, this.#closing.signal);
      if (this.#closing.signal.aborted || !this.#wantsToDrive || this.#runner !== undefined) return;
      const failure = await this.#driveOnce();
      if (failure === undefined || !isTransient(failure)) return;
    }
  }

  async #driveOnce(): Promise<Failure | undefined> {
    try {
      await this.drive();
      return undefined;
    } catch (error) {
      const failure = toFailure(error);
      this.#surroundings.log.info('The journal cannot be driven now', { kind: failure.kind });
      return failure;
    }
  }

  /** Whoever can write to a shared journal decides where its driver signs in: a person has to agree to that once. */
  async #checkApproval(): Promise<void> {
    if (await this.isApproved()) return;
    const { source, target } = this.#state.plan;
    throw new FailureError({
      kind: 'invalidInput',
      code: 'notApproved',
      message: `This migration was started elsewhere. Driving it from here signs in to ${hostOf(source.endpoint)} and ${hostOf(target.endpoint)} with your account.`,
      nextStep: 'Check both services and the staging account, then take the migration over.',
    });
  }

  async *failedLines(window: WindowId | undefined, signal: AbortSignal): AsyncGenerator<FailedLine, void> {
    const state = this.#runner?.state ?? this.#state;
    const { staging, target } = await this.#surroundings.portsOf(state.plan, signal);
    const attachments = new Attachments(this.#store);
    yield* failedLines({ staging, target, attachment: (ref) => attachments.read(ref) }, state, window, signal);
  }

  async acceptLines(window: WindowId, because: string, signal: AbortSignal): Promise<void> {
    const lines: FailedLine[] = [];
    for await (const line of this.failedLines(window, signal)) lines.push(line);
    const state = this.#runner?.state ?? this.#state;
    await this.tell(acceptance(state, window, lines, because, this.#surroundings.clock.now()));
  }

  async leftovers(): Promise<Leftovers> {
    return leftovers(this.#runner?.state ?? this.#state, this.#store);
  }

  async stopped(): Promise<MigrationOverview> {
    await this.#running;
    return this.overview();
  }

  async journal(): Promise<readonly StoredRecord[]> {
    return (await this.#store.read()).records;
  }

  async detach(): Promise<void> {
    this.#wantsToDrive = false;
    await this.#runner?.detach();
    await this.#running;
  }

  dispose(): void {
    this.#closing.abort();
    this.#unwatch();
    this.#listeners.clear();
    // Nobody could stop a runner whose handle is gone, and its lease would keep others waiting.
    this.#surroundings.closed(this.id, this.detach());
  }

  /** Reads what another driver wrote; calls during a read lead to one more read, not to many. */
  async #refresh(): Promise<void> {
    if (this.#runner !== undefined || this.#closing.signal.aborted) return;
    if (this.#refreshing !== undefined) {
      this.#refreshAgain = true;
      return;
    }
    this.#refreshing = this.#readAgain().finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
    if (!this.#refreshAgain) return;
    this.#refreshAgain = false;
    await this.#refresh();
  }

  async #readAgain(): Promise<void> {
    try {
      const [{ state, damage }, driver] = await Promise.all([readJournal(this.#store), this.#store.driver()]);
      if (this.#runner !== undefined) return;
      this.#state = state;
      this.#observations = { ...noObservations, stopped: damage };
      this.#driver = driver;
      this.#tell();
    } catch (error) {
      // A reader may meet a rotation half-way; the next change reads again.
      this.#surroundings.log.debug('The journal could not be read just now', { error: String(error) });
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

let zone: string | undefined;

/** The time zone of this machine, asked for once. */
function localZone(): string {
  zone ??= new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone;
}
