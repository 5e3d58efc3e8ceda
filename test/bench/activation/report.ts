/** The environment variable that gives the extension host the address to ask for its task and to report to. */
export const activationAddressVariable = 'FHIR_MIGRATION_BENCH_ACTIVATION';

/** Answer to GET. */
export interface ActivationTask {
  /** Ids of extensions in the order in which they are activated. */
  readonly order: readonly string[];
}

/** Body of POST. */
export interface ActivationReport {
  /** Milliseconds from the call of `activate` to its end, by extension id. */
  readonly milliseconds: Readonly<Record<string, number>>;
  readonly problem?: string;
}
