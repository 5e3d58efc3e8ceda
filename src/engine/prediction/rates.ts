import { type Estimate, scaled } from './estimate.ts';

/** How fast one kind of server job is: a time that every job costs, and resources per second beyond it. */
export interface StageRate {
  /** Pick-up and settling of one job, milliseconds. */
  readonly fixedMs: Estimate;
  /** All jobs together: running more at once does not raise it (Microsoft Learn, healthcare-apis: import-data). */
  readonly perSecond: Estimate;
}

/** What a prediction computes with. */
export interface Rates {
  readonly export: StageRate;
  readonly import: StageRate;
  /** Bytes of a staged line. */
  readonly bytesPerResource: Estimate;
  /** Whether the export rate is that of parallel exports. */
  readonly parallel: boolean;
  /** Where the figures come from, one sentence each. */
  readonly basis: readonly string[];
}

/** Jobs are picked up within 60 s and reported done 15 s after their last worker (fhir-server: ExportJobConfiguration). */
const exportFixedMs: Estimate = { least: 15_000, likely: 45_000, most: 90_000 };
/** Jobs are picked up within 60 s (fhir-server: ImportJobConfiguration). */
const importFixedMs: Estimate = { least: 5_000, likely: 30_000, most: 75_000 };

/** Typical times that a job costs however little it moves; what a measurement falls back to. */
export const usualFixedMs = { export: exportFixedMs, import: importFixedMs } as const;

/**
 * Rates before anything was measured. Microsoft publishes none; public measurements of FHIR servers lie between 300 and
 * 22,000 resources per second, those of $import-like loads of Microsoft's own server at the lower end. Lines of a
 * Synthea export have 2 KB on average.
 */
export const defaultRates: Rates = {
  export: { fixedMs: exportFixedMs, perSecond: { least: 500, likely: 2_000, most: 10_000 } },
  import: { fixedMs: importFixedMs, perSecond: { least: 300, likely: 1_000, most: 5_000 } },
  bytesPerResource: { least: 700, likely: 2_000, most: 4_000 },
  parallel: true,
  basis: [
    'Nothing was measured yet: exports of 500 to 10,000 and imports of 300 to 5,000 resources per second are assumed, from public measurements of FHIR servers. Rehearse the plan for rates of these services.',
  ],
};

/** Four workers share a parallel export, one writes any other (fhir-server: SqlExportOrchestratorJob). */
const workers: Estimate = { least: 8, likely: 4, most: 1 };

/** The same rates for exports that are parallel, or that are not, where only the other was seen. */
export function forParallel(rates: Rates, parallel: boolean): Rates {
  if (rates.parallel === parallel) return rates;
  const { perSecond } = rates.export;
  const slower = {
    least: perSecond.least / workers.least,
    likely: perSecond.likely / workers.likely,
    most: perSecond.most / workers.most,
  };
  const faster = { ...scaled(perSecond, workers.likely), least: perSecond.least };
  return { ...rates, parallel, export: { ...rates.export, perSecond: parallel ? faster : slower } };
}
