import { weekdays, type Period, type Weekday } from './calendarSchema.ts';

/*
 * Hours of a week as people write them, for example `18:00-06:00, sat-sun`: parts separated by commas, each with days, or
 * hours, or both. Without days it is every day, without hours the whole day; an end at or before the start lies on the
 * day after.
 */

const midnight = '00:00';
const dayEnd = '24:00';

/** Periods that a text means; undefined when it means none, and the part that cannot be read where there is one. */
export function readHours(text: string): { readonly periods?: Period[]; readonly wrong?: string } {
  const parts = text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const periods: Period[] = [];
  for (const part of parts) {
    const period = periodOf(part);
    if (period === undefined) return { wrong: part };
    periods.push(period);
  }
  return periods.length === 0 ? {} : { periods };
}

/** The same hours in words that `readHours` reads. */
export function hoursText(periods: readonly Period[]): string {
  return periods
    .flatMap(({ days, from, till }) => {
      const hours = from === midnight && till === dayEnd ? '' : `${from}-${till}`;
      if (days === undefined || days.length === weekdays.length)
        return [hours === '' ? `${midnight}-${dayEnd}` : hours];
      return runsOf(days).map((run) => `${run} ${hours}`.trim());
    })
    .join(', ');
}

const hours = /(?:^|\s)(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)$/;

function periodOf(part: string): Period | undefined {
  const found = hours.exec(part);
  const dayWords = (found === null ? part : part.slice(0, found.index)).trim();
  const days = dayWords === '' ? undefined : daysOf(dayWords);
  if (dayWords !== '' && days === undefined) return undefined;
  const [from, till] = found === null ? [midnight, dayEnd] : [clock(found[1]), clock(found[2])];
  if (from === undefined || till === undefined || from === dayEnd) return undefined;
  return { ...(days === undefined ? {} : { days }), from, till };
}

function clock(text = ''): string | undefined {
  const time = text.padStart(5, '0');
  return /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(time) ? time : undefined;
}

/** `mon`, `Monday`, `mon-thu`, `fri-mon`. */
function daysOf(words: string): Weekday[] | undefined {
  const [first = '', last = first, ...more] = words.split(/\s*[-–]\s*/);
  const [begin, end] = [dayOf(first), dayOf(last)];
  if (begin < 0 || end < 0 || more.length > 0) return undefined;
  const length = ((end - begin + weekdays.length) % weekdays.length) + 1;
  const found = Array.from({ length }, (_, index) => weekdays[(begin + index) % weekdays.length]);
  return found.filter((day) => day !== undefined);
}

function dayOf(word: string): number {
  const name = word.trim().toLowerCase();
  return name.length < 3 ? -1 : weekdays.findIndex((day) => day === name || day.slice(0, 3) === name);
}

/** Days that follow each other, as `mon-thu`. */
function runsOf(days: readonly Weekday[]): readonly string[] {
  const runs: Weekday[][] = [];
  for (const day of weekdays.filter((each) => days.includes(each))) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run !== undefined && before !== undefined && weekdays.indexOf(day) === weekdays.indexOf(before) + 1)
      run.push(day);
    else runs.push([day]);
  }
  return runs.map(([first = 'monday', ...rest]) => [first, ...rest.slice(-1)].map((day) => day.slice(0, 3)).join('-'));
}
