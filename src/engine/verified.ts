import type { Instant } from './ports.ts';

/*
 * What a journal keeps of verifications: numbers, never a resource id or content. A difference that was accepted is
 * known again by a digest that only this migration can make.
 */

/** What the counts of a window said after its import. */
export interface WindowVerification {
  readonly at: Instant;
  /**
   * `different`: some type is counted differently, which an update or a deletion after the export leads to as well: it is
   * looked at again after later windows; `uncounted`: a service did not tell, so that the ledger alone stands for it.
   */
  readonly outcome: 'equal' | 'different' | 'uncounted';
  /** Types that are not counted alike. */
  readonly types: readonly string[];
  /** How often it was counted. */
  readonly checks: number;
}

/** Numbers of one type in a verification. Undefined: the service did not tell. */
export interface VerifiedType {
  readonly type: string;
  readonly source?: number | undefined;
  readonly target?: number | undefined;
  readonly equal: number;
  /** Counted, but shown by no listing. */
  readonly unread: number;
  readonly recovered: number;
  readonly changedLater: number;
  readonly differs: number;
  readonly missingOnTarget: number;
  readonly extraOnTarget: number;
  readonly unreadable: number;
}

/** Summary of a verification that somebody ran. */
export interface VerificationRecord {
  readonly depth: 'ledger' | 'range' | 'content';
  readonly outcome: 'equal' | 'different' | 'incomplete';
  /** What stood for the source. */
  readonly truth: 'service' | 'stagedFiles' | 'journal';
  readonly since?: Instant | undefined;
  readonly till?: Instant | undefined;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly types: readonly VerifiedType[];
  readonly sample?:
    | { readonly compared: number; readonly of: number; readonly differing: number; readonly upperShare: number }
    | undefined;
  /** Ranges whose counts differ, or could not be had, and that were not narrowed to their resources. */
  readonly openRanges: number;
  /** More differences were found than were listed. */
  readonly truncated: boolean;
  /** Differences among those found that were accepted before. */
  readonly accepted: number;
}

/** `withdrawn`: an acceptance was taken back. */
export type Treatment = 'accepted' | 'withdrawn' | 'imported' | 'deleted';

/** What was done about differences. */
export interface DifferencesTreated {
  readonly treatment: Treatment;
  /** Resources by class of their difference. */
  readonly classes: Readonly<Record<string, number>>;
  /** Why, in the words of the user. */
  readonly because?: string | undefined;
  /** Digests of accepted differences: see `differenceKey`. */
  readonly keys?: readonly string[] | undefined;
}

/** Where the verification of a migration stands beside its copy. */
export interface VerificationProgress {
  /** Every window before this instant is accounted for and counted alike on both services. */
  readonly until: Instant | undefined;
  /** Age of what is verified, milliseconds, as the copy's lag is that of what is copied; undefined until there is some. */
  readonly lagMs: number | undefined;
  /** `ledger`: the source does not answer counts. */
  readonly by: 'ledger' | 'counts';
  readonly windowsVerified: number;
  readonly windowsDifferent: number;
  /** Verifications that somebody ran, newest last. */
  readonly runs: readonly VerificationRecord[];
  readonly treated: readonly (DifferencesTreated & { readonly at: Instant })[];
  /** Reasons of accepted differences by digest. */
  readonly accepted: Readonly<Record<string, string>>;
}
