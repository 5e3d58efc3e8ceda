import type { SandboxClock } from './contract.ts';

interface Sleeper {
  /** Sandbox time at which it wakes. */
  readonly due: number;
  readonly wake: () => void;
  readonly fail: (reason: Error) => void;
}

/** The longest delay that a Node.js timer takes; longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * The sandbox's time: it starts at `startAt`, runs `factor` times as fast as real time and jumps on `advance`. One real
 * timer serves all sleepers, and none is left after `dispose`.
 */
export class ScaledClock implements SandboxClock {
  readonly factor: number;
  #base: number;
  readonly #realStart = performance.now();
  readonly #sleepers = new Set<Sleeper>();
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** `factor`: sandbox seconds per real second, at least 0 (0 stands still but for `advance`). `startAt`: milliseconds since 1970 UTC. */
  constructor(options: { readonly factor?: number; readonly startAt?: number } = {}) {
    this.factor = options.factor ?? 1;
    if (!(this.factor >= 0)) throw new RangeError(`A clock cannot run at the factor ${this.factor}.`);
    this.#base = options.startAt ?? Date.now();
  }

  /** Milliseconds since 1970 UTC, a whole number. */
  now(): number {
    return Math.floor(this.#exact());
  }

  /** Resolves once `ms` of sandbox time have passed; rejects with an AbortError when aborted or when the clock is disposed. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.#disposed || signal?.aborted === true) return Promise.reject(stopped());
    if (!(ms > 0)) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const release = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        sleeper.fail(stopped());
        this.#arm();
      };
      const sleeper: Sleeper = {
        due: this.#exact() + ms,
        wake: () => {
          release();
          resolve();
        },
        fail: (reason) => {
          release();
          reject(reason);
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
      this.#arm();
    });
  }

  /** Moves the clock forward; everybody who is due by then wakes. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('A clock cannot go back.');
    this.#base += ms;
    this.#wakeDue();
  }

  /** Ends all sleep with an AbortError and stops the timer. */
  dispose(): void {
    this.#disposed = true;
    for (const sleeper of [...this.#sleepers]) sleeper.fail(stopped());
    this.#arm();
  }

  #exact(): number {
    return this.#base + (performance.now() - this.#realStart) * this.factor;
  }

  #wakeDue(): void {
    const now = this.#exact();
    const due = [...this.#sleepers].filter((sleeper) => sleeper.due <= now).sort((a, b) => a.due - b.due);
    for (const sleeper of due) sleeper.wake();
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sleepers.size === 0 || this.factor === 0) return;
    let next = Infinity;
    for (const sleeper of this.#sleepers) next = Math.min(next, sleeper.due);
    const realMs = Math.ceil((next - this.#exact()) / this.factor);
    this.#timer = setTimeout(() => this.#wakeDue(), Math.min(Math.max(realMs, 0), longestTimerMs));
  }
}

function stopped(): Error {
  return new DOMException('The sleep was ended early.', 'AbortError');
}
