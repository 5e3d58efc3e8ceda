import type { CleanupRecord, CutoverOverview } from '../engine/cutover.ts';
import type { MigrationPhase, TypeTotals } from '../engine/overview.ts';
import type { Instant } from '../engine/ports.ts';
import type { VerificationRecord, WindowVerification } from '../engine/verified.ts';
import type { ServiceKind } from '../fhir/serviceKind.ts';

/*
 * The report of a migration as plain data: what its JSON form holds, and what the other forms are made of. Everything in
 * it comes from the journal and from what was remembered of changes at Azure; none of that holds content of resources.
 */

export interface ReportService {
  readonly name: string;
  readonly kind: ServiceKind;
  readonly endpoint: string;
}

/** Something that happened, in one sentence. */
export interface ReportMoment {
  readonly at: Instant;
  readonly what: string;
}

/** A change at Azure that was made for the migration, one line for each value. */
export interface ReportChange {
  readonly at: Instant;
  readonly title: string;
  readonly lines: readonly string[];
  /** `unknown`: it was started, and its end was not seen. */
  readonly state: 'done' | 'unknown' | 'failed' | 'putBack';
}

/** The journal that the report was made from. */
export interface ReportJournal {
  /** Records ever written. */
  readonly records: number;
  /** Version of the events that this program writes. */
  readonly format: number;
  /** SHA-256 of the plan that the migration goes by, as JSON. */
  readonly planSha256: string;
  /** Numbers of the first and the last record that are still kept one by one; undefined: none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** SHA-256 over the kept records, each followed by a line feed; undefined where they could not be read. */
  readonly sha256: string | undefined;
}

export interface ReportTotals extends TypeTotals {
  readonly type: string;
}

export interface ReportWindows {
  readonly all: number;
  readonly done: number;
  readonly open: number;
  readonly needAttention: number;
  readonly verified: Readonly<Record<WindowVerification['outcome'], number>>;
}

export interface Report {
  readonly report: 'fhir-migration';
  readonly v: 1;
  /** When it was made. */
  readonly takenAt: Instant;
  /** Program that made it, with its version. */
  readonly product: string;
  readonly id: string;
  readonly name: string;
  readonly phase: MigrationPhase;
  readonly source: ReportService;
  readonly target: ReportService;
  readonly staging: { readonly account: string; readonly container: string; readonly folders: number };
  /** Names and values, as people read them. */
  readonly scope: readonly (readonly [name: string, value: string])[];
  readonly createdAt: Instant;
  readonly startedAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly watermark: Instant | undefined;
  readonly lagMs: number | undefined;
  readonly freezeToDoneMs: number | undefined;
  readonly timeline: readonly ReportMoment[];
  readonly totals: readonly ReportTotals[];
  readonly windows: ReportWindows;
  /** Imported resources over time, oldest first. */
  readonly throughput: readonly { readonly at: Instant; readonly imported: number }[];
  readonly verification: {
    readonly by: 'ledger' | 'counts';
    readonly until: Instant | undefined;
    readonly runs: readonly VerificationRecord[];
  };
  readonly decisions: readonly {
    readonly at: Instant;
    readonly treatment: string;
    readonly classes: Readonly<Record<string, number>>;
    readonly because: string | undefined;
  }[];
  /** Undefined where what was changed could not be read. */
  readonly changes: readonly ReportChange[] | undefined;
  readonly cutover: CutoverOverview | undefined;
  readonly cleanups: readonly (CleanupRecord & { readonly at: Instant })[];
  readonly attention: readonly { readonly message: string; readonly nextStep: string | undefined }[];
  readonly notes: readonly string[];
  readonly journal: ReportJournal;
}
