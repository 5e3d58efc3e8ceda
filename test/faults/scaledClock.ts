import type { Clock, Instant } from '../../src/engine/ports.ts';
import type { SimulatedClock } from '../unit/engine/simulation/virtualClock.ts';
import { start } from '../unit/engine/simulation/world.ts';

/** Simulated time that runs many times faster than the clock on the wall, alike in several processes. */
export class ScaledClock implements Clock, SimulatedClock {
  readonly #startedAt: number;
  readonly #scale: number;

  /** @param startedAt when simulated time began, by the clock on the wall */
  constructor(startedAt: number, scale: number) {
    this.#startedAt = startedAt;
    this.#scale = scale;
  }

  now(): Instant {
    return start + (Date.now() - this.#startedAt) * this.#scale;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(done, ms / this.#scale);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return promise;
  }

  hold<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  /** Does something at an instant; returns the way to forget it. */
  at(instant: Instant, act: () => void): () => void {
    const timer = setTimeout(act, Math.max(0, instant - this.now()) / this.#scale);
    return () => clearTimeout(timer);
  }
}
