/*
 * What a test run inside an extension host tells the process that started it: one JSON object a line, over a socket on
 * loopback, because neither a browser's console nor an exit code carries it.
 */

/** The environment variable that names the socket's port. */
export const reportPortVariable = 'FHIR_MIGRATION_TEST_REPORT_PORT';

/** The environment variable with a regular expression: only tests whose names match are run. */
export const grepVariable = 'FHIR_MIGRATION_TEST_GREP';

export type ReportLine =
  | { readonly kind: 'suite'; readonly depth: number; readonly title: string }
  | { readonly kind: 'pass'; readonly depth: number; readonly title: string; readonly ms: number }
  | {
      readonly kind: 'fail';
      readonly depth: number;
      readonly title: string;
      readonly fullTitle: string;
      readonly message: string;
    }
  /** The last line: the run came to its end. */
  | { readonly kind: 'end'; readonly passed: number; readonly failed: number };
