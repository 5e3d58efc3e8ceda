import type { Plan } from '../plan.ts';
import type { Instant } from '../ports.ts';
import type { Estimate } from './estimate.ts';
import type { Rates } from './rates.ts';

export type Pattern = 'liftAndShift' | 'incremental';

/** What is known of a plan's data before it moves. Counts are of what the plan's scope takes. */
export interface PredictionInput {
  readonly plan: Plan;
  /** When the migration would start: a calendar counts from there. */
  readonly now: Instant;
  /** Current resources; undefined where the source cannot be counted. */
  readonly current: Estimate | undefined;
  /** Versions, with tombstones. */
  readonly versions: Estimate | undefined;
  /** Size of each window as the plan will cut them; undefined where it is not known. */
  readonly windows: readonly number[] | undefined;
  /** Changes per hour on the source now. */
  readonly changesPerHour: number | undefined;
  /** Provisioned request units per second of an Azure API for FHIR. */
  readonly throughput: number | undefined;
  readonly rates: Rates;
  readonly leftOut: readonly LeftOut[];
  /** Where counts and sizes come from, and what is not known; one sentence each. */
  readonly basis: readonly string[];
}

/** Something that stays behind. */
export interface LeftOut {
  readonly what: string;
  /** Undefined: it cannot be counted. */
  readonly resources: number | undefined;
}

/** What one way of migrating costs. Undefined parts are not known; `Prediction.basis` says why. */
export interface Variant {
  readonly pattern: Pattern;
  readonly history: boolean;
  readonly parallel: boolean;
  /** The plan says so: history and parallel exports. */
  readonly planned: boolean;
  readonly windows: Estimate | undefined;
  /** From the start until the target has everything (lift and shift) or follows the source (incremental), milliseconds. */
  readonly durationMs: Estimate | undefined;
  /** How long nobody may write to the source, milliseconds. */
  readonly freezeMs: Estimate | undefined;
  readonly stagingBytes: Estimate | undefined;
  /** Lines that the target imports; incremental imports are billed. */
  readonly imported: Estimate | undefined;
  /** Request units that the exports consume on an Azure API for FHIR. */
  readonly requestUnits: Estimate | undefined;
  /** Hours of 100 provisioned request units per second while the migration runs: what Azure bills for the source. */
  readonly throughputHours: Estimate | undefined;
  readonly cost: Cost | undefined;
}

/** Money, only from prices that the user entered. */
export interface Cost {
  readonly currency: string;
  readonly total: Estimate;
  readonly items: readonly { readonly what: 'throughput' | 'import' | 'staging'; readonly amount: Estimate }[];
}

export interface Prediction {
  readonly variants: readonly Variant[];
  readonly leftOut: readonly LeftOut[];
  readonly basis: readonly string[];
}
