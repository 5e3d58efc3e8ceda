import type { Instant } from '../ports.ts';
import { weekdays, type Weekday } from './calendarSchema.ts';

const minute = 60_000;
const day = 1_440 * minute;

/** What a clock on a wall shows. */
export interface WallTime {
  readonly weekday: Weekday;
  /** Minutes since midnight. */
  readonly minutes: number;
  /** Local time minus UTC, milliseconds. */
  readonly offset: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The clock on a wall in a time zone, by its IANA name. Throws RangeError for an unknown zone. */
export function wallTime(timeZone: string, at: Instant): WallTime {
  const local = localOf(timeZone, at);
  const sinceMidnight = ((local % day) + day) % day;
  // 1 January 1970 was a Thursday, the fourth day of a week that begins on Monday.
  const weekday = weekdays[(((Math.floor(local / day) + 3) % 7) + 7) % 7] ?? 'monday';
  return { weekday, minutes: Math.floor(sinceMidnight / minute), offset: local - Math.floor(at / 1_000) * 1_000 };
}

/** The wall's date and time as if it were UTC, in whole seconds. */
function localOf(timeZone: string, at: Instant): number {
  const fields: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) fields[type] = Number(value);
  const { year = 1970, month = 1, day: date = 1, hour = 0, minute: minutes = 0, second = 0 } = fields;
  return Date.UTC(year, month - 1, date, hour, minutes, second);
}

/** The first instant in (from, till] from which the wall's offset is another than at `from`; undefined: none. */
export function offsetChange(timeZone: string, from: Instant, till: Instant): Instant | undefined {
  const { offset } = wallTime(timeZone, from);
  if (wallTime(timeZone, till).offset === offset) return undefined;
  let [before, after] = [from, till];
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2);
    if (wallTime(timeZone, middle).offset === offset) before = middle;
    else after = middle;
  }
  return Math.floor(after / 1_000) * 1_000;
}
