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
}

/** What the list needs of the outside. */
export interface MigrationListPorts {
  services(): Promise<Services>;
  readonly timers: Timers;
  readonly clock: Pick<Clock, 'now'>;
}

/** Views are redrawn at most this often. */
const redrawMs = 250;

/** The migrations whose journals this machine holds, watched live. Loads the services bundle only when asked to. */
export class MigrationList {
  readonly #ports: MigrationListPorts;
  readonly #handles = new Map<string, { readonly handle: MigrationHandle; readonly stop: () => void }>();
  readonly #changed = new Listeners();
  readonly #phases = new Listeners<PhaseChange>();
  readonly #lastPhase = new Map<string, MigrationPhase>();
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
    const now = this.#ports.clock.now();
    return [...this.#handles.values()].map(({ handle }) => stateOf(handle, now));
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
    return handle === undefined ? undefined : stateOf(handle, this.#ports.clock.now());
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
    return this.#adopt(await services.openMigration(migrationId(id)));
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
    this.#handles.clear();
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
      const services = await this.#ports.services();
      for (const handle of await services.listMigrations()) this.#adopt(handle);
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
    const state = stateOf(handle, this.#ports.clock.now());
    const before = this.#lastPhase.get(handle.id);
    this.#lastPhase.set(handle.id, state.overview.phase);
    if (before !== state.overview.phase) this.#phases.fire({ state, before });
    this.#redraw.request();
  }
}
