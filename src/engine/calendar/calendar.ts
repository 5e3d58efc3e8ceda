import type { Instant } from '../ports.ts';
import { weekdays, type Calendar, type Period } from './calendarSchema.ts';
import { offsetChange, wallTime, type WallTime } from './wallClock.ts';

export interface Opening {
  readonly open: boolean;
  /** When that changes; undefined: never. */
  readonly until: Instant | undefined;
}

const minute = 60_000;
const day = 1_440 * minute;
/** A calendar repeats after a week; one day more for a night in which the clocks change. */
const horizon = 8;

interface Known extends Opening {
  readonly from: Instant;
}

/** The last answer of each list of periods: it holds until the next change, and is asked for at every decision. */
const known = new WeakMap<readonly Period[], Known & { readonly timeZone: string }>();

/** Whether operations of a kind may start at an instant. Always when there is no calendar, or none for the kind. */
export function opening(calendar: Calendar | undefined, kind: 'exports' | 'imports', now: Instant): Opening {
  const periods = calendar?.[kind];
  if (calendar === undefined || periods === undefined) return { open: true, until: undefined };
  const { timeZone } = calendar;
  const last = known.get(periods);
  if (last?.timeZone === timeZone && last.from <= now && now < (last.until ?? now)) return last;
  const open = isOpen(periods, wallTime(timeZone, now));
  const until = boundaries(periods, timeZone, now).find((at) => isOpen(periods, wallTime(timeZone, at)) !== open);
  known.set(periods, { timeZone, from: now, open, until });
  return { open, until };
}

function isOpen(periods: readonly Period[], { weekday, minutes }: WallTime): boolean {
  const yesterday = weekdays[(weekdays.indexOf(weekday) + 6) % 7] ?? weekday;
  return periods.some(({ days, from, till }) => {
    const [begin, end] = [minutesOf(from), minutesOf(till)];
    const today = days?.includes(weekday) ?? true;
    if (begin < end) return today && minutes >= begin && minutes < end;
    return (today && minutes >= begin) || ((days?.includes(yesterday) ?? true) && minutes < end);
  });
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Instants at which something may change, in order: ends of periods and midnights by the wall, and clock changes. */
function boundaries(periods: readonly Period[], timeZone: string, now: Instant): readonly Instant[] {
  const times = new Set(periods.flatMap(({ from, till }) => [minutesOf(from), minutesOf(till)]));
  times.add(0);
  const found = new Set<Instant>();
  const end = now + horizon * day;
  const change = offsetChange(timeZone, now, end);
  // A second change within the same days does not happen: zones change twice a year.
  const pieces = change === undefined ? [[now, end] as const] : [[now, change] as const, [change, end] as const];
  for (const [from, till] of pieces) {
    if (from !== now) found.add(from);
    const { offset } = wallTime(timeZone, from);
    const midnight = Math.floor((from + offset) / day) * day - offset;
    for (let start = midnight; start < till; start += day) {
      for (const minutes of times) {
        const at = start + minutes * minute;
        if (at > now && at >= from && at < till) found.add(at);
      }
    }
  }
  return [...found].sort((a, b) => a - b);
}
