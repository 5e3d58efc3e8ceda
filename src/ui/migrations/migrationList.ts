import type { Clock } from '../../engine/ports.ts';
import { migrationId } from '../../engine/ids.ts';
import type { MigrationPhase } from '../../engine/overview.ts';
import type { Plan } from '../../engine/plan.ts';
import { toFailure, type Failure } from '../../failure/failure.ts';
import type { MigrationHandle, Services } from '../../services/contract.ts';
import { Listeners } from '../platform/listeners.ts';
import { Throttle, type Timers } from '../platform/throttle.ts';
import { stateOf, type MigrationState } from './migrationState.ts';

/** A migration went from one phase into another while this window looked on. */
export interface PhaseChange {
  readonly state: MigrationState;
  readonly before: MigrationPhase | undefined;
  /** This window drove it until now, or still does. */
  readonly wasDrivenHere: boolean;
}

/** What the list needs of the outside. */
export interface MigrationListPorts {
  services(): Promise<Services>;
  /** A quick look whether there can be any journal at all. */
  mayHaveAny(): Promise<boolean>;
  readonly timers: Timers;
  readonly clock: Pick<Clock, 'now'>;
}

/** Views are redrawn at most this often. */
const redrawMs = 250;

/** The migrations whose journals this machine holds, watched live. Loads the services bundle only when asked to. */
export class MigrationList {
  readonly #ports: MigrationListPorts;
  readonly #handles = new Map<string, { readonly handle: MigrationHandle; readonly stop: () => void }>();
  readonly #states = new Map<string, { readonly state: MigrationState; readonly at: number }>();
  readonly #leases = new Map<string, () => void>();
  readonly #unreadable = new Map<string, Failure>();
  readonly #changed = new Listeners();
  readonly #phases = new Listeners<PhaseChange>();
  readonly #last = new Map<string, { readonly phase: MigrationPhase; readonly here: boolean }>();
  readonly #redraw: Throttle;
  #loading: Promise<void> | undefined;
  #failure: Failure | undefined;
  #loaded = false;

  constructor(ports: MigrationListPorts) {
    this.#ports = ports;
    this.#redraw = new Throttle(redrawMs, () => this.#changed.fire(), ports.timers);
  }

  /** Undefined before the first load. */
  get states(): readonly MigrationState[] | undefined {
    if (!this.#loaded && this.#handles.size === 0) return undefined;
    return [...this.#handles.values()].map(({ handle }) => this.#stateOf(handle));
  }

  /** Migrations whose journals cannot be read, with the reason; they hide no other. */
  get unreadable(): ReadonlyMap<string, Failure> {
    return this.#unreadable;
  }

  /** Why the list could not be read. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  handle(id: string): MigrationHandle | undefined {
    return this.#handles.get(id)?.handle;
  }

  state(id: string): MigrationState | undefined {
    const handle = this.handle(id);
    return handle === undefined ? undefined : this.#stateOf(handle);
  }

  /** Something visible changed; damped. */
  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  onPhase(listener: (change: PhaseChange) => void): () => void {
    return this.#phases.add(listener);
  }

  /** Reads the list; a second call while the first runs shares it. Never throws: a failure is kept for the view. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** A handle that is watched from now on. */
  async open(id: string): Promise<MigrationHandle> {
    const known = this.handle(id);
    if (known !== undefined) return known;
    const services = await this.#ports.services();
    const handle = this.#adopt(await services.openMigration(migrationId(id)));
    this.#unreadable.delete(id);
    return handle;
  }

  async start(plan: Plan): Promise<MigrationHandle> {
    const services = await this.#ports.services();
    return this.#adopt(await services.startMigration(plan));
  }

  /** Lets go of every handle, for example because settings changed and the services are made anew. */
  forget(): void {
    for (const { handle, stop } of this.#handles.values()) {
      stop();
      handle.dispose();
    }
    for (const stop of this.#leases.values()) stop();
    for (const map of [this.#handles, this.#leases, this.#states, this.#last, this.#unreadable]) map.clear();
    this.#loaded = false;
  }

  dispose(): void {
    this.#redraw.dispose();
    this.#changed.clear();
    this.#phases.clear();
    this.forget();
  }

  async #load(): Promise<void> {
    try {
      if (!(await this.#ports.mayHaveAny())) {
        this.#loaded = true;
        this.#redraw.request();
        return;
      }
      const services = await this.#ports.services();
      const unreadable = new Map<string, Failure>();
      for (const handle of await services.listMigrations((id, failure) => unreadable.set(id, failure))) {
        this.#adopt(handle);
      }
      this.#unreadable.clear();
      for (const [id, failure] of unreadable) this.#unreadable.set(id, failure);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = toFailure(error);
    }
    this.#loaded = true;
    this.#redraw.request();
  }

  #adopt(handle: MigrationHandle): MigrationHandle {
    const known = this.#handles.get(handle.id);
    if (known !== undefined) {
      if (known.handle !== handle) handle.dispose();
      return known.handle;
    }
    const stop = handle.onChange(() => this.#noticed(handle));
    this.#handles.set(handle.id, { handle, stop });
    this.#noticed(handle);
    return handle;
  }

  #noticed(handle: MigrationHandle): void {
    this.#states.delete(handle.id);
    const state = this.#stateOf(handle);
    this.#watchLease(handle, state);
    const { phase } = state.overview;
    const before = this.#last.get(handle.id);
    // Who drove is forgotten only with the next phase: a driver lets go just before or after its last event.
    const kept = state.driven === 'none' && before?.here === true && before.phase === phase;
    const here = state.driven === 'here' || kept;
    const wasDrivenHere = here || before?.here === true;
    this.#last.set(handle.id, { phase, here });
    if (before?.phase !== phase) this.#phases.fire({ state, before: before?.phase, wasDrivenHere });
    this.#redraw.request();
  }

  /** A state is computed at most once between two redraws, however many views show it. */
  #stateOf(handle: MigrationHandle): MigrationState {
    const now = this.#ports.clock.now();
    const known = this.#states.get(handle.id);
    if (known !== undefined && now - known.at < redrawMs) return known.state;
    const state = stateOf(handle, now);
    this.#states.set(handle.id, { state, at: now });
    return state;
  }

  /** Nobody tells when a lease of another driver runs out: it is looked at when it should have. */
  #watchLease(handle: MigrationHandle, { driven }: MigrationState): void {
    this.#leases.get(handle.id)?.();
    this.#leases.delete(handle.id);
    const expiresAt = handle.driver()?.expiresAt;
    if (driven !== 'other' || expiresAt === undefined) return;
    const wait = Math.max(0, expiresAt - this.#ports.clock.now()) + redrawMs;
    this.#leases.set(
      handle.id,
      this.#ports.timers.after(wait, () => this.#noticed(handle)),
    );
  }
}
