const second = 1_000;
const minute = 60 * second;
const longest = 5 * minute;
/** Longest interval around the expected end: that of the reference tool's looks. */
const sparse = 2 * minute;
/** Shortest interval around an end that is well known: a mean delay of 5 s. */
const dense = 10 * second;

export interface Prediction {
  /** Typical duration of the last operations of the kind, milliseconds. */
  readonly typical: number;
  /** How far all but the oddest of them were from it. */
  readonly spread: number;
  /** Interval of looks around the expected end. */
  readonly interval: number;
}

const recentOperations = 7;
/** With fewer, a spread says little. */
const enough = 4;
/** With so many, the oddest one is left out. */
const many = 6;
/** Looks between the earliest likely end and the typical one; long operations may cost more of them. */
const looksAhead = 11;
const longOperation = 3 * minute;

/** What the last durations of a kind say about the next one; undefined before the first. One odd one changes little. */
export function predict(durations: readonly number[]): Prediction | undefined {
  const recent = durations.slice(-recentOperations);
  const typical = median(recent);
  if (typical === undefined) return undefined;
  const deviations = recent.map((duration) => Math.abs(duration - typical)).sort((a, b) => b - a);
  const spread = Math.max(deviations[recent.length < many ? 0 : 1] ?? 0, typical / 100);
  const affordable = (1.5 * spread) / (looksAhead + typical / longOperation);
  const least = Math.max(second, Math.min(dense, typical / 20));
  return { typical, spread, interval: Math.max(least, Math.min(affordable, sparse, typical / 10)) };
}

function median(numbers: readonly number[]): number | undefined {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/**
 * Milliseconds until the next look at an operation that has run for `elapsed`. What the server asks for comes first, at
 * most 5 minutes; the services send nothing while an operation runs (export and import contract). Without experience
 * the interval grows with the time elapsed; with it, the operation is looked at a few times on the way, then often
 * around its expected end, the better known the more often, then less and less.
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
  if (elapsed < early) {
    const onTheWay = Math.max(second, nextDoubling(elapsed, early) - elapsed);
    // Few operations say little about the next one: it may well end long before.
    return durations.length < enough ? Math.min(onTheWay, Math.max(interval, growing)) : onTheWay;
  }
  const late = elapsed - prediction.typical - 2 * prediction.spread;
  if (late > 0) return Math.min(Math.max(interval, late / 4), longest);
  return Math.abs(elapsed - prediction.typical) <= prediction.spread ? interval : Math.min(2 * interval, longest);
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
