import { stripVTControlCharacters } from 'node:util';

import type { Stage } from './stages.ts';

export interface Outcome {
  readonly stage: Stage;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Why the stage failed although no test did. */
  readonly note: string | undefined;
}

/** What one ended process says. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
  readonly seconds: number;
  readonly stoppedAtLimit: boolean;
}

/**
 * Turns what a stage printed and its exit code into totals. A stage that breaks off, or in which no test ran, has one
 * failure more than it tells.
 */
export function outcomeOf(stage: Stage, ended: Ended): Outcome {
  const ok = ended.exitCode === 0;
  const late = ended.stoppedAtLimit ? `stopped after ${stage.limitMinutes} minutes` : undefined;
  if (stage.kind === 'check') {
    return { stage, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds: ended.seconds, note: late };
  }
  const plain = stripVTControlCharacters(ended.output);
  const passed = lastNumber(plain, /^\s*(\d+) passing\b/gm) ?? 0;
  const failed = lastNumber(plain, /^\s*(\d+) failing\b/gm) ?? 0;
  const note =
    late ??
    (ok && passed === 0 ? 'no test ran' : undefined) ??
    (!ok && failed === 0 ? `ended with exit code ${String(ended.exitCode)}` : undefined);
  return { stage, passed, failed: failed + (note === undefined ? 0 : 1), seconds: ended.seconds, note };
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}
