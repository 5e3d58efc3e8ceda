import { setImmediate } from 'node:timers/promises';
import type { SandboxClock } from '../contract.ts';

/** Real milliseconds by which takers may catch up: timers are late by about this much, and lateness must not slow the rate. */
const lateness = 25;

/** A throughput that everybody who takes from it shares, first come, first served. */
export class SharedRate {
  readonly #clock: SandboxClock;
  readonly #perSecond: () => number | undefined;
  /** Sandbox time up to which the throughput is given away. */
  #takenUntil = -Infinity;

  /** `perSecond`: units per sandbox second as it is now; undefined is as fast as the machine. */
  constructor(clock: SandboxClock, perSecond: () => number | undefined) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Resolves when `units` more may have been done; lets others run in any case. Rejects with an AbortError. */
  async take(units: number, signal: AbortSignal): Promise<void> {
    const perSecond = this.#perSecond();
    if (perSecond === undefined) {
      await setImmediate(undefined, { signal });
      return;
    }
    const now = this.#clock.now();
    this.#takenUntil = Math.max(this.#takenUntil, now - lateness * this.#clock.factor) + (units / perSecond) * 1_000;
    await this.#clock.sleep(this.#takenUntil - now, signal);
  }
}
