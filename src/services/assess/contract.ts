import type { DiscoveredService } from '../../azure/discovered.ts';
import type { Finding } from '../../assess/finding.ts';
import type { Instant } from '../../engine/ports.ts';

export interface AssessmentInput {
  /** As discovery found it, or by its resource id or its address. */
  readonly source: DiscoveredService | string;
  /** Absent: the source alone. */
  readonly target?: DiscoveredService | string | undefined;
  /** Local NDJSON files of an export, in which hazards are looked for. */
  readonly sampleFiles?: readonly string[];
  /** Days whose changes are exported on trial, and looked into instead of local files. Absent: nothing is exported. */
  readonly trialDays?: number | undefined;
}

/** What an assessment found, with what a next one needs to tell what changed. */
export interface Assessment {
  readonly takenAt: Instant;
  readonly source: { readonly name: string; readonly endpoint: string };
  readonly target: { readonly name: string; readonly endpoint: string } | undefined;
  /** Current resources by type, where the source can be counted. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  /** Size of the source's database, where Azure Monitor knows it. */
  readonly dataBytes: number | undefined;
  /** Gravest first. */
  readonly findings: readonly Finding[];
}
