/** Timers as the editor's process has them; tests pass their own. */
export interface Timers {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

export const processTimers: Timers = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Runs an action at once when it is asked for, and then at most once in `intervalMs`, however often it is asked for;
 * the last request is never lost.
 */
export class Throttle {
  readonly #intervalMs: number;
  readonly #run: () => void;
  readonly #timers: Timers;
  #lastRun = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(intervalMs: number, run: () => void, timers: Timers = processTimers) {
    this.#intervalMs = intervalMs;
    this.#run = run;
    this.#timers = timers;
  }

  request(): void {
    if (this.#cancel !== undefined) return;
    const wait = this.#lastRun + this.#intervalMs - this.#timers.now();
    if (wait <= 0) this.#fire();
    else this.#cancel = this.#timers.after(wait, () => this.#fire());
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#lastRun = this.#timers.now();
    this.#run();
  }
}
