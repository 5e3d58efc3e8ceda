import type { Instant } from './ports.ts';

/*
 * What a journal keeps of the way over to the target and of what was taken away afterwards: words, numbers and dates,
 * never a resource id or content.
 */

/** What has to be so before applications are switched over, in the order in which it is looked at. */
export const gateIds = [
  'copyLag',
  'verification',
  'searchParameters',
  'configuration',
  'permissions',
  'applications',
  'eventsOff',
  'staging',
] as const;
export type GateId = (typeof gateIds)[number];

/** The way over, in its order. */
export const stepIds = ['freeze', 'finalCatchUp', 'finalVerification', 'eventsOn', 'endpoints'] as const;
export type StepId = (typeof stepIds)[number];

/**
 * `passed`: seen to be so, or confirmed by a person where only a person can know; `waived`: it is not so, and somebody
 * goes on with a reason; `unknown`: nothing could tell, which is never good enough by itself.
 */
export type GateState = 'passed' | 'open' | 'unknown' | 'waived';

/** A gate or a step as it was seen. */
export interface GateRecord<Id extends string = GateId | StepId> {
  readonly id: Id;
  readonly state: GateState;
  /** What was seen, one sentence. */
  readonly evidence: string;
  /** When it was seen. */
  readonly at: Instant;
}

/** What a person says of a gate or a step. */
export interface GateDecision {
  readonly gate: GateId | StepId;
  readonly decision: 'confirmed' | 'waived' | 'withdrawn';
  /** Why, in the words of the user. */
  readonly because?: string | undefined;
}

/** Somebody began to cut over, with the gates as they were. */
export interface Begun {
  readonly gates: readonly GateRecord<GateId>[];
}

/** The signed-off record of a cutover. */
export interface SignedOff {
  /** As the user gave it. */
  readonly by: string;
  readonly because?: string | undefined;
  /** From then on the target is the one that is written to: nothing wrote to the source since. */
  readonly cutoverAt: Instant;
  readonly gates: readonly GateRecord<GateId>[];
  readonly steps: readonly GateRecord<StepId>[];
}

/** Why something that a migration made is still there. */
export type KeptReason = 'leased' | 'immutable' | 'changed' | 'forbidden' | 'failed';

/** What a clean-up took away, and what it could not. */
export interface CleanupRecord {
  readonly blobs: number;
  readonly bytes: number;
  readonly errorFiles: number;
  readonly containers: readonly string[];
  /** Titles of changes at Azure that were put back. */
  readonly changes: readonly string[];
  /** Files that are still there, by reason. */
  readonly kept: Readonly<Record<string, number>>;
  /** SHA-256 over the names and ETags of the files that were deleted, sorted, one a line. */
  readonly digest: string;
  /** A listing after the last deletion showed none of the deleted files. */
  readonly proved: boolean;
}

/** What people decided on the way over, and how it ended. */
export interface CutoverOverview {
  /** The last word on each gate and step. */
  readonly decisions: readonly (GateDecision & { readonly at: Instant })[];
  /** The way over that is under way, or that ended in the signature. */
  readonly begun: (Begun & { readonly at: Instant }) | undefined;
  readonly signedOff: (SignedOff & { readonly at: Instant }) | undefined;
  /** The last time that somebody went back to the source. */
  readonly wentBack: { readonly at: Instant; readonly because: string } | undefined;
}

/** Nobody decided anything yet. */
export const notCutOver: CutoverOverview = {
  decisions: [],
  begun: undefined,
  signedOff: undefined,
  wentBack: undefined,
};

/** Somebody decided something. */
export const isCutOver = ({ decisions, begun, signedOff, wentBack }: CutoverOverview): boolean =>
  decisions.length > 0 || begun !== undefined || signedOff !== undefined || wentBack !== undefined;
