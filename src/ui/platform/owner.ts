export interface Disposable {
  dispose(): unknown;
}

/** Holds what must be disposed together. What is given to an owner that is already disposed is disposed at once. */
export class Owner implements Disposable {
  readonly #owned = new Set<Disposable>();
  #disposed = false;

  add<T extends Disposable>(owned: T): T {
    if (this.#disposed) owned.dispose();
    else this.#owned.add(owned);
    return owned;
  }

  /** Owns a function that ends something. */
  onDispose(end: () => unknown): void {
    this.add({ dispose: end });
  }

  dispose(): void {
    this.#disposed = true;
    const owned = [...this.#owned].reverse();
    this.#owned.clear();
    for (const disposable of owned) disposable.dispose();
  }
}
