import type { DiscoveredService, DiscoveryEvent, DiscoveryScope } from '../../azure/discovered.ts';
import type { Log } from '../../engine/ports.ts';
import { toFailure } from '../../failure/failure.ts';
import type { Services } from '../../services/contract.ts';
import { Listeners } from '../platform/listeners.ts';
import type { Memory } from '../platform/memory.ts';
import { emptyCatalog, learn, samePlace, type AddedServer, type Catalog, type Problem } from './catalog.ts';

/** What the catalog needs of the outside. */
export interface CatalogPorts {
  services(): Promise<Services>;
  /** False when nobody is signed in; asks nobody. */
  signedIn(): Promise<boolean>;
  readonly memory: Memory;
  readonly log: Log;
}

/**
 * The services that were found, kept up to date: results appear as they arrive, a refresh keeps what was there until it
 * is replaced, one load runs at a time and a newer one ends the older.
 */
export class ServiceCatalog {
  readonly #ports: CatalogPorts;
  readonly #changed = new Listeners();
  #catalog: Catalog = emptyCatalog;
  #loading: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(ports: CatalogPorts) {
    this.#ports = ports;
  }

  get current(): Catalog {
    return this.#catalog;
  }

  /** All services, those of Azure first. */
  get services(): readonly DiscoveredService[] {
    const added = this.#catalog.added.flatMap(({ service }) => (service === undefined ? [] : [service]));
    return [...this.#catalog.services.values(), ...added];
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Loads what was not loaded yet. */
  async load(): Promise<void> {
    if (this.#loading !== undefined) await this.#loading.done;
    else if (this.#catalog.state === 'notLoaded') await this.refresh();
  }

  /** Looks again at everything. Never throws: what fails is a problem in the catalog. */
  async refresh(): Promise<void> {
    this.#loading?.abort.abort();
    const abort = new AbortController();
    const run = { abort, done: this.#run(abort.signal) };
    this.#loading = run;
    await run.done;
    if (this.#loading === run) this.#loading = undefined;
  }

  /** Looks again at the one place where something failed. */
  async retry(problem: Problem): Promise<void> {
    const { tenantId, subscriptionId, serviceId } = problem;
    if (tenantId === undefined && subscriptionId === undefined && serviceId === undefined) return this.refresh();
    const { signal } = new AbortController();
    try {
      const services = await this.#ports.services();
      const forget = (): void => {
        this.#set({ ...this.#catalog, problems: this.#catalog.problems.filter((other) => !samePlace(other, problem)) });
      };
      if (serviceId !== undefined) {
        const service = await services.service(serviceId, tenantId, signal);
        forget();
        this.#learn({ type: 'services', services: [service] });
        return;
      }
      const scope: DiscoveryScope = {
        ...(tenantId === undefined ? {} : { tenantIds: [tenantId] }),
        ...(subscriptionId === undefined ? {} : { subscriptionIds: [subscriptionId] }),
      };
      forget();
      for await (const event of services.discover(scope, signal)) if (event.type !== 'done') this.#learn(event);
    } catch (error) {
      this.#learn({ type: 'problem', ...problem, failure: toFailure(error) });
    }
  }

  /** Keeps a server that answered, and shows it. */
  async add(service: DiscoveredService): Promise<void> {
    const { memory } = this.#ports;
    await memory.setAddedServers([...new Set([...memory.addedServers, service.endpoint])]);
    this.#setAdded({ endpoint: service.endpoint, service, failure: undefined });
  }

  async remove(endpoint: string): Promise<void> {
    const { memory } = this.#ports;
    await memory.setAddedServers(memory.addedServers.filter((other) => other !== endpoint));
    this.#set({ ...this.#catalog, added: this.#catalog.added.filter((server) => server.endpoint !== endpoint) });
  }

  /** Asks an added server again. */
  async retryAdded(endpoint: string): Promise<void> {
    await this.#askAdded(endpoint, new AbortController().signal);
  }

  dispose(): void {
    this.#loading?.abort.abort();
    this.#changed.clear();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { memory } = this.#ports;
    const { scope } = memory;
    const before = this.#catalog;
    const filtered = scope.tenantIds !== undefined || scope.subscriptionIds !== undefined;
    const added = memory.addedServers.map(
      (endpoint) =>
        before.added.find((server) => server.endpoint === endpoint) ??
        ({ endpoint, service: undefined, failure: undefined } satisfies AddedServer),
    );
    this.#set({ ...before, added, state: before.state === 'loaded' ? 'loading' : 'signingIn' });
    await Promise.all([
      this.#runAzure(scope, filtered, before, signal),
      ...added.map(({ endpoint }) => this.#askAdded(endpoint, signal)),
    ]);
  }

  async #runAzure(
    scope: {
      readonly tenantIds: readonly string[] | undefined;
      readonly subscriptionIds: readonly string[] | undefined;
    },
    filtered: boolean,
    before: Catalog,
    signal: AbortSignal,
  ): Promise<void> {
    let next: Catalog = { ...emptyCatalog, filtered, state: 'loading' };
    const show = (): void => {
      if (signal.aborted) return;
      const kept = next.state === 'loading' ? before : emptyCatalog;
      this.#set({
        ...next,
        tenants: next.tenants.length > 0 ? next.tenants : kept.tenants,
        subscriptions: [
          ...kept.subscriptions.filter((old) => !next.subscriptions.some(same(old))),
          ...next.subscriptions,
        ],
        services: new Map([...kept.services, ...next.services]),
        added: this.#catalog.added,
      });
    };
    try {
      if (!(await this.#ports.signedIn())) {
        next = { ...next, state: 'signedOut' };
        show();
        return;
      }
      show();
      const services = await this.#ports.services();
      const request: DiscoveryScope = {
        ...(scope.tenantIds === undefined ? {} : { tenantIds: scope.tenantIds }),
        ...(scope.subscriptionIds === undefined ? {} : { subscriptionIds: scope.subscriptionIds }),
      };
      for await (const event of services.discover(request, signal)) {
        next = learn(next, event);
        show();
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = toFailure(error);
      this.#ports.log.warn('Services could not be listed', { kind: failure.kind, message: failure.message });
      next = learn(next, { type: 'problem', failure });
    }
    next = { ...next, state: next.problems.some(isSignedOut) ? 'signedOut' : 'loaded' };
    show();
  }

  async #askAdded(endpoint: string, signal: AbortSignal): Promise<void> {
    let server: AddedServer;
    try {
      const services = await this.#ports.services();
      server = { endpoint, service: await services.serviceByUrl(endpoint, signal), failure: undefined };
    } catch (error) {
      server = { endpoint, service: undefined, failure: toFailure(error) };
    }
    const wanted = this.#ports.memory.addedServers.includes(endpoint);
    if (wanted && !signal.aborted) this.#setAdded(server);
  }

  #setAdded(server: AddedServer): void {
    const { added } = this.#catalog;
    const known = added.some(({ endpoint }) => endpoint === server.endpoint);
    this.#set({
      ...this.#catalog,
      added: known ? added.map((old) => (old.endpoint === server.endpoint ? server : old)) : [...added, server],
    });
  }

  #learn(event: DiscoveryEvent): void {
    this.#set(learn(this.#catalog, event));
  }

  #set(catalog: Catalog): void {
    this.#catalog = catalog;
    this.#changed.fire();
  }
}

const same =
  (a: { readonly tenantId: string; readonly subscriptionId: string }) =>
  (b: { readonly tenantId: string; readonly subscriptionId: string }): boolean =>
    a.tenantId === b.tenantId && a.subscriptionId === b.subscriptionId;

/** Nobody is signed in at all: not a matter of one tenant. */
const isSignedOut = ({ failure, tenantId }: Problem): boolean =>
  failure.kind === 'notSignedIn' && tenantId === undefined;
