/*
 * How a benchmark joins in: write a file beside this one that exports a function without parameters which resolves with
 * its figures, and name it in registry.ts. Figures are ratios or counts within one run, so that they mean the same on
 * every machine. `npm run bench` prints all, `npm run bench -- NAME…` some, `-- --json` one line per figure.
 */

/** One measured figure and what it is held against. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bound: 'atMost' | 'atLeast';
  readonly goal: number;
  /** What the figure is compared with, in a few words. */
  readonly against: string;
}

export interface Bench {
  readonly name: string;
  /** Loads the benchmark's file and runs it; others are not loaded. */
  readonly run: () => Promise<readonly Figure[]>;
}

/** True when the figure keeps its goal. */
export function isMet({ value, bound, goal }: Figure): boolean {
  return bound === 'atMost' ? value <= goal : value >= goal;
}
