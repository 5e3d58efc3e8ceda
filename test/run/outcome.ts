import { stripVTControlCharacters } from 'node:util';

import type { Stage } from './stages.ts';

export interface Outcome {
  readonly stage: Stage;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Why the stage failed although no test did. */
  readonly note: string | undefined;
  /** What the stage said of its failures, told once more at the end; empty when there are none. */
  readonly failures: string;
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
    const failures = ok ? '' : lastLines(stripVTControlCharacters(ended.output));
    return { stage, passed: ok ? 1 : 0, failed: ok ? 0 : 1, seconds: ended.seconds, note: late, failures };
  }
  const plain = stripVTControlCharacters(ended.output);
  const passed = lastNumber(plain, /^\s*(\d+) passing\b/gm) ?? 0;
  const failed = lastNumber(plain, /^\s*(\d+) failing\b/gm) ?? 0;
  const note =
    late ??
    (ok && passed === 0 ? 'no test ran' : undefined) ??
    (!ok && failed === 0 ? `ended with exit code ${String(ended.exitCode)}` : undefined);
  const isWell = failed === 0 && note === undefined;
  const told = plain.slice(Math.max(plain.search(/^\s*\d+ failing\b/m), 0));
  return {
    stage,
    passed,
    failed: failed + (note === undefined ? 0 : 1),
    seconds: ended.seconds,
    note,
    failures: isWell ? '' : lastLines(told),
  };
}

/** Enough to see the cause; the whole stands further up. */
function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-60).join('\n');
}

function lastNumber(text: string, pattern: RegExp): number | undefined {
  const last = [...text.matchAll(pattern)].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}
