import { FailureError, toFailure, type Failure } from '../../failure/failure.ts';
import { actionKey, startsSomething, type Action } from '../decide/actions.ts';
import { decide, type Decision } from '../decide/decide.ts';
import type { Delay, Observations, Poll } from '../decide/observations.ts';
import type { JournalEvent } from '../events.ts';
import type { OperationId } from '../ids.ts';
import type { Clock, Driver, Instant, JournalStore, Log, Random } from '../ports.ts';
import { backOff, freshBudget, isExhausted, spend } from '../state/budget.ts';
import type { MigrationState } from '../state/state.ts';
import { Attachments } from './attachments.ts';
import type { MigrationPorts, RunContext } from './context.ts';
import { isTold, requestEvents } from './controls.ts';
import { ImportThrottle } from './importThrottle.ts';
import { JournalWriter } from './journalWriter.ts';
import { watchLoad } from './loadWatch.ts';
import { afterFailure, perform } from './perform.ts';
import { gated } from './requestGate.ts';

export interface RunnerOptions {
  readonly store: JournalStore;
  readonly driver: Driver;
  /** The journal folded by this driver, after it became the driver. */
  readonly state: MigrationState;
  readonly ports: MigrationPorts;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called after every change of state or observations. */
  readonly changed: () => void;
  /** Records after which the journal is rotated; default 20,000. */
  readonly snapshotEvery?: number;
}

interface Running {
  readonly action: Action;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** A wait that ends so much later than it should was not a wait: the machine slept. */
const asleepAfter = 60_000;

/** Stops waiting for requests that start something, when the host goes away. */
const partingMs = 3_000;

/**
 * Drives one migration: performs what `decide` says is due, journals what happened before acting on it further, and
 * sleeps until the next due time or a signal. Ends when there is nothing left to do, when it is detached, or when it
 * is no longer the driver.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #context: RunContext;
  readonly #attachments: Attachments;
  readonly #journal: JournalWriter;
  readonly #running = new Map<string, Running>();
  readonly #polls = new Map<OperationId, Poll>();
  readonly #delays = new Map<string, Delay>();
  readonly #imports = new ImportThrottle();
  #driver: Driver;
  #renewAt: Instant;
  /** The clock when it was last looked at. */
  #seenAt: Instant;
  #importNumber = 0;
  #stopped: Failure | undefined;
  #detached = false;
  #requestsDue = true;
  #unheard = false;
  #wake: AbortController | undefined;
  #woken = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#driver = options.driver;
    this.#seenAt = options.clock.now();
    this.#renewAt = halfWay(this.#seenAt, options.driver.expiresAt);
    this.#attachments = new Attachments(options.store);
    this.#journal = new JournalWriter({ ...options, driver: () => this.#driver });
    this.#context = this.#makeContext();
  }

  get state(): MigrationState {
    return this.#journal.state;
  }

  get driver(): Driver {
    return this.#driver;
  }

  /** Why it stopped, when the journal could not be told. */
  get stopped(): Failure | undefined {
    return this.#stopped;
  }

  observations(): Observations {
    return {
      running: new Map([...this.#running].map(([key, { action }]) => [key, action])),
      polls: this.#polls,
      delays: this.#delays,
      importCap: this.#imports.cap,
      importsFrom: this.#imports.from,
      stopped: this.#stopped,
    };
  }

  /** Somebody asked for something here after requests were last taken: whoever drives next has to hear it. */
  get unheard(): boolean {
    return this.#unheard;
  }

  /** Somebody asked for something here. */
  asked(): void {
    this.#unheard = true;
    this.signal();
  }

  /** The journal changed. */
  signal(): void {
    this.#requestsDue = true;
    this.#rouse();
  }

  /** Stops without touching jobs on the servers. Waits a little for requests that start something. */
  async detach(): Promise<void> {
    this.#detached = true;
    this.#abort((action) => !startsSomething(action));
    this.#rouse();
    const patience = new AbortController();
    const all = Promise.all([...this.#running.values()].map(({ done }) => done)).then(() => patience.abort());
    await Promise.race([all, this.#options.clock.sleep(partingMs, patience.signal)]);
    this.#abort(() => true);
  }

  /** Resolves when this process no longer drives. */
  async run(): Promise<void> {
    const { store, clock } = this.#options;
    const unwatch = store.watch(() => this.signal());
    const unwatchLoad = watchLoad(this.#context);
    try {
      while (!this.#detached && this.#stopped === undefined) {
        this.#woken = false;
        this.#watchClock();
        await this.#takeRequests();
        await this.#renewLease();
        this.#dropQuestions();
        const decision = decide(this.state, this.observations(), clock.now());
        if (decision.finish !== undefined) break;
        if (await this.#act(decision)) continue;
        await this.#sleep(decision.nextAt);
      }
    } catch (error) {
      this.#stopped ??= toFailure(error);
    } finally {
      unwatch();
      unwatchLoad();
      this.#abort(() => true);
      await Promise.all([...this.#running.values()].map(({ done }) => done));
      await store.release(this.#driver).catch(() => undefined);
      this.#options.changed();
    }
  }

  /** Starts what is due. True when facts were recorded, so that there is something new to decide. */
  async #act(decision: Decision): Promise<boolean> {
    // One fact at a time: each may change what follows from the state.
    const fact = decision.actions.find((action) => action.kind === 'record');
    if (fact !== undefined) {
      await this.#record([fact.event]);
      return true;
    }
    for (const action of decision.actions) this.#start(action);
    if (decision.actions.length > 0) this.#options.changed();
    return false;
  }

  #start(action: Action): void {
    const key = actionKey(action);
    const abort = new AbortController();
    const done = this.#perform(key, action, abort.signal).finally(() => {
      this.#running.delete(key);
      this.#options.changed();
      this.#rouse();
    });
    this.#running.set(key, { action, abort, done });
  }

  async #perform(key: string, action: Action, signal: AbortSignal): Promise<void> {
    const before = this.#delays.get(key);
    const { attempts } = this.state.plan.options;
    const isLast = before !== undefined && isExhausted(before.budget, attempts, before.failure, this.#now());
    try {
      await perform(this.#context, action, signal, isLast);
      this.#delays.delete(key);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'bug')
        this.#options.log.error('Unexpected error', { action: action.kind, error: nameOf(error) });
      if (failure.kind === 'cancelled' && signal.aborted) return;
      if (failure.kind === 'journal' || failure.kind === 'diskFull') {
        this.#stop(failure);
        return;
      }
      // Sign-ins and connections end with a window that closes: what that breaks is no fact about the services.
      if (this.#detached) return;
      await this.#later(key, action, failure).catch((later: unknown) => this.#stop(toFailure(later)));
    }
  }

  async #later(key: string, action: Action, failure: Failure): Promise<void> {
    const now = this.#now();
    const budget = spend(this.#delays.get(key)?.budget ?? freshBudget, now);
    const isSpent = isExhausted(budget, this.state.plan.options.attempts, failure, now);
    if ((await afterFailure(this.#context, action, failure, isSpent)) === 'settled') {
      this.#delays.delete(key);
      return;
    }
    this.#delays.set(key, { nextAt: now + backOff(budget, failure, this.#options.random), failure, budget });
  }

  #stop(failure: Failure): void {
    this.#stopped ??= failure;
    this.#options.log.error('The migration cannot go on here', { kind: failure.kind, message: failure.message });
    this.#rouse();
  }

  async #takeRequests(): Promise<void> {
    if (!this.#requestsDue) return;
    this.#requestsDue = false;
    this.#unheard = false;
    for (const request of await this.#options.store.takeRequests(this.#driver)) {
      const events = requestEvents(this.state, request, this.#now());
      for (const event of events) await this.#record([event]);
      // What was only told of changes nothing of what is under way.
      if (events.length > 0 && !isTold(request)) {
        this.#polls.clear();
        this.#delays.clear();
      }
    }
  }

  /** Whatever is only being asked is asked again later; what starts or cancels something is waited for. */
  #dropQuestions(): void {
    if (this.state.run !== 'running' || this.state.halt !== undefined) this.#abort(isQuestion);
  }

  /** At half of the lease's time, so that a slow disk or a short sleep does not lose it. */
  async #renewLease(): Promise<void> {
    if (this.#now() < this.#renewAt) return;
    this.#driver = await this.#options.store.renew(this.#driver);
    this.#renewAt = halfWay(this.#now(), this.#driver.expiresAt);
  }

  async #sleep(until: Instant | undefined): Promise<void> {
    if (this.#woken) return;
    this.#wake = new AbortController();
    const next = Math.min(until ?? this.#renewAt, this.#renewAt);
    await this.#options.clock.sleep(Math.max(0, next - this.#now()), this.#wake.signal);
    this.#wake = undefined;
    if (this.#now() > next + asleepAfter) this.#wakeUp('The machine was asleep');
  }

  /** A clock that was put back would make everything wait until it says again what it had said. */
  #watchClock(): void {
    const now = this.#now();
    if (now < this.#seenAt - asleepAfter) {
      this.#renewAt = now;
      this.#wakeUp('The clock of this machine was put back');
    }
    this.#seenAt = now;
  }

  /** What was asked before a sleep will hardly be answered, and nobody knows how anything stands. */
  #wakeUp(why: string): void {
    this.#options.log.info(`${why}: everything is looked at again`);
    this.#requestsDue = true;
    this.#polls.clear();
    this.#delays.clear();
    this.#abort(isQuestion);
  }

  #rouse(): void {
    this.#woken = true;
    this.#wake?.abort();
  }

  #abort(which: (action: Action) => boolean): void {
    for (const { action, abort } of this.#running.values()) if (which(action)) abort.abort();
  }

  /** A journal that cannot be written to stops everything. */
  async #record(events: readonly JournalEvent[]): Promise<void> {
    if (this.#stopped !== undefined) throw new FailureError(this.#stopped);
    if (events.length === 0) return;
    try {
      await this.#journal.record(events);
    } catch (error) {
      this.#stop(toFailure(error));
      throw error;
    }
    this.#options.changed();
  }

  #now(): Instant {
    return this.#options.clock.now();
  }

  #makeContext(): RunContext {
    const { ports, clock, random, log } = this.#options;
    return {
      ...gated(ports, () => this.state),
      clock,
      random,
      log,
      state: () => this.state,
      // Nobody is stopped by what fails while this process lets go; whoever drives next meets it again, or not.
      record: (...events) => this.#record(this.#detached ? events.filter(({ kind }) => kind !== 'halted') : events),
      attach: (name, content) => this.#attachments.write(this.#driver, name, content),
      attachment: (ref) => this.#attachments.read(ref),
      poll: (operation) => this.#polls.get(operation),
      polled: (operation, poll) => void this.#polls.set(operation, poll),
      nextImport: () => {
        this.#importNumber = Math.max(this.#importNumber, this.state.importsStarted) + 1;
        return this.#importNumber;
      },
      throttled: (until) => this.#imports.refused(this.state, until),
      unthrottled: () => this.#imports.accepted(this.state),
    };
  }
}

function isQuestion(action: Action): boolean {
  return !startsSomething(action) && !['cancelOperation', 'findOrphans', 'cancelProbe'].includes(action.kind);
}

function halfWay(now: Instant, end: Instant): Instant {
  return now + Math.max(0, end - now) / 2;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
