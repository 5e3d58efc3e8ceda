import type { Services } from '../../services/contract.ts';

/** The services, made when they are first asked for and made anew after their settings changed. */
export class ServicesHolder {
  readonly #load: () => Promise<Services>;
  #services: Promise<Services> | undefined;

  constructor(load: () => Promise<Services>) {
    this.#load = load;
  }

  /** True once something asked for them. */
  get loaded(): boolean {
    return this.#services !== undefined;
  }

  get(): Promise<Services> {
    this.#services ??= this.#load().catch((error: unknown) => {
      // The next call tries again: a secret may have been entered meanwhile.
      this.#services = undefined;
      throw error;
    });
    return this.#services;
  }

  /** Ends what runs in this window, so that it can go on elsewhere or later; nothing on the servers is touched. */
  async reset(): Promise<void> {
    const services = this.#services;
    this.#services = undefined;
    if (services === undefined) return;
    await services.then(
      (loaded) => loaded.dispose(),
      () => undefined,
    );
  }
}
