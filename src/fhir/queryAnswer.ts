/** A search below a service's base. */
export interface SearchQuery {
  /** For example `Patient`, `Patient/1/Observation`, or empty for a search over all types. */
  readonly path: string;
  /** Parameters in the order written, decoded. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** What a service answered to one search. */
export interface QueryAnswer {
  readonly status: number;
  /** Words of the server where it refused. */
  readonly diagnostics: readonly string[];
  /** Undefined where the service did not tell. */
  readonly total: number | undefined;
  /** First matches in the order in which they came. */
  readonly matches: readonly Json[];
  /** Resources that came along because of `_include` and the like. */
  readonly included: readonly Json[];
  /** No further matches follow those that are here. */
  readonly complete: boolean;
  /** Names of parameters that the service left out of the search. */
  readonly ignored: readonly string[];
  /** Time until the first page was there, milliseconds. */
  readonly milliseconds: number;
}

export type Json = Readonly<Record<string, unknown>>;
