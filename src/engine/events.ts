import type { Failure } from '../failure/failure.ts';
import type { Begun, CleanupRecord, GateDecision, SignedOff } from './cutover.ts';
import type { AttachmentName, MigrationId, OperationId, WindowId } from './ids.ts';
import type { Plan } from './plan.ts';
import type { Instant, SearchParameterCopy } from './ports.ts';
import type { FreezeProof } from './sync/finish.ts';
import type { SettingsChange } from './sync/settings.ts';
import type { DifferencesTreated, VerificationRecord, WindowVerification } from './verified.ts';

/*
 * The facts that a journal holds. They are small: long lists (files of a manifest, files of an import, results) are
 * attachments, named here with their hash. No fact holds a resource id or resource content.
 */

type Fact<Kind extends string, Body = unknown> = { readonly kind: Kind; readonly at: Instant } & Readonly<Body>;

/** A document beside the journal, and the SHA-256 of its text. */
export interface AttachmentRef {
  readonly name: AttachmentName;
  readonly hash: string;
}

/** A run of files of one type in an exported window: the smallest thing that an import takes. */
export interface PlannedPart {
  readonly type: string;
  readonly files: number;
  readonly resources: number;
  readonly bytes: number;
}

/** One part of one export. The export's id keeps results of an earlier export of the window apart. */
export interface PartRef {
  readonly window: WindowId;
  readonly operation: OperationId;
  /** Index into the parts of the export. */
  readonly part: number;
}

/** What an import's result says of one part, line for line. */
export interface PartResult extends PartRef {
  readonly imported: number;
  readonly refused: number;
  /** Lines that were neither imported nor refused. */
  readonly unaccounted: number;
}

/** Refused lines that are imported once more, from a file of their own. */
export interface RetriedLines {
  /** The files, as an import lists them. */
  readonly list: AttachmentRef;
  readonly folder: string;
  readonly files: number;
  readonly resources: number;
  readonly bytes: number;
}

/** What became of the refused lines of one part. */
export interface PartJudgement extends PartRef {
  /** The target holds this very version. */
  readonly alreadyThere: number;
  /** The target holds a newer version, and this one cannot be stored beside it (equal or inverted dates). */
  readonly superseded: number;
  /** Refused for good, or not worth another try. */
  readonly failed: number;
  /** Failed lines by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly retry?: RetriedLines | undefined;
  /** When to try them again; absent: at once. */
  readonly retryAt?: Instant | undefined;
}

/** Failed lines of a window that somebody decided to leave behind. */
export interface AcceptedLines {
  readonly window: WindowId;
  /** All failed lines of the window at that time. */
  readonly lines: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Why, in the words of the user. */
  readonly because: string;
  /** SHA-256 over the lines' types, ids and versions, salted with the migration's id; absent when they could not be read. */
  readonly digest?: string | undefined;
}

export interface WindowBounds {
  /** Absent: from the beginning. */
  readonly since?: Instant | undefined;
  readonly till: Instant;
}

type Lifecycle =
  | Fact<'created', { migration: MigrationId; plan: Plan }>
  | Fact<'started'>
  /** `cancel`: running operations whose work is cancelled and done again later; the others run on. */
  | Fact<'pauseRequested', { cancel?: readonly OperationId[] | undefined }>
  | Fact<'paused'>
  | Fact<'resumed'>
  | Fact<'cancelRequested'>
  | Fact<'cancelled'>
  /** `stuck`: operations that showed no end for long and are to be cancelled and done again. */
  | Fact<'retryRequested', { stuck: readonly OperationId[] }>
  | Fact<'catchUpRequested'>
  /** Nothing can go on until somebody does something: a role is missing, the target is locked. */
  | Fact<'halted', { failure: Failure }>
  /** Everything that could be done is done, and something needs a person. */
  | Fact<'attentionNeeded'>
  | Fact<'completed'>;

type Preparation =
  | Fact<
      'sourceProbed',
      {
        serverTime: Instant;
        targetTime: Instant;
        /** Whether counts and searches answer. */
        counts: boolean;
        deprecated: boolean;
        /** First `meta.lastUpdated`; absent when unknown or when there is nothing. */
        earliest?: Instant | undefined;
        empty: boolean;
        /** The target held nothing at the start; absent when it could not be counted. */
        targetEmpty?: boolean | undefined;
        /** Why counts do not answer. */
        failure?: Failure | undefined;
      }
    >
  /** A small export that is to show whether the source de-identifies. */
  | Fact<'probeStarted', { statusUrl: string; jobId: string }>
  /** `empty`: it held nothing, so that the next one is of more. */
  | Fact<'probeEnded', { empty: boolean }>
  /** Resources of the probe, and how many of them bear a label of de-identification. */
  | Fact<'deidentificationProven', { lines: number; marked: number; folders: readonly string[] }>
  /** The source was seen to answer only metadata and export, after it had answered more. */
  | Fact<'sourceRetired'>
  | Fact<'countsRefused', { failure: Failure }>
  | Fact<'searchParametersCopied', { window?: WindowId | undefined; outcomes: readonly SearchParameterCopy[] }>
  | Fact<'searchParametersFailed', { window?: WindowId | undefined; failure: Failure }>;

type Planning =
  | Fact<
      'roundOpened',
      WindowBounds & {
        /** 0: the backlog; 1, 2 …: catch-up. */
        round: number;
        blind: boolean;
        /** Versions that the range held when the round was opened; absent when unknown. */
        versions?: number | undefined;
        /** `last`: taken when the source was frozen; `proof`: to see that nothing came after that. */
        purpose?: RoundPurpose | undefined;
        /** The source's newest `meta.lastUpdated` before a last round; absent when unknown or when there is nothing. */
        newest?: Instant | undefined;
      }
    >
  | Fact<
      'windowPlanned',
      WindowBounds & {
        window: WindowId;
        round: number;
        expected?: number | undefined;
        /** One window for each of these types that hold something, named after the first. */
        types?: readonly { readonly type: string; readonly expected?: number | undefined }[] | undefined;
      }
    >
  /** A count says that the range holds nothing that would be exported. */
  | Fact<'rangeSkipped', WindowBounds & { round: number }>
  | Fact<
      'windowSplit',
      {
        window: WindowId;
        /** Absent: split before it was exported, because others of its size failed. */
        failure?: Failure | undefined;
        parts: readonly (WindowBounds & { window: WindowId })[];
        /** Smaller pages for the next exports. */
        maxCount?: number | undefined;
      }
    >
  /** What was versioned in the last round's range since it was opened; absent: could not be counted. */
  | Fact<'quietChecked', { round: number; changes?: number | undefined; failure?: Failure | undefined }>
  | Fact<
      'countsCompared',
      {
        types: Readonly<Record<string, { source?: number | undefined; target?: number | undefined }>>;
        failure?: Failure | undefined;
      }
    >
  /** Windows of whose range the services hold different numbers; they are exported again. */
  | Fact<'differencesLocated', { windows: readonly WindowId[] }>;

/** Why a round of windows is taken, where it is not for the backlog or to catch up with it. */
export type RoundPurpose = 'sync' | 'last' | 'proof';

/** Why the engine holds back although no calendar and nobody asks it to. */
export type SlowReason = 'throttled' | 'latency' | 'charge';

type Syncing =
  /** Somebody says that nothing writes to the source since then: one last window is taken at once. */
  | Fact<'finishRequested', { frozenAt: Instant }>
  /** Syncing goes on, whatever was asked before. */
  | Fact<'finishWithdrawn'>
  /** Every line of the last window is accounted for. */
  | Fact<'finishDrained'>
  | Fact<'freezeChecked', FreezeProof>
  | Fact<'settingsChanged', { settings: SettingsChange }>
  /** A service is under pressure: nothing new is started on it before. */
  | Fact<'slowedDown', { service: 'source' | 'target'; reason: SlowReason; until: Instant }>
  /** Neighbouring windows that are done for good become one. */
  | Fact<'windowsJoined', { windows: readonly WindowId[] }>;

type Exports =
  | Fact<
      'exportIntended',
      WindowBounds & { operation: OperationId; window: WindowId; serverTime: Instant; maxCount?: number | undefined }
    >
  | Fact<
      'exportAccepted',
      {
        operation: OperationId;
        statusUrl: string;
        jobId: string;
        serverTime?: Instant | undefined;
        /** Found again by its folder after its answer was lost. */
        adopted: boolean;
      }
    >
  | Fact<'exportReplyLost', { operation: OperationId; failure?: Failure | undefined }>
  | Fact<'exportCandidate', { operation: OperationId; jobId: string; statusUrl: string; folder: string }>
  | Fact<'candidateRefused', { operation: OperationId; jobId: string }>
  /** No trace was found of an export whose answer was lost: it is done again, unless the budget is used up. */
  | Fact<'exportAbandoned', { operation: OperationId; failure: Failure; retryAt?: Instant | undefined }>
  | Fact<
      'exportCompleted',
      {
        operation: OperationId;
        folders: readonly string[];
        /** Lines of all files, those set aside included. */
        resources: number;
        files: number;
        parts: readonly PlannedPart[];
        /** Search parameters, which an import refuses. */
        setAside: { readonly files: number; readonly resources: number };
        manifest?: AttachmentRef | undefined;
        /** Entries of the manifest's error list. */
        errors: number;
        seenRunningAt?: Instant | undefined;
        /** What a count of the window says after the export; absent when not asked or not answered. */
        recount?: number | undefined;
      }
    >
  | Fact<
      'exportFailed',
      {
        operation: OperationId;
        failure: Failure;
        /** Absent: the budget is used up. */
        retryAt?: Instant | undefined;
        /** Smaller pages for the next attempt. */
        maxCount?: number | undefined;
      }
    >
  /** Exports that were abandoned and then found in the staging account. */
  | Fact<
      'orphansChecked',
      { operation: OperationId; orphans: readonly { readonly jobId: string; readonly cancelled: boolean }[] }
    >;

type Imports =
  | Fact<
      'importIntended',
      {
        operation: OperationId;
        parts: readonly PartRef[];
        list: AttachmentRef;
        /** processingUnitBytesToRead: makes a new definition of the same files. */
        unitBytes?: number | undefined;
      }
    >
  | Fact<'importAccepted', { operation: OperationId; statusUrl: string; jobId: string }>
  /** The request was not taken now; the same body is sent again. */
  | Fact<'importDelayed', { operation: OperationId; failure: Failure; retryAt: Instant }>
  | Fact<
      'importCompleted',
      {
        operation: OperationId;
        parts: readonly PartResult[];
        result: AttachmentRef;
        /** When it was last seen to run: its end lies between then and now. */
        seenRunningAt?: Instant | undefined;
      }
    >
  | Fact<'importJudged', { operation: OperationId; parts: readonly PartJudgement[] }>
  /** Failed lines were looked at once more, from the first on. */
  | Fact<'linesJudged', { parts: readonly PartJudgement[] }>
  | Fact<'linesAccepted', AcceptedLines>
  | Fact<
      'importFailed',
      {
        operation: OperationId;
        failure: Failure;
        retryAt?: Instant | undefined;
        /** Windows whose staged files are gone or changed. */
        damaged: readonly WindowId[];
      }
    >;

type Verifying =
  /** Counts of a window that is on the target; `operation`: the export that they stand for. */
  | Fact<
      'windowVerified',
      Pick<WindowVerification, 'outcome' | 'types'> & {
        window: WindowId;
        operation?: OperationId | undefined;
        failure?: Failure | undefined;
      }
    >
  | Fact<'verificationRecorded', { verification: VerificationRecord }>
  | Fact<'differencesTreated', DifferencesTreated>;

type CuttingOver =
  | Fact<'gateDecided', GateDecision>
  | Fact<'cutoverBegun', Begun>
  | Fact<'cutoverSignedOff', SignedOff>
  /** Applications use the source again. */
  | Fact<'wentBack', { because: string }>
  | Fact<'cleanedUp', CleanupRecord>;

type Cancellation = Fact<
  'operationCancelled',
  { operation: OperationId; failure?: Failure | undefined; /** Its work is done again. */ again: boolean }
>;

export type JournalEvent =
  Lifecycle | Preparation | Planning | Syncing | Exports | Imports | Verifying | CuttingOver | Cancellation;

export type EventOf<Kind extends JournalEvent['kind']> = Extract<JournalEvent, { readonly kind: Kind }>;

/** Facts that hosts tell of, whoever drives: what somebody found out or decided beside the run. */
export const hostFactKinds = [
  'verificationRecorded',
  'differencesTreated',
  'linesAccepted',
  'gateDecided',
  'cutoverBegun',
  'cutoverSignedOff',
  'wentBack',
  'cleanedUp',
] as const;
export type HostFact = EventOf<(typeof hostFactKinds)[number]>;
