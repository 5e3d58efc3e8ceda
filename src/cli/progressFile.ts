import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { checkpointSchema, requestDigest, type VerificationCheckpoint } from '../services/verify/checkpoint.ts';
import type { VerificationRequest } from '../services/verify/verification.ts';
import { UsageError } from './session.ts';

/** Where an interrupted verification is kept; it holds numbers, no ids. */
export interface ProgressFile {
  /** What the file said of the same request. */
  readonly resume: VerificationCheckpoint | undefined;
  readonly write: (checkpoint: VerificationCheckpoint) => void;
  /** Nothing is left to go on with. */
  remove(): Promise<void>;
}

/** @throws UsageError when the file is of another verification, or of none */
export function openProgressFile(path: string | undefined, request: VerificationRequest): Promise<ProgressFile> {
  if (path === undefined)
    return Promise.resolve({ resume: undefined, write: () => undefined, remove: () => Promise.resolve() });
  const text = textOf(path);
  const read = text === undefined ? undefined : v.safeParse(checkpointSchema, parsed(text));
  if (read?.success === false) throw new UsageError(`${path} does not hold the progress of a verification.`);
  if (read !== undefined && read.output.of !== requestDigest(request))
    throw new UsageError(`${path} holds the progress of another verification. Remove it to begin anew.`);
  return Promise.resolve({
    resume: read?.output,
    // At once, so that an interruption right after it loses nothing.
    write: (checkpoint) => writeFileSync(path, JSON.stringify(checkpoint), { mode: 0o600 }),
    remove: () => {
      rmSync(path, { force: true });
      return Promise.resolve();
    },
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
