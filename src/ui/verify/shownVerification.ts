import type { MigrationId } from '../../engine/ids.ts';
import type { PlanService } from '../../engine/plan.ts';
import type { FoundDifference, Verification, VerificationRequest } from '../../services/verify/verification.ts';
import type { Difference } from '../../verify/differences.ts';
import { Listeners } from '../platform/listeners.ts';

/** A verification and what was done about its differences since. */
export interface ShownVerification {
  readonly request: VerificationRequest;
  readonly result: Verification;
}

export interface VerifiedPair {
  readonly source: PlanService;
  readonly target: PlanService;
  readonly migration?: MigrationId;
}

/** What the Differences view shows. It holds ids of resources in memory, as long as the window is open. */
export class ShownDifferences {
  readonly #changed = new Listeners();
  #shown: ShownVerification | undefined;

  get shown(): ShownVerification | undefined {
    return this.#shown;
  }

  get pair(): VerifiedPair | undefined {
    if (this.#shown === undefined) return undefined;
    const { source, target, migration } = this.#shown.request;
    return { source, target, ...(migration === undefined ? {} : { migration }) };
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  show(request: VerificationRequest, result: Verification): void {
    // Verifying again begins anew.
    const again = { ...request };
    delete (again as { resume?: unknown }).resume;
    this.#set({ request: again, result });
  }

  /** Replaces what is known of some differences; those without a successor are gone. */
  replace(treated: readonly Difference[], successors: readonly FoundDifference[]): void {
    if (this.#shown === undefined) return;
    const gone = new Set(treated.map(keyOf));
    const differences = [...this.#shown.result.differences.filter((one) => !gone.has(keyOf(one))), ...successors];
    this.#set({ ...this.#shown, result: { ...this.#shown.result, differences } });
  }

  close(): void {
    this.#set(undefined);
  }

  #set(shown: ShownVerification | undefined): void {
    this.#shown = shown;
    this.#changed.fire();
  }
}

const keyOf = ({ type, id }: Difference): string => `${type}/${id}`;
