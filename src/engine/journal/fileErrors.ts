import { FailureError } from '../../failure/failure.ts';
import type { Driver, JournalPlace } from '../ports.ts';

const fullDisk: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** A failure of kind `journal`. */
export function journalFailure(message: string, nextStep: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'journal', message, nextStep }, { cause });
}

/** Whoever wants to drive a journal that was moved has to open it where it is now. */
export function movedAway(to: JournalPlace): FailureError {
  const place = to === 'staging' ? 'into the staging account' : 'into a folder of the machine that drives it';
  return journalFailure(`The journal of this migration was moved ${place}.`, 'Open it there.');
}

/** Somebody else drives, and until when at least. */
export function heldBy(driver: Driver | undefined): FailureError {
  const until = new Date(driver?.expiresAt ?? 0).toISOString();
  return journalFailure(
    `Another process (${driver?.id ?? 'unknown'}) drives this migration; its lease ends at ${until}.`,
    'Watch it here; it can be taken over when that lease has ended.',
  );
}

/** Somebody else took over meanwhile. */
export function superseded(): FailureError {
  return journalFailure(
    'Another process has taken over this migration.',
    'Watch it here; it can be taken over again when the other process stops.',
  );
}

/** The journal grew by another hand. */
export function longer(): FailureError {
  return journalFailure(
    'The journal is not as long as this process left it: another process drives the migration.',
    'Watch it here.',
  );
}

/** Turns an error of the file system into `diskFull` or `journal`. */
export function fileFailure(error: unknown, attempt: string): FailureError {
  if (FailureError.is(error)) return error;
  const code = errorCode(error);
  if (code !== undefined && fullDisk.has(code)) {
    return new FailureError(
      {
        kind: 'diskFull',
        message: `There is no space left to ${attempt}.`,
        code,
        nextStep: 'Free some space, then resume the migration.',
      },
      { cause: error },
    );
  }
  return new FailureError(
    {
      kind: 'journal',
      message: `It was not possible to ${attempt}.`,
      ...(code === undefined ? {} : { code }),
      nextStep:
        code === 'ENOENT'
          ? 'The journal folder was moved or deleted: put it back, or start a new migration.'
          : 'Check the journal folder, then resume the migration.',
    },
    { cause: error },
  );
}

/** The error code of the operating system, for example `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
