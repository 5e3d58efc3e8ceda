import type { Instant } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';

/** How many imports the target takes at once just now: fewer after a refusal, one more after each that went through. */
export class ImportThrottle {
  #cap: number | undefined;
  #from: Instant | undefined;

  /** Undefined: as many as the plan says. */
  get cap(): number | undefined {
    return this.#cap;
  }

  /** No new import before. */
  get from(): Instant | undefined {
    return this.#from;
  }

  refused(state: MigrationState, until: Instant): void {
    const running = [...state.imports.values()].filter(({ state: step }) => step === 'running').length;
    this.#cap = Math.max(1, running);
    this.#from = until;
  }

  accepted(state: MigrationState): void {
    if (this.#cap === undefined) return;
    const raised = this.#cap + 1;
    this.#cap = raised >= state.plan.limits.importsAtOnce ? undefined : raised;
  }
}
