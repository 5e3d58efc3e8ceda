import type { RunTotals } from './reportServer.ts';

/** One run of tests inside an extension host. */
export interface HostRun {
  /** Folder of the extension under development. */
  readonly extension: string;
  /** Module that exports `run(): Promise<void>`. */
  readonly tests: string;
  /** Seen by the extension host. */
  readonly env: Readonly<Record<string, string>>;
  /** What the run tells from inside. */
  readonly totals: Promise<RunTotals>;
}
