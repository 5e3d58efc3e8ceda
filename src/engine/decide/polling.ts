const second = 1_000;
const minute = 60 * second;
const longest = 5 * minute;
/** Interval around the expected end: a mean delay of 10 s. */
const dense = 20 * second;

export interface Prediction {
  /** Typical duration of the last operations of the kind, milliseconds. */
  readonly typical: number;
  /** How far all but the oddest of them were from it. */
  readonly spread: number;
  /** Interval of looks around the expected end. */
  readonly interval: number;
}

const recentOperations = 7;
/** With fewer, a spread says little, and a short interval over all of it would cost many requests. */
const enough = 4;
/** With so many, the oddest one is left out. */
const many = 6;

/** What the last durations of a kind say about the next one; undefined before the first. One odd one changes little. */
export function predict(durations: readonly number[]): Prediction | undefined {
  const recent = durations.slice(-recentOperations);
  const typical = median(recent);
  if (typical === undefined) return undefined;
  const deviations = recent.map((duration) => Math.abs(duration - typical)).sort((a, b) => b - a);
  const spread = Math.max(deviations[recent.length < many ? 0 : 1] ?? 0, typical / 100);
  const wide = recent.length < enough ? spread / 8 : 0;
  return { typical, spread, interval: Math.max(second, Math.min(typical / 10, Math.max(dense, wide))) };
}

function median(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/**
 * Milliseconds until the next look at an operation that has run for `elapsed`. What the server asks for comes first, at
 * most 5 minutes; the services send nothing while an operation runs (export and import contract). Without experience
 * the interval grows with the time elapsed; with it, the operation is looked at a few times on the way, then every 20 s
 * around its expected end, then less and less often.
 */
export function nextPoll(elapsed: number, durations: readonly number[], retryAfterMs: number | undefined): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, second / 2), longest);
  return Math.round(expectedWait(elapsed, durations));
}

function expectedWait(elapsed: number, durations: readonly number[]): number {
  const prediction = predict(durations);
  const growing = Math.min(Math.max(second, elapsed * 0.35), longest);
  if (prediction === undefined) return growing;
  const early = prediction.typical - 2 * prediction.spread;
  const { interval } = prediction;
  if (elapsed < early) return Math.max(second, nextDoubling(elapsed, early) - elapsed);
  const late = elapsed - prediction.typical - 2 * prediction.spread;
  return late <= 0 ? interval : Math.min(Math.max(interval, late / 4), longest);
}

/** A sixteenth, an eighth, a quarter, a half and the whole of the expected time: one that ends early is noticed too. */
function nextDoubling(elapsed: number, early: number): number {
  let at = early / 16;
  while (at <= elapsed + second) at *= 2;
  return Math.min(at, early);
}

const patience = 3;
const unknownPatience = 6 * 60 * minute;
const leastPatience = 30 * minute;

/** True when an operation has run three times as long as those before it (six hours when there were none). */
export function isStuck(elapsed: number, durations: readonly number[]): boolean {
  const prediction = predict(durations);
  if (prediction === undefined) return elapsed > unknownPatience;
  return elapsed > Math.max(leastPatience, patience * (prediction.typical + prediction.spread));
}
