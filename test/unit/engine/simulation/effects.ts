import { FailureError, type Failure } from '../../../../src/failure/failure.ts';

/** Something done to the outside, before or after which things can go wrong. */
export interface Effect {
  readonly name: string;
  /** Counted over the whole simulation, from 1. */
  readonly number: number;
}

/**
 * `killBefore`, `killAfter`: the process dies before it asks, or after the outside has acted and before it hears of it;
 * `lostReply`: the outside has acted, the answer never comes; `refuse`: the outside does nothing and says why.
 */
export type Trouble =
  | { readonly kind: 'killBefore' }
  | { readonly kind: 'killAfter' }
  | { readonly kind: 'lostReply'; readonly failure?: Failure }
  | { readonly kind: 'refuse'; readonly failure: Failure };

export type Troublemaker = (effect: Effect) => Trouble | undefined;

const never = new Promise<never>(() => undefined);

/** One process: what it asks goes through here, and nothing reaches it after its death. */
export class Process {
  #isAlive = true;
  readonly #counter: { count: number };
  readonly #trouble: Troublemaker;
  readonly #died: () => void;

  constructor(counter: { count: number }, trouble: Troublemaker, died: () => void) {
    this.#counter = counter;
    this.#trouble = trouble;
    this.#died = died;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#died();
  }

  async do<T>(name: string, act: () => T | Promise<T>): Promise<T> {
    if (!this.#isAlive) return never;
    this.#counter.count += 1;
    const trouble = this.#trouble({ name, number: this.#counter.count });
    if (trouble?.kind === 'killBefore') {
      this.kill();
      return never;
    }
    if (trouble?.kind === 'refuse') {
      await turn();
      throw new FailureError(trouble.failure);
    }
    await turn();
    const result = await act();
    if (trouble?.kind === 'lostReply') {
      throw new FailureError(trouble.failure ?? { kind: 'network', message: `The answer to ${name} was lost.` });
    }
    if (trouble?.kind === 'killAfter') this.kill();
    return this.isAlive ? result : never;
  }
}

/** Lets others run in between, as a real request does. */
function turn(): Promise<void> {
  return Promise.resolve();
}
