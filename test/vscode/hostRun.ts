import type { ReportServer } from './reportServer.ts';

/** One run of tests inside an extension host. */
export interface HostRun {
  /** Folder of the extension that signs in to the sandbox. */
  readonly account: string;
  /** Module that exports `run(): Promise<void>`. */
  readonly tests: string;
  /** User settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Seen by the extension host. */
  readonly env: Readonly<Record<string, string>>;
  /** Hears from inside. */
  readonly report: ReportServer;
}
