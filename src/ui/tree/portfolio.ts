import type { Log } from '../../engine/ports.ts';
import { toFailure } from '../../failure/failure.ts';
import type { Services } from '../../services/contract.ts';
import type { ServiceFacts } from '../../services/portfolio/contract.ts';
import { Listeners } from '../platform/listeners.ts';
import type { ServiceCatalog } from './serviceCatalog.ts';

/** What the portfolio needs of the outside. */
export interface PortfolioPorts {
  services(): Promise<Services>;
  readonly catalog: ServiceCatalog;
  readonly log: Log;
}

/** Sizes and retirement of the services in the catalog: asked when a load of the catalog has ended, kept until the next. */
export class Portfolio {
  readonly #ports: PortfolioPorts;
  readonly #facts = new Map<string, ServiceFacts>();
  readonly #changed = new Listeners();
  readonly #stop: () => void;
  readonly #closing = new AbortController();
  #asked = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(ports: PortfolioPorts) {
    this.#ports = ports;
    let before = ports.catalog.current.state;
    this.#stop = ports.catalog.onChange(() => {
      const { state } = ports.catalog.current;
      // Another load looks at everything anew, and so does this; what was known stays until it is replaced.
      if (state === 'loading' && before !== 'loading') this.#asked = new Set();
      before = state;
      if (state === 'loaded') void this.load();
    });
  }

  /** By the id of a service. */
  get facts(): ReadonlyMap<string, ServiceFacts> {
    return this.#facts;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Asks what was not asked yet, and waits for all of it. Never throws: what is not known is left out. */
  load(): Promise<void> {
    const missing = this.#ports.catalog.services.filter(({ id, resourceId }) => {
      return resourceId !== undefined && !this.#asked.has(id);
    });
    if (missing.length === 0) return this.#running;
    for (const { id } of missing) this.#asked.add(id);
    const ask = async (): Promise<void> => {
      const services = await this.#ports.services();
      await services.serviceFacts(missing, this.#closing.signal, (facts) => {
        this.#facts.set(facts.id, facts);
        this.#changed.fire();
      });
    };
    const asking = ask().catch((error: unknown) => {
      this.#ports.log.debug('Sizes of services are not known', { kind: toFailure(error).kind });
    });
    this.#running = Promise.all([this.#running, asking]).then(() => undefined);
    return this.#running;
  }

  dispose(): void {
    this.#closing.abort();
    this.#stop();
    this.#changed.clear();
  }
}
