import type { Failure } from '../../failure/failure.ts';
import type { Action } from './actions.ts';
import type { OperationId } from '../ids.ts';
import type { Instant } from '../ports.ts';
import type { Budget } from '../state/state.ts';

/** What was seen of a running operation since this process drives. */
export interface Poll {
  readonly lastAt: Instant;
  readonly nextAt: Instant;
  /** When it was last seen to run. */
  readonly runningAt: Instant | undefined;
  /** Resources that a running import has loaded so far, as its partial result says. */
  readonly resources: number | undefined;
  /** Set while the service does not answer. */
  readonly failure: Failure | undefined;
  readonly budget: Budget;
}

/** An action that failed for a passing reason and is due again. */
export interface Delay {
  readonly nextAt: Instant;
  readonly failure: Failure;
  readonly budget: Budget;
}

/**
 * What the driving process knows beside the journal. It is never stored: after a restart everything is looked at
 * again at once.
 */
export interface Observations {
  /** Actions that are running, by key. */
  readonly running: ReadonlyMap<string, Action>;
  readonly polls: ReadonlyMap<OperationId, Poll>;
  /** By key of the action. */
  readonly delays: ReadonlyMap<string, Delay>;
  /** Imports allowed at once just now; lowered when the target throttles. */
  readonly importCap: number | undefined;
  /** The target throttled a start: no new import before. */
  readonly importsFrom: Instant | undefined;
  /** Why this process cannot go on, when not even that could be journalled. */
  readonly stopped: Failure | undefined;
}

export const noObservations: Observations = {
  running: new Map(),
  polls: new Map(),
  delays: new Map(),
  importCap: undefined,
  importsFrom: undefined,
  stopped: undefined,
};
