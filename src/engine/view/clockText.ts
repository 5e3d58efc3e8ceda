import { wallTime } from '../calendar/wallClock.ts';
import type { Instant } from '../ports.ts';

const minute = 60_000;
const day = 1_440 * minute;

/**
 * An instant as the clock on a wall shows it: `14:05`, with seconds when it is near, with the day of the week when it is
 * another day. A time in UTC says so.
 */
export function clockText(at: Instant, now: Instant, timeZone: string): string {
  const { weekday, offset } = wallTime(timeZone, at);
  const near = at - now < 2 * minute;
  const time = new Date(at + offset).toISOString().slice(11, near ? 19 : 16);
  const otherDay = Math.floor((at + offset) / day) !== Math.floor((now + wallTime(timeZone, now).offset) / day);
  const words = otherDay ? `${weekday.charAt(0).toUpperCase()}${weekday.slice(1)} ${time}` : time;
  return timeZone === 'UTC' ? `${words} UTC` : words;
}
