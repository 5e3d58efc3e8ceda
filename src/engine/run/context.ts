import type { Failure } from '../../failure/failure.ts';
import type { Poll } from '../decide/observations.ts';
import type { AttachmentRef, JournalEvent } from '../events.ts';
import type { OperationId } from '../ids.ts';
import type { Clock, Instant, Log, Random, SourcePort, StagingPort, TargetPort } from '../ports.ts';
import type { MigrationState } from '../state/state.ts';

/** The services of one migration. */
export interface MigrationPorts {
  readonly source: SourcePort;
  readonly target: TargetPort;
  readonly staging: StagingPort;
}

/** What an action may use while it is performed. */
export interface RunContext extends MigrationPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The state as it is now, this action's own events included. */
  state(): MigrationState;
  /** Journals facts, durable when resolved, and folds them. Nothing may act on a fact before. */
  record(...events: readonly JournalEvent[]): Promise<void>;
  /** Stores a document beside the journal; the event that names it comes after. */
  attach(name: string, content: unknown): Promise<AttachmentRef>;
  /** Reads a document back; throws `journal` when it is not what the journal says. */
  attachment(ref: AttachmentRef): Promise<unknown>;
  poll(operation: OperationId): Poll | undefined;
  /** Remembers when to look at an operation again. */
  polled(operation: OperationId, poll: Poll): void;
  /** A number that no import has had. */
  nextImport(): number;
  /** The target throttles: fewer imports at once, and none before an instant. */
  throttled(until: Instant): void;
  /** An import went through: one more may run at once. */
  unthrottled(): void;
}

/** Failures that no waiting mends: a role, a sign-in, a setting, or the program itself. */
export function isHalting(failure: Failure): boolean {
  switch (failure.kind) {
    case 'notSignedIn':
    case 'forbidden':
    case 'locked':
    case 'invalidInput':
    case 'journal':
    case 'diskFull':
    case 'bug':
      return true;
    case 'notFound':
    case 'retired':
    case 'throttled':
    case 'unavailable':
    case 'network':
    case 'conflict':
    case 'tooLarge':
    case 'rejected':
    case 'serverError':
    case 'unexpectedAnswer':
    case 'cancelled':
      return false;
  }
}

const nextSteps: Partial<Readonly<Record<Failure['kind'], string>>> = {
  notSignedIn: 'Sign in again, then resume the migration.',
  forbidden: 'Assign the missing role, wait until it takes effect, then resume the migration.',
  locked: 'Set the target service to incremental import mode, then resume the migration.',
  retired: 'Ask Microsoft for an extension of the retired service, then resume the migration.',
};

/** A failure that tells at least to resume. */
export function withNextStep(failure: Failure): Failure {
  if (failure.nextStep !== undefined) return failure;
  return { ...failure, nextStep: nextSteps[failure.kind] ?? 'Resolve the cause, then resume the migration.' };
}

const neverConnected: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/**
 * True when a request that starts something may have been taken although it failed: the answer was lost, unreadable,
 * or came from something between us and the service. 503 and 429 come from the service itself, before it does anything.
 */
export function mayHaveStarted(failure: Failure): boolean {
  if (failure.kind === 'network') return failure.code === undefined || !neverConnected.has(failure.code);
  if (failure.kind === 'unavailable') return failure.status !== 503;
  return failure.kind === 'serverError' || failure.kind === 'unexpectedAnswer';
}
