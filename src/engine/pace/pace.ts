import type { SlowReason } from '../events.ts';
import type { Instant, LoadSample } from '../ports.ts';

/*
 * How hard a service is pressed, by what its answers tell: refusals for their number (429), the request units that they
 * cost, and how long they take. Like is compared with like: every request with the others of its path.
 */

/** What was seen of one kind of request. */
interface Level {
  readonly samples: number;
  /** Over the last hundreds of requests. */
  readonly usualMs: number;
  /** Over the last few. */
  readonly recentMs: number;
  readonly usualCharge: number;
  readonly recentCharge: number;
}

export interface Pace {
  readonly levels: ReadonlyMap<string, Level>;
  /** Refusals for their number that came shortly after one another, each after the rest of the one before. */
  readonly refusals: number;
  readonly restsUntil: Instant | undefined;
}

export const freshPace: Pace = { levels: new Map(), refusals: 0, restsUntil: undefined };

/** Nothing new is to be started for a while. */
export interface Rest {
  readonly reason: SlowReason;
  readonly ms: number;
}

const second = 1_000;
const minute = 60 * second;
/** Rest after one refusal, or with answers twice as slow as usual, at niceness 1. */
const unit = 30 * second;
const longest = 10 * minute;
const forgotten = 10 * minute;
/** Fewer say nothing about what is usual. */
const enough = 8;
const quick = 0.3;
const slow = 0.02;
const mostKinds = 50;
/** Answers that are this fast are not slow, whatever is usual. */
const fast = 500;
/** Request units that are few, whatever is usual: a point read costs 1. */
const cheap = 50;
const twice = 2;

/** Takes one more answer into account. The rest is undefined while there is no reason for one. */
export function observe(
  pace: Pace,
  sample: LoadSample,
  nice: number,
): { readonly pace: Pace; readonly rest: Rest | undefined } {
  if (sample.throttled) return refused(pace, sample, nice);
  const before = pace.levels.get(sample.request);
  const level = nextLevel(before, sample);
  const levels = new Map(pace.levels).set(sample.request, level);
  const [oldest] = levels.keys();
  if (levels.size > mostKinds && oldest !== undefined) levels.delete(oldest);
  return { pace: { ...pace, levels }, rest: nice > 0 && level.samples > enough ? restOf(level, nice) : undefined };
}

/** The rest doubles with every further refusal; without niceness it is what the service asks for. */
function refused(pace: Pace, sample: LoadSample, nice: number): { readonly pace: Pace; readonly rest: Rest } {
  const { at, retryAfterMs = second } = sample;
  const since = pace.restsUntil === undefined ? forgotten : at - pace.restsUntil;
  // What is refused during a rest was under way before, or only looks at what runs: that is the same refusal.
  const isSame = since < 0;
  const refusals = since >= forgotten ? 1 : pace.refusals + (isSame ? 0 : 1);
  const own = isSame ? -since : Math.min(nice * unit * 2 ** Math.min(refusals - 1, 6), longest);
  const ms = Math.max(retryAfterMs, own);
  return { pace: { ...pace, refusals, restsUntil: at + ms }, rest: { reason: 'throttled', ms } };
}

function nextLevel(before: Level | undefined, { ms, charge = 0 }: LoadSample): Level {
  if (before === undefined) {
    return { samples: 1, usualMs: ms, recentMs: ms, usualCharge: charge, recentCharge: charge };
  }
  const samples = before.samples + 1;
  const settled = samples > enough ? slow : 1 / samples;
  return {
    samples,
    usualMs: moved(before.usualMs, ms, settled),
    recentMs: moved(before.recentMs, ms, quick),
    usualCharge: moved(before.usualCharge, charge, settled),
    recentCharge: moved(before.recentCharge, charge, quick),
  };
}

function moved(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

function restOf(level: Level, nice: number): Rest | undefined {
  const latency = level.recentMs < fast ? 1 : level.recentMs / Math.max(level.usualMs, 1);
  const charge = level.recentCharge < cheap ? 1 : level.recentCharge / Math.max(level.usualCharge, 1);
  const worst = Math.max(latency, charge);
  if (worst < twice) return undefined;
  return { reason: charge > latency ? 'charge' : 'latency', ms: Math.min(nice * unit * (worst - 1), longest) };
}
