import { FailureError } from '../../failure/failure.ts';

const fullDisk: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** A failure of kind `journal`. */
export function journalFailure(message: string, nextStep: string, cause?: unknown): FailureError {
  return new FailureError({ kind: 'journal', message, nextStep }, { cause });
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
