import type { Clock, Instant } from '../../../../src/engine/ports.ts';

interface Sleeper {
  readonly at: Instant;
  readonly order: number;
  readonly wake: () => void;
}

/** What simulated services and processes need of a clock. */
export type SimulatedClock = Pick<VirtualClock, 'now' | 'sleep' | 'at' | 'run' | 'hold'>;

/** Time that passes only when nobody has anything left to do. */
export class VirtualClock implements Clock {
  #now: Instant;
  #order = 0;
  #holding = 0;
  #released: Promise<unknown> = Promise.resolve();
  readonly #sleepers = new Map<number, Sleeper>();

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const cancel = this.at(this.#now + Math.max(0, ms), () => {
        signal.removeEventListener('abort', abort);
        resolve();
      });
      const abort = (): void => {
        cancel();
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Does something at an instant; returns the way to forget it. */
  at(instant: Instant, act: () => void): () => void {
    const order = (this.#order += 1);
    this.#sleepers.set(order, { at: Math.max(instant, this.#now), order, wake: act });
    return () => this.#sleepers.delete(order);
  }

  /** No time passes while this is under way. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#holding += 1;
    this.#released = work.catch(() => undefined);
    try {
      return await work;
    } finally {
      this.#holding -= 1;
    }
  }

  /** Lets time pass until a promise is settled. Rejects when nothing will ever happen again. */
  async run<T>(promise: Promise<T>): Promise<T> {
    const settled = { aborted: false };
    const done = promise.finally(() => (settled.aborted = true));
    done.catch(() => undefined);
    for (;;) {
      // Everything in a simulation is a promise: one turn of the event loop lets all of them run.
      await new Promise((resolve) => setImmediate(resolve));
      if (settled.aborted) return done;
      if (this.#holding > 0) {
        await this.#released;
        continue;
      }
      const next = this.#next();
      if (next === undefined) throw new Error('Nothing is due any more, and the work is not done.');
      this.#sleepers.delete(next.order);
      this.#now = next.at;
      next.wake();
    }
  }

  #next(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers.values()) {
      if (next === undefined || sleeper.at < next.at || (sleeper.at === next.at && sleeper.order < next.order)) {
        next = sleeper;
      }
    }
    return next;
  }
}

/** Deterministic numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
