/** Who wants to know of a change. A listener that throws does not keep the others from hearing. */
export class Listeners<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns what stops the listening. */
  add(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
