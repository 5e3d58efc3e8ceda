import type { Failure } from '../../failure/failure.ts';
import type { Instant } from '../ports.ts';

/**
 * What was seen of a source whose writers were stopped. `frozen`: nothing changed since the last window was taken;
 * `written`: something did; `unproven`: the source could not be asked and not be exported once more.
 */
export type FreezeOutcome = 'frozen' | 'written' | 'unproven';

/** How it is known. `export`: one more export of a source without searches; `retired`: nobody can write to it. */
export type FreezeProofBy = 'search' | 'export' | 'retired' | 'none';

/** The proof that a source was frozen, as a fact. */
export interface FreezeProof {
  readonly round: number;
  readonly outcome: FreezeOutcome;
  readonly by: FreezeProofBy;
  /** The source's newest `meta.lastUpdated` after the last window was imported; absent when unknown or empty. */
  readonly newestAfter?: Instant | undefined;
  /** Versions that came since the last window was opened. */
  readonly changes?: number | undefined;
  readonly failure?: Failure | undefined;
}

/** A last window that somebody asked for, having stopped the writers of the source. */
export interface Finish {
  readonly requestedAt: Instant;
  /** When the writers were stopped, as told by whoever asked. */
  readonly frozenAt: Instant;
  /** Round of the last window; undefined until it is opened. */
  readonly round: number | undefined;
  /** The source's newest `meta.lastUpdated` before the last window was taken; undefined when unknown or empty. */
  readonly newestBefore: Instant | undefined;
  /** Every line was accounted for. */
  readonly drainedAt: Instant | undefined;
  readonly checkedAt: Instant | undefined;
  readonly proof: FreezeProof | undefined;
}

/** A last window is asked for and its proof is still to come. */
export function isFinishing(finish: Finish | undefined): finish is Finish {
  return finish !== undefined && finish.proof === undefined;
}

/** The last window is on the target, and nothing is known to speak against it. */
export function isFinished(finish: Finish | undefined): boolean {
  return finish?.proof !== undefined && finish.proof.outcome !== 'written';
}

/** From the stop of the writers to the proof, milliseconds; undefined while it is not there. */
export function freezeToDone(finish: Finish): number | undefined {
  if (!isFinished(finish) || finish.checkedAt === undefined) return undefined;
  return Math.max(0, finish.checkedAt - finish.frozenAt);
}
